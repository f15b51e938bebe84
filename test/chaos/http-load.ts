import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseDigest, sha256 } from '../../src/kernel/digest.js';
import { idempotencyKey } from '../../src/kernel/id.js';
import type { HistoryFile } from './history-file.js';

export interface HttpLoadOptions {
  readonly root: string;
  readonly url: string;
  readonly token: string;
  readonly orgId: string;
  /** Of the token: keys of a decision are a caller's own. */
  readonly principalId: string;
  readonly history: HistoryFile;
  readonly clients: number;
}

/** Part of an answer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Answer = any;

const REQUEST_LIMIT_MS = 20_000;
const RETRY_MS = 100;
const WAIT_FOR_EVIDENCE_MS = 5_000;
const ART_ID = 'ART_FLAWED_SHOP';
/** What an honest service answers while something below it is down or full, or evidence is not yet normalised. */
const TRY_AGAIN = new Set(['INTERNAL', 'EVIDENCE_PENDING', 'LEDGER_BUSY', 'OVERLOADED', 'STORAGE_LOW']);

/**
 * Pipelines that register a build, upload a report and ask the release gate, over HTTP, one build after the
 * other. Each command has its key before it is first sent, and is sent again until it is answered.
 */
export class HttpLoad {
  answered = 0;
  /** Attempts without an answer, by what came instead. */
  readonly failures = new Map<string, number>();
  /** Answers that no retry can turn into a good one: a fault of the service or of this test. */
  readonly refusals: string[] = [];
  readonly #report: Buffer;
  readonly #running: Promise<unknown>;
  #stopping = false;

  constructor(private readonly options: HttpLoadOptions) {
    this.#report = readFileSync(join(options.root, 'test/fixtures/flawed-shop/reports/coverage.json'));
    this.#running = Promise.all(Array.from({ length: options.clients }, () => this.#client()));
  }

  /** Resolves when every build that was begun has its decision. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #client(): Promise<void> {
    while (!this.#stopping && this.refusals.length === 0) {
      try {
        await this.#judgeOneBuild();
      } catch (error) {
        this.refusals.push((error as Error).message);
      }
    }
  }

  async #judgeOneBuild(): Promise<void> {
    const digest = sha256(randomUUID());
    const build = { artId: ART_ID, digest };
    await this.#command('artefact.register', async (key) => {
      const input = { project: 'shop', name: 'A build', ...build, idempotencyKey: key };
      return member(await this.#graphql('register-artefact', { input }), 'ArtefactVersion') && {};
    });
    await this.#command('evidence.receive', async (key) => this.#upload(build, key));
    const judge = async (key: string): Promise<object | undefined> => {
      const context = { caseId: 'CHAOS-1', role: 'SEC' };
      const input = {
        gateId: 'GATE_RELEASE',
        ...build,
        context,
        waitMs: WAIT_FOR_EVIDENCE_MS,
        idempotencyKey: key,
      };
      return placeOf(member(await this.#graphql('evaluate-gate', { input }), 'Decision'));
    };
    await this.#command(`gate.evaluate ${this.options.principalId}`, judge);
  }

  /** `send` answers where the entry is, as far as the API says; undefined to be asked again. */
  async #command(operation: string, send: (key: string) => Promise<object | undefined>): Promise<void> {
    const { history, orgId } = this.options;
    const callersKey = randomUUID();
    const key = idempotencyKey(orgId, operation, callersKey);
    const sentAt = history.sent(key, `${operation.split(' ')[0] ?? ''}:${callersKey}`);
    for (let answers = 0; answers < 2;) {
      const place = await this.#attempt(() => send(callersKey));
      if (place === undefined) {
        await pause(RETRY_MS);
        continue;
      }
      history.acknowledged({ key, sentAt, ...place });
      this.answered += 1;
      answers += key.readUInt8(0) % 8 === 0 ? 1 : 2; // some are asked again: the answer must be the same
    }
  }

  async #attempt(send: () => Promise<object | undefined>): Promise<object | undefined> {
    try {
      return await send();
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      if (error instanceof Refusal) {
        if (!TRY_AGAIN.has(error.code)) throw error;
        this.#failed(error.code);
      } else this.#failed(cause?.code ?? name);
      return undefined;
    }
  }

  #failed(what: string): void {
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
  }

  async #graphql(operation: string, variables: object): Promise<Answer> {
    const query = readFileSync(join(this.options.root, 'graphql/operations', `${operation}.graphql`), 'utf8');
    const { status, body } = await this.#post('/graphql', JSON.stringify({ query, variables }), {
      'content-type': 'application/json',
    });
    if (status >= 500) throw new Refusal('INTERNAL', `${status}`);
    if (body.errors) throw new Refusal(body.errors[0].extensions?.code ?? '', body.errors[0].message);
    return Object.values(body.data)[0];
  }

  async #upload(build: { artId: string; digest: string }, key: string): Promise<object> {
    const query = new URLSearchParams({ ...build, source: 'chaos', collectedAt: '2026-11-21T00:00:00Z' });
    const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': key };
    const { status, body } = await this.#post(`/evidence?${query.toString()}`, this.#report, headers);
    if (status === 201) return {};
    const code = status === 507 ? 'STORAGE_LOW' : status >= 500 ? 'INTERNAL' : (body.code ?? '');
    throw new Refusal(code, `${status} ${JSON.stringify(body)}`);
  }

  async #post(
    path: string,
    body: string | Buffer,
    headers: Record<string, string>,
  ): Promise<{ status: number; body: Answer }> {
    const response = await fetch(`${this.options.url}${path}`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${this.options.token}` },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }
}

class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The hoped-for member of a result union. */
function member(result: Answer, typename: string): Answer {
  if (result.__typename === typename) return result;
  throw new Refusal(result.code ?? '', `${String(result.__typename)}: ${String(result.message)}`);
}

function placeOf({ ledgerEntry }: Answer): object {
  const digest = parseDigest(ledgerEntry.leafHash);
  if (!digest.ok) throw new Refusal('', `not a leaf hash: ${String(ledgerEntry.leafHash)}`);
  return { seq: Number(ledgerEntry.seq), leafHash: Buffer.from(digest.value.split(':')[1] ?? '', 'hex') };
}
