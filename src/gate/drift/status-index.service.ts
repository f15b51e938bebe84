import type { Actor } from '../../kernel/actor.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { DriftRead } from './drift.read.js';
import type { DriftStore } from './drift.store.js';
import { statusIndexDocument } from './status-index.js';
import type { StandingDecision } from './standing.js';

/** A page of the index with the size of the ledger that it is of. */
export interface StatusIndexPage extends Page<StandingDecision> {
  readonly ledgerSize: number;
}

/** Takes what it hands out at one moment, however long the handing out takes. */
export type AtOneMoment = <T>(work: (read: DriftRead) => AsyncIterable<T>) => AsyncIterable<T>;

/** The cursor's step; so many steps a question takes on before it answers as far as it got. */
const READ_AT_ONCE = 1_000;
const MAX_STEPS = 100;
const PAGE = 1_000;

/** The index of current results: for pipelines that look once and ask nothing. */
export class StatusIndexService {
  constructor(
    private readonly tx: InTransaction<{ drift: DriftStore }>,
    private readonly atOneMoment: AtOneMoment,
  ) {}

  /** Reads on first, so that what was recorded before the question is in the answer. Answers the ledger's size. */
  async ledgerSize(): Promise<number> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const read = await this.tx<number, never>(async ({ drift }) =>
        ok((await drift.readOn(READ_AT_ONCE)).entries),
      );
      if (!read.ok || read.value === 0) break;
    }
    for await (const size of this.atOneMoment((read) => one(read.ledgerSize()))) return size;
    return 0;
  }

  async page({ orgId }: Actor, page: PageRequest): Promise<Result<StatusIndexPage, InvalidCursor>> {
    await this.ledgerSize();
    const asked = this.atOneMoment((read) =>
      one(Promise.all([read.ledgerSize(), read.list(orgId, {}, page)])),
    );
    for await (const [ledgerSize, listed] of asked)
      return listed.ok ? ok({ ...listed.value, ledgerSize }) : listed;
    throw new Error('nothing was read');
  }

  /** The whole document, in pieces; whoever does not take them all closes it. */
  async open({ orgId }: Actor): Promise<OpenIndex> {
    await this.ledgerSize();
    let ledgerSize = 0;
    const pieces = this.atOneMoment(async function* (read) {
      ledgerSize = await read.ledgerSize();
      yield ''; // so that the size is known before the first byte leaves
      yield* statusIndexDocument(ledgerSize, allOf(read, orgId));
    })[Symbol.asyncIterator]();
    await pieces.next();
    return {
      ledgerSize,
      pieces: { [Symbol.asyncIterator]: () => pieces },
      close: async () => {
        await pieces.return?.();
      },
    };
  }
}

/** A document that is about to be handed out. */
export interface OpenIndex {
  readonly ledgerSize: number;
  readonly pieces: AsyncIterable<string>;
  close(): Promise<void>;
}

async function* one<T>(value: Promise<T>): AsyncIterable<T> {
  yield await value;
}

async function* allOf(read: DriftRead, orgId: string): AsyncIterable<readonly StandingDecision[]> {
  for (let last: StandingDecision | undefined; ;) {
    const page = await read.following(orgId, last, PAGE);
    yield page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}
