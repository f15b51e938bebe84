import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { composeServices, type Services } from '../../src/app/compose/services.js';
import { createApi } from '../../src/app/doors/open-api.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, judgeableBuild, registerBuild, type Build } from '../support/shop.js';

jest.setTimeout(60_000);

const PLACES = 4;
const WAITING = 4;
const operation = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../graphql/operations', `${name}.graphql`), 'utf8');
const EVALUATE = operation('evaluate-gate');
const EVALUATE_ALL = operation('evaluate-gates');
const VIEWER = operation('viewer');

let app: TestApplication;
let small: NestFastifyApplication;
let services: Services;
let url: string;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  build = await judgeableBuild(app);
  const { platform } = app;
  const config = { ...platform.config, maxInProgress: PLACES, maxWaiting: WAITING, maxWaitMs: 3_000 };
  services = composeServices({ ...platform, config });
  small = await createApi({ ...platform, config }, services);
  await small.listen(0, '127.0.0.1');
  url = await small.getUrl();
});
afterAll(async () => {
  await small.close();
  await services.close();
  await app.close();
});
beforeEach(async () => {
  expect(await figures()).toMatchObject({ working: 0, waiting: 0 });
});

interface Answered {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Answer;
}

async function ask(query: string, variables: object = {}, subject = 'service'): Promise<Answered> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${app.tokenFor(subject)}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body: await answer.json() };
}
const decide = (more: object = {}): Promise<Answered> =>
  ask(EVALUATE, {
    input: { gateId: 'GATE_RELEASE', ...build, rejudge: true, idempotencyKey: randomUUID(), ...more },
  });
const decideAll = (count: number): Promise<Answered> => {
  const questions = Array.from({ length: count }, () => ({ gateId: 'GATE_RELEASE', ...build }));
  return ask(EVALUATE_ALL, { input: { questions, idempotencyKey: randomUUID() } });
};

async function figures(line = 'requests'): Promise<{ working: number; waiting: number; refused: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^${name}\\{line="${line}".*\\} (\\d+)$`, 'gm'))].reduce(
      (total, [, figure]) => total + Number(figure),
      0,
    );
  return {
    working: sum('admission_in_progress'),
    waiting: sum('admission_waiting'),
    refused: sum('admission_refused_total'),
  };
}
async function until(expected: object): Promise<void> {
  for (let tried = 0; tried < 100; tried++) {
    const now = await figures();
    if (Object.entries(expected).every(([name, figure]) => now[name as keyof typeof now] === figure)) return;
    await pause(30);
  }
  expect(await figures()).toMatchObject(expected);
}

/** Whatever asks about a gate stands still while `work` lasts. */
async function whileGatesHang(work: () => Promise<void>): Promise<void> {
  const runner = app.database.admin.createQueryRunner();
  await runner.startTransaction();
  await runner.query('LOCK TABLE assay.gate IN ACCESS EXCLUSIVE MODE');
  try {
    await work();
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

/** A request of which only the head and a part of the body is sent. */
function begin(path: string, headers: Record<string, string>, part: string): ClientRequest {
  const begun = send(`${url}${path}`, { method: 'POST', headers });
  begun.on('error', () => undefined);
  begun.write(part);
  return begun;
}

async function recorded(): Promise<string[]> {
  const rows: { seq: string }[] = await app.database.admin.query(
    `SELECT seq FROM ledger.fact WHERE kind = 'decision.recorded'`,
  );
  return rows.map(({ seq }) => seq);
}

const REFUSED = {
  message: expect.stringMatching(/^More is asked than can be done\. Nothing of this was begun/),
  extensions: { code: 'OVERLOADED', retryAfterSeconds: expect.any(Number) },
};

describe('far more than can be done at once', () => {
  it('is answered or refused in so many words; what is answered is in the ledger and what is refused is not', async () => {
    const before = await recorded();
    const { refused: refusedBefore } = await figures();
    const asked = Array.from({ length: 120 }, () => decide());
    const probes = await Promise.all(
      ['/health', '/health/live', '/health/ready', '/metrics'].map(
        async (path) => (await fetch(url + path)).status,
      ),
    );
    expect(probes).toEqual([200, 200, 200, 200]);
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ status }) => status === 503);
    const answered = answers.filter(({ status }) => status === 200);
    expect(answered.length).toBeGreaterThanOrEqual(PLACES + WAITING);
    expect(refused.length).toBeGreaterThan(0);
    expect(answered.length + refused.length).toBe(120);
    for (const { body, retryAfter } of refused) {
      expect(body).toEqual({ data: null, errors: [REFUSED] });
      expect(retryAfter).toBe(String(body.errors[0].extensions.retryAfterSeconds));
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    }
    const seqs = answered.map(({ body }) => body.data.evaluateGate.ledgerEntry.seq);
    expect(new Set(seqs).size).toBe(answered.length);
    const since = (await recorded()).filter((seq) => !before.includes(seq));
    expect(since.sort()).toEqual(seqs.map(String).sort());
    await until({ working: 0, waiting: 0, refused: refusedBefore + refused.length });
    expect((await decide()).status).toBe(200);
  });

  it('waits in line, and no longer than is allowed', async () => {
    await whileGatesHang(async () => {
      const asked = Array.from({ length: PLACES + WAITING }, () => decide());
      await until({ working: PLACES, waiting: WAITING });
      const began = performance.now();
      expect((await decide()).status).toBe(503);
      expect(performance.now() - began).toBeLessThan(1_000); // at once
      await until({ working: PLACES, waiting: 0 });
      const waited = await Promise.race(asked);
      expect(waited).toMatchObject({ status: 503, body: { errors: [REFUSED] } });
      void Promise.all(asked);
    });
    await until({ working: 0 });
  });

  it('is not written to the log line by line', () => {
    const lines = app.log.filter((line) => line.includes('OVERLOADED'));
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'more is asked than can be done: refusing (OVERLOADED)',
    ]);
  });
});

describe('a batch', () => {
  it('counts as what is in it, half of the places at most', async () => {
    const asked: Promise<Answered>[] = [];
    await whileGatesHang(async () => {
      asked.push(decide());
      await until({ working: 1 });
      asked.push(decideAll(2));
      await until({ working: 3 });
      asked.push(decideAll(50));
      await until({ working: 3, waiting: 1 });
    });
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('a place', () => {
  it('is not held by who sends a request slowly', async () => {
    const head = { 'content-type': 'application/json', 'content-length': '100' };
    const slow = Array.from({ length: 3 * PLACES }, () => begin('/graphql', head, '{"query": "'));
    await pause(100);
    expect((await ask(VIEWER)).status).toBe(200);
    expect(await figures()).toMatchObject({ working: 0, waiting: 0 });
    for (const each of slow) each.destroy();
  });

  it('is given to others while evidence is waited for', async () => {
    const fresh = await registerBuild(app);
    await app.upload(CLEAN.sast, fresh);
    const waiting = Array.from({ length: PLACES + 2 }, () => decide({ ...fresh, waitMs: 30_000 }));
    await pause(1_000); // all of them are here and have looked at least once
    const others = await Promise.all(Array.from({ length: PLACES }, () => ask(VIEWER)));
    await app.normalise();
    expect((await Promise.all(waiting)).map(({ body }) => body.data.evaluateGate.__typename)).toEqual(
      waiting.map(() => 'Decision'),
    );
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
  });

  it('is kept until the work is done when the caller is gone, and a turn in line is given up', async () => {
    await whileGatesHang(async () => {
      const body = JSON.stringify({
        query: EVALUATE,
        variables: { input: { gateId: 'GATE_RELEASE', ...build, idempotencyKey: randomUUID() } },
      });
      const head = { 'content-type': 'application/json', authorization: `Bearer ${app.tokenFor('service')}` };
      const callers = Array.from({ length: PLACES + 1 }, () => {
        const caller = begin('/graphql', { ...head, 'content-length': String(body.length) }, body);
        caller.end();
        return caller;
      });
      await until({ working: PLACES, waiting: 1 });
      for (const caller of callers) caller.destroy();
      await until({ working: PLACES, waiting: 0 });
    });
    await until({ working: 0 });
  });
});

describe('an upload', () => {
  it('takes a place of its own kind while it lasts, and what comes beyond is refused', async () => {
    const about = new URLSearchParams({ source: 'ci/slow', ...build });
    const head = (key: string): Record<string, string> => ({
      authorization: `Bearer ${app.tokenFor('service')}`,
      'idempotency-key': key,
    });
    const [start, end] = [CLEAN.sast.slice(0, 20), CLEAN.sast.slice(20)];
    const slow = begin(`/evidence?${String(about)}`, head(randomUUID()), start);
    const done = once(slow, 'response') as Promise<[IncomingMessage]>;
    while ((await figures('uploads')).working === 0) await pause(30);
    expect((await ask(VIEWER)).status).toBe(200);
    const other = await fetch(`${url}/evidence?${String(about)}`, {
      ...{ method: 'POST', headers: head(randomUUID()), body: CLEAN.sast },
    });
    expect([other.status, other.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[123]$/)]);
    expect(await other.json()).toEqual({
      ...{ statusCode: 503, code: 'OVERLOADED', message: REFUSED.message },
      retryAfterSeconds: expect.any(Number),
    });
    slow.end(end);
    const [answer] = await done;
    expect(answer.statusCode).toBe(201);
    answer.resume();
    expect(await figures('uploads')).toMatchObject({ working: 0, waiting: 0 });
  });

  it('that breaks off gives its place back', async () => {
    const about = new URLSearchParams({ source: 'ci/cut', ...build });
    const cut = begin(
      `/evidence?${String(about)}`,
      { authorization: `Bearer ${app.tokenFor('service')}`, 'idempotency-key': randomUUID() },
      CLEAN.sast.slice(0, 20),
    );
    while ((await figures('uploads')).working === 0) await pause(30);
    cut.destroy();
    for (let tried = 0; tried < 100 && (await figures('uploads')).working > 0; tried++) await pause(30);
    expect(await figures('uploads')).toMatchObject({ working: 0 });
  });
});

describe('a WebSocket', () => {
  const address = (): string => `${url.replace(/^http/, 'ws')}/graphql`;

  it('takes no place while it is open; to begin on it does, and is refused as elsewhere', async () => {
    const client = createClient({
      ...{
        url: address(),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        onNonLazyError: () => undefined,
      },
      connectionParams: { authorization: `Bearer ${app.tokenFor('service')}` },
    });
    const opened = new Promise((resolve) => client.on('connected', resolve));
    await opened;
    expect(await figures()).toMatchObject({ working: 0, waiting: 0 });
    await whileGatesHang(async () => {
      const asked = Array.from({ length: PLACES + WAITING }, () => decide());
      await until({ working: PLACES, waiting: WAITING });
      const query = 'subscription { rejudgingProgress(causeSeq: "0") { done } }';
      const failed = await new Promise((resolve) => {
        client.subscribe({ query }, { next: resolve, error: resolve, complete: () => undefined });
      });
      expect(failed).toEqual([expect.objectContaining(REFUSED)]);
      const another = new WebSocket(address(), 'graphql-transport-ws');
      const [, answer] = (await once(another, 'unexpected-response')) as [unknown, IncomingMessage];
      answer.destroy();
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, expect.any(String)]);
      void Promise.all(asked);
    });
    await until({ working: 0, waiting: 0 });
    await client.dispose();
  });
});
