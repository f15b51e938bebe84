import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Line, type ToldOfRefusing } from './line.service.js';
import type { Bounds } from './places.js';

/** RFC 9110 §15.6.4. */
const SERVICE_UNAVAILABLE = 503;
/** What GraphQL and the other routes say of it. */
export const OVERLOADED = 'OVERLOADED';

/** Told to come again after one of so many seconds, by chance: not all at once. */
const RETRY_SECONDS = 3;
/** An upload lasts as long as its sender pleases; so many of the places, one in this, may be taken by uploads. */
const UPLOAD_SHARE = 4;

const GRAPHQL_PATH = '/graphql';
/** Asked by machines that decide by the answer whether to send more: never refused. */
const NEVER_REFUSED = ['/health', '/metrics'];

export const LINES = ['requests', 'uploads'] as const;
export type LineName = (typeof LINES)[number];

/** How many places a request holds; of these `away` are given back for a while. */
interface Held {
  readonly line: Line;
  places: number;
  away: number;
}

/** Of what is under way where this is asked: so that code far below a request can say that it only waits. */
const current = new AsyncLocalStorage<Held>();

/**
 * Waits for something that costs this process nothing, and gives the place to others meanwhile. As `work()` where there is
 * no request, as in the worker.
 */
export async function aside<Value>(work: () => Promise<Value>): Promise<Value> {
  const held = current.getStore();
  if (!held || held.away >= held.places || !held.line.stepAside()) return work();
  held.away += 1;
  try {
    return await work();
  } finally {
    const over = held.places === 0;
    if (!over) held.away -= 1;
    held.line.comeBack(over);
  }
}

/**
 * Admission to the API: so many requests are worked on at once, so many wait for so long, and all others are told at once,
 * before anything is read of them, to come again. Nothing of what is refused was begun.
 */
export class Overload {
  readonly lines: Readonly<Record<LineName, Line>>;
  readonly #held = new WeakMap<object, Held>();
  readonly #refused = new WeakSet();

  constructor(bounds: Bounds, told: ToldOfRefusing = () => undefined) {
    const uploads = Math.ceil(bounds.places / UPLOAD_SHARE);
    this.lines = {
      requests: new Line(bounds, told),
      uploads: new Line({ ...bounds, places: uploads }, told),
    };
  }

  /** Stands before everything that these routes do. Hooks that shall see refusals are added before. */
  guard(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      const line = this.#lineOf(request);
      if (line?.refusal()) this.#refuse(request, reply);
      else done();
    });
    // Not before the body is here: who sends it slowly would hold a place. An upload is read while it is worked on.
    server.addHook('preValidation', (request, reply, done) => {
      const line = this.#lineOf(request);
      // A connection that stays is not work; what is asked on it is (`during`).
      if (!line || (request as { ws?: unknown }).ws === true) done();
      else this.#admit(line, request, reply, done);
    });
    server.addHook('onSend', (request, _reply, _payload, done) => {
      this.#release(request);
      done();
    });
  }

  /** Whether this request was refused here: one of very many, and counted. */
  wasRefused(request: object): boolean {
    return this.#refused.has(request);
  }

  /** When it is known that a request is as many as `weight`: waits in line for that. Throws the refusal. */
  async weighs(request: object, weight: number): Promise<void> {
    const held = this.#held.get(request);
    if (!held || weight <= 1) return;
    held.line.leave(held.places); // first, or two that each want more would wait for each other
    held.places = 0;
    const refusal = await held.line.enter(weight);
    if (refusal) throw overloaded();
    held.places = held.line.takes(weight);
  }

  /** What is asked on a connection that stays. Throws the refusal. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    const line = this.lines.requests;
    if (await line.enter(1)) throw overloaded();
    try {
      return await work();
    } finally {
      line.leave(1);
    }
  }

  #lineOf({ url, method }: FastifyRequest): Line | undefined {
    if (NEVER_REFUSED.some((path) => url.startsWith(path))) return undefined;
    const upload = method === 'POST' && !url.startsWith(GRAPHQL_PATH);
    return upload ? this.lines.uploads : this.lines.requests;
  }

  #admit(line: Line, request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const { socket } = request.raw;
    const turn: { leave?: (() => void) | undefined } = {};
    const gone = (): void => turn.leave?.();
    const begin = (refusal: unknown): void => {
      socket.off('close', gone);
      if (refusal) {
        this.#refuse(request, reply);
        return;
      }
      const held = { line, places: 1, away: 0 };
      this.#held.set(request, held);
      current.run(held, done);
    };
    // What comes to pass when somebody else leaves is not done in their name.
    const own = new AsyncResource('AssayAdmission');
    turn.leave = line.ask(1, (refusal) => {
      own.runInAsyncScope(begin, undefined, refusal);
    });
    if (turn.leave) socket.once('close', gone);
  }

  #release(request: object): void {
    const held = this.#held.get(request);
    if (!held) return;
    this.#held.delete(request);
    held.line.leave(held.places - held.away);
    held.places = 0;
  }

  #refuse(request: FastifyRequest, reply: FastifyReply): void {
    this.#refused.add(request);
    const { code, message, retryAfterSeconds } = refusalBody();
    const isGraphQl = request.url.startsWith(GRAPHQL_PATH);
    void reply
      .code(SERVICE_UNAVAILABLE)
      .header('Retry-After', String(retryAfterSeconds))
      .send(
        isGraphQl
          ? { data: null, errors: [{ message, extensions: { retryAfterSeconds, code } }] }
          : { statusCode: SERVICE_UNAVAILABLE, code, message, retryAfterSeconds },
      );
  }
}

function refusalBody(): { code: string; message: string; retryAfterSeconds: number } {
  const retryAfterSeconds = randomInt(1, RETRY_SECONDS + 1);
  const message = `More is asked than can be done. Nothing of this was begun: send it again in ${String(retryAfterSeconds)} s.`;
  return { code: OVERLOADED, message, retryAfterSeconds };
}

const overloaded = (): HttpException => new HttpException(refusalBody(), SERVICE_UNAVAILABLE);
