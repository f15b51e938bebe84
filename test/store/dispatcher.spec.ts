import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnrecoverableError } from 'bullmq';
import pino from 'pino';
import { transactions } from '../../src/app/database/transaction.js';
import { Dispatcher } from '../../src/app/queues/dispatcher.io.js';
import { QUEUES, type EntryJob } from '../../src/app/queues/queue-registry.js';
import { openQueues, type Queues } from '../../src/app/queues/queues.js';
import { Secret } from '../../src/app/platform/secret.js';
import { ok } from '../../src/kernel/result.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, someLedgerKeys } from '../support/ledger.js';

const logger = pino({ level: 'silent' });
const LIMIT_MS = 20_000;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the dispatcher', () => {
  let database: TestDatabase;
  let queues: Queues;
  let dispatcher: Dispatcher;
  const seen: number[] = [];
  /** What the processor does when it is well: notes that it handled the entry. */
  let isWell: boolean | 'fails' = true;

  const keys = someLedgerKeys();
  const append = async (kind: 'evidence.received' | 'gate.defined'): Promise<number> => {
    const tx = transactions(database.service, (on) => ({ ledger: new PgLedger(on, keys) }));
    const appended = await tx(({ ledger }) => ledger.append(aDraft({ kind })));
    if (!appended.ok) throw new Error(JSON.stringify(appended.problem));
    return appended.value.seq;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const databaseUrl = new Secret(database.url);
    queues = openQueues({ databaseUrl, logger });
    const tx = transactions(database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
    queues.work<EntryJob>(
      QUEUES.normalise.name,
      async ({ seq }) => {
        seen.push(seq);
        if (isWell === 'fails') throw new UnrecoverableError('out of order');
        if (!isWell) return;
        await tx(async ({ dispatch }) => ok(await dispatch.handled(QUEUES.normalise.reader, seq)));
      },
      { concurrency: 1 },
    );
    dispatcher = new Dispatcher({ tx, queues, databaseUrl, logger, redispatchAfterMs: 400 });
    await dispatcher.start();
  });
  afterAll(async () => {
    await dispatcher.stop();
    await queues.close();
    await database.drop();
  });

  it('makes a job of an entry that somebody waits for, and of no other', async () => {
    await append('gate.defined');
    const seq = await append('evidence.received');
    await until(() => seen.includes(seq));
    expect(seen).toEqual([seq]);
  });

  it(
    'makes the job again when its queue was lost before it was handled',
    async () => {
      isWell = false;
      const seq = await append('evidence.received');
      await until(() => seen.includes(seq));
      isWell = true;
      await database.admin.query('DELETE FROM bullmq.job'); // as if Redis had been emptied
      await until(async () => {
        const rows = await database.admin.query<unknown[]>('SELECT FROM ledger.handled WHERE seq = $1', [
          seq,
        ]);
        return rows.length === 1;
      });
      expect(seen.filter((each) => each === seq).length).toBeGreaterThan(1);
    },
    LIMIT_MS,
  );

  it.each([
    ['failed for good', 'fails' as const],
    ['ended without it', false],
  ])(
    'tries again when the job %s, although the queue still keeps it',
    async (_, state) => {
      isWell = state;
      const seq = await append('evidence.received');
      await until(() => seen.includes(seq));
      isWell = true;
      await until(async () => {
        const rows = await database.admin.query<unknown[]>('SELECT FROM ledger.handled WHERE seq = $1', [
          seq,
        ]);
        return rows.length === 1;
      });
      expect(seen.filter((each) => each === seq)).toHaveLength(2);
    },
    LIMIT_MS,
  );

  it(
    'hears of what is appended while it sweeps',
    async () => {
      const real = transactions(database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
      let sweeping: (() => Promise<unknown>) | undefined;
      const slept = new Dispatcher({
        tx: async (work) => {
          const done = await real(work);
          const then = sweeping;
          sweeping = undefined;
          await then?.();
          return done;
        },
        ...{ queues, databaseUrl: new Secret(database.url), logger },
        // Longer than the test: nothing but the notification wakes it.
        ...{ pollMs: 10 * LIMIT_MS, redispatchAfterMs: 10 * LIMIT_MS },
      });
      await dispatcher.stop();
      const appended: number[] = [];
      sweeping = async () => {
        appended.push(await append('evidence.received'));
        await new Promise((resolve) => setTimeout(resolve, 200)); // the notification comes meanwhile
      };
      await slept.start();
      try {
        await until(() => appended.length === 1 && seen.includes(appended[0] ?? -1));
      } finally {
        await slept.stop();
      }
    },
    LIMIT_MS,
  );

  it('knows below which number everything of a kind is handled', async () => {
    const tx = transactions(database.service, (on) => ({ dispatch: new PgDispatchStore(on) }));
    const reader = 'a reader of its own';
    const settled = async (from: number): Promise<number> => {
      const below = await tx(async ({ dispatch }) =>
        ok(await dispatch.settledBelow({ kind: 'gate.defined', reader, from })),
      );
      return below.ok ? below.value : -1;
    };
    const [first, between, second] = [
      await append('gate.defined'),
      await append('evidence.received'),
      await append('gate.defined'),
    ];
    const handled = (seq: number) => tx(async ({ dispatch }) => ok(await dispatch.handled(reader, seq)));

    expect(await settled(first)).toBe(first);
    await handled(second);
    expect(await settled(first)).toBe(first);
    await handled(first);
    expect(await settled(first)).toBe(second + 1);
    expect(await settled(between)).toBe(second + 1);
    const third = await append('gate.defined');
    expect(await settled(second + 1)).toBe(third);
  });
});
