import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { transactions } from '../../src/app/database/transaction.js';
import { Appender } from '../../src/ledger/appender.service.js';
import type { LedgerKeys } from '../../src/ledger/keys.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { Sealer } from '../../src/ledger/sealer.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, someLedgerKeys } from '../support/ledger.js';

const keys: LedgerKeys = someLedgerKeys();
let db: TestDatabase;

function aReplica(lanes: number): Appender<EntityManager> {
  const sealer = new Sealer(keys);
  return new Appender(
    {
      ledger: new PgLedger(db.service.manager, keys, sealer),
      tx: transactions(db.service, (on) => ({ base: on, ledger: new PgLedger(on, keys, sealer) })),
      prepare: (draft) => {
        sealer.prepare(draft);
      },
    },
    { limit: 100, lanes, waitMs: 2, pause: (ms) => pause(ms) },
  );
}

const entries = async (): Promise<number> => {
  const [row] = await db.admin.query<{ n: number }[]>('SELECT count(*)::int AS n FROM ledger.entry');
  return row?.n ?? -1;
};

/** While somebody else has the sequence lock. */
const whileLocked = <T>(work: () => Promise<T>): Promise<T> =>
  db.admin.transaction(async (holder) => {
    await holder.query('SELECT FROM ledger.seqcoord FOR UPDATE');
    return work();
  });

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('appends that wait for their turn', () => {
  it('says that it is busy when its turn does not come in time, and has written nothing', async () => {
    const LIMIT = 'ALTER FUNCTION ledger.append_batch(text, text, text, bytea, bytea) SET lock_timeout =';
    const from = await entries();
    const replica = aReplica(2);
    const drafts = Array.from({ length: 4 }, () => aDraft());
    await db.admin.query(`${LIMIT} '100ms'`);
    try {
      await whileLocked(async () => {
        const guest = replica.inGroup((on) => ({ on }));
        const answers = await Promise.all([
          ...drafts.slice(0, 2).map((draft) => replica.append(draft)),
          ...drafts.slice(2).map((draft) => guest(({ ledger }) => ledger.append(draft))),
        ]);
        for (const answer of answers)
          expect(answer).toMatchObject({ ok: false, problem: { kind: 'LedgerBusy' } });
      });
    } finally {
      await db.admin.query(`${LIMIT} '10s'`);
    }
    expect(await entries()).toBe(from);
    for (const draft of drafts)
      expect(await replica.append(draft)).toMatchObject({ ok: true, value: { status: 'created' } });
  });

  it('tells how many it takes along at once, and how long they waited', async () => {
    const replica = aReplica(1);
    const taken: { size: number; waitedMs: number }[] = [];
    replica.watch((group) => taken.push(group));
    const { all } = await whileLocked(async () => {
      const first = replica.append(aDraft());
      await pause(50);
      const others = [aDraft(), aDraft()].map((draft) => replica.append(draft));
      await pause(150);
      expect(replica.waiting).toBe(3);
      return { all: Promise.all([first, ...others]) };
    });
    await all;
    expect(taken.map(({ size }) => size)).toEqual([1, 2]);
    expect(taken[1]?.waitedMs).toBeGreaterThan(100);
    expect(replica.waiting).toBe(0);
  });
});
