import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { transactions } from '../../src/app/database/transaction.js';
import { failed, ok } from '../../src/kernel/result.js';
import { Appender, type AppenderSettings } from '../../src/ledger/appender.service.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import type { LedgerKeys } from '../../src/ledger/keys.js';
import { PgLedgerRead } from '../../src/ledger/ledger.read.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { pseudonymOf } from '../../src/ledger/pseudonym.js';
import { Sealer } from '../../src/ledger/sealer.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, aKey, AN_ORGANISATION, someLedgerKeys } from '../support/ledger.js';
import { ofAll } from '../../src/app/database/on-behalf-of.js';

const keys: LedgerKeys = someLedgerKeys();
let db: TestDatabase;

/** One replica: an appender and a sealer of its own. */
function aReplica(settings: Partial<AppenderSettings> = {}): Appender<EntityManager> {
  const sealer = new Sealer(keys);
  return new Appender(
    {
      ledger: new PgLedger(db.service.manager, keys, sealer),
      tx: transactions(db.service, (on) => ({ base: on, ledger: new PgLedger(on, keys, sealer) })),
      prepare: (draft) => {
        sealer.prepare(draft);
      },
    },
    { limit: 10_000, lanes: 2, waitMs: 2, pause: (ms) => pause(ms), ...settings },
  );
}

/** Members that write a row of their own; the table is made by the first test that asks. */
const withRows = (replica: Appender<EntityManager>) => replica.inGroup((on) => ({ on }));

async function rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
  return db.admin.query<T[]>(sql, parameters);
}

async function expectContiguous(): Promise<number> {
  const [found] = await rows<{ n: string; last: string | null; next: string; idem: string; fact: string }>(
    `SELECT count(*) AS n, max(seq) AS last, (SELECT next FROM ledger.seqcoord) AS next,
            (SELECT count(*) FROM ledger.idem) AS idem, (SELECT count(*) FROM ledger.fact) AS fact
       FROM ledger.entry`,
  );
  const n = Number(found?.n);
  expect(found).toEqual({
    n: String(n),
    last: n === 0 ? null : String(n - 1),
    next: String(n),
    idem: String(n),
    fact: String(n),
  });
  return n;
}

/** Transactions that wrote entries, and how many each. */
const groups = async (from: number): Promise<number[]> =>
  (
    await rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM ledger.entry WHERE seq >= $1 GROUP BY xmin::text ORDER BY min(seq)`,
      [from],
    )
  ).map(({ n }) => n);

beforeAll(async () => {
  db = await createTestDatabase();
  await db.admin.query(
    'CREATE TABLE assay.note (id text PRIMARY KEY); GRANT ALL ON assay.note TO assay_service',
  );
});
afterAll(() => db.drop());

describe('appending in groups', () => {
  it('commits what is asked at once in few transactions, numbered in the order of asking', async () => {
    const from = await expectContiguous();
    const replica = aReplica({ lanes: 1 });
    const answers = await Promise.all(Array.from({ length: 1_200 }, () => replica.append(aDraft())));
    expect(answers.map((answer) => answer.ok && answer.value.seq - from)).toEqual(answers.map((_, n) => n));
    expect(await groups(from)).toEqual([500, 500, 200]);
    expect(replica.waiting).toBe(0);
    await expectContiguous();
  });

  it('answers created, exists and conflict, each request 1 to 5 times, over two replicas', async () => {
    const request = fc.record({
      key: fc.nat(25),
      content: fc.nat(1),
      times: fc.integer({ min: 1, max: 5 }),
      replica: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 60 }),
        fc.nat(),
        async (requests, salt) => {
          const from = await expectContiguous();
          const replicas = [aReplica(), aReplica({ waitMs: 0, lanes: 3 })];
          const sent = requests.flatMap((each) =>
            Array.from({ length: each.times }, (_, n) => ({ ...each, replica: (each.replica + n) % 2 })),
          );
          const answers = await Promise.all(
            sent.map(async ({ key, content, replica }) => {
              const draft = aDraft({ key: aKey(`${from} ${salt} ${key}`) });
              const facts = {
                ...draft.facts,
                result: `R${content}`,
                tsEnd: Math.floor(Math.random() * 1e12),
              };
              return replicas[replica]?.append({ ...draft, facts });
            }),
          );
          const answered = sent.map((request, n) => ({ ...request, answer: answers[n] }));
          const byKey = new Map(
            answered.map(({ key }) => [key, answered.filter((each) => each.key === key)]),
          );
          for (const group of byKey.values()) {
            const created = group.filter(({ answer }) => answer?.ok && answer.value.status === 'created');
            expect(created.length).toBe(1);
            const { content, answer } = created[0] ?? {};
            const seq = answer?.ok ? answer.value.seq : NaN;
            for (const other of group.filter((each) => each !== created[0]))
              expect(other.answer).toEqual(
                other.content === content
                  ? ok({ status: 'exists', seq })
                  : failed({ kind: 'IdempotencyConflict', seq }),
              );
          }
          expect((await expectContiguous()) - from).toBe(byKey.size);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('refuses what its queue cannot hold, and loses nothing of what it took', async () => {
    const from = await expectContiguous();
    const replica = aReplica({ limit: 30 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => replica.append(aDraft())));
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused).toEqual(Array.from({ length: 20 }, () => failed({ kind: 'LedgerBusy', waiting: 30 })));
    expect((await expectContiguous()) - from).toBe(30);
    expect(await replica.append(aDraft())).toMatchObject({ ok: true, value: { status: 'created' } });
  });

  it('answers nobody before the commit', async () => {
    const replica = aReplica();
    const answered: number[] = [];
    const blocked = db.admin.transaction(async (holder) => {
      await holder.query('SELECT FROM ledger.seqcoord FOR UPDATE');
      const all = Promise.all(
        Array.from({ length: 5 }, async (_, n) => {
          await replica.append(aDraft());
          answered.push(n);
        }),
      );
      await pause(150);
      expect(answered).toEqual([]);
      return { all };
    });
    await (
      await blocked
    ).all;
    expect(answered.length).toBe(5);
  });

  it('writes all others of a group when the database refuses one of its records', async () => {
    const from = await expectContiguous();
    const replica = aReplica({ lanes: 1 });
    const [bad, ...good] = await Promise.allSettled([
      replica.append(aDraft({ orgId: 'not a uuid' })),
      ...Array.from({ length: 30 }, () => replica.append(aDraft())),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: '22P02' } });
    expect(good.every((each) => each.status === 'fulfilled' && each.value.ok)).toBe(true);
    expect((await expectContiguous()) - from).toBe(30);
  });

  it('throws on a draft that cannot be stated, to its caller alone', async () => {
    const replica = aReplica();
    const [bad, good] = await Promise.allSettled([
      replica.append(aDraft({ subjects: [] })),
      replica.append(aDraft()),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: new TypeError('a statement needs a subject') });
    expect(good).toMatchObject({ status: 'fulfilled', value: { ok: true } });
  });
});

describe('callers that bring rows along', () => {
  const note =
    (id: string, draft: EntryDraft = aDraft()) =>
    (replica: Appender<EntityManager>) =>
      withRows(replica)(async ({ on, ledger }) => {
        await on.query('INSERT INTO assay.note VALUES ($1)', [id]);
        const appended = await ledger.append(draft);
        return appended.ok ? ok({ id, seq: appended.value.seq }) : appended;
      }, id);
  const noted = async (): Promise<string[]> =>
    (await rows<{ id: string }>('SELECT id FROM assay.note ORDER BY id')).map(({ id }) => id);
  beforeEach(() => rows('DELETE FROM assay.note'));

  it('commit with their entry, several in one transaction', async () => {
    const from = await expectContiguous();
    const replica = aReplica({ lanes: 1 });
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => note(id)(replica)));
    expect(answers).toEqual(['a', 'b', 'c'].map((id, n) => ok({ id, seq: from + n })));
    expect(await groups(from)).toEqual([3]);
    expect(await noted()).toEqual(['a', 'b', 'c']);
  });

  it('see the rows of those before them in the group, as after a commit', async () => {
    const tx = withRows(aReplica({ lanes: 1 }));
    const once = () =>
      tx(async ({ on, ledger }) => {
        const [found] = await on.query<{ id: string }[]>(`SELECT id FROM assay.note WHERE id = 'only'`);
        if (found) return ok('found');
        await on.query(`INSERT INTO assay.note VALUES ('only')`);
        const appended = await ledger.append(aDraft());
        return appended.ok ? ok('made') : appended;
      });
    expect(await Promise.all([once(), once(), once()])).toEqual([ok('made'), ok('found'), ok('found')]);
  });

  it.each<[string, (replica: Appender<EntityManager>) => Promise<unknown>, object]>([
    [
      'fails before its entry',
      (replica) =>
        withRows(replica)(async ({ on }) => {
          await on.query(`INSERT INTO assay.note VALUES ('bad')`);
          return failed({ kind: 'ChangedMyMind' });
        }, 'm'),
      { status: 'fulfilled', value: failed({ kind: 'ChangedMyMind' }) },
    ],
    [
      'fails after its entry',
      (replica) =>
        withRows(replica)(async ({ on, ledger }) => {
          await on.query(`INSERT INTO assay.note VALUES ('bad')`);
          await ledger.append(aDraft());
          return failed({ kind: 'ChangedMyMind' });
        }, 'm'),
      { status: 'fulfilled', value: failed({ kind: 'ChangedMyMind' }) },
    ],
    [
      'throws',
      (replica) =>
        withRows(replica)(async ({ on }) => {
          await on.query(`INSERT INTO assay.note VALUES ('bad')`);
          throw new Error('a bug');
        }, 'm'),
      { status: 'rejected', reason: new Error('a bug') },
    ],
    [
      'breaks a constraint',
      (replica) =>
        withRows(replica)(async ({ on, ledger }) => {
          await on.query(`INSERT INTO assay.note VALUES ('bad'), ('bad')`);
          await ledger.append(aDraft());
          return ok('never');
        }, 'm'),
      { status: 'rejected', reason: { code: '23505' } },
    ],
    [
      'states what only the database refuses',
      (replica) =>
        note(
          'bad',
          aDraft({ facts: { ...aDraft().facts, details: { long: 'x' } }, orgId: 'not a uuid' }),
        )(replica),
      { status: 'rejected', reason: { code: '22P02' } },
    ],
  ])('lose nothing when one of them %s', async (_, bad, outcome) => {
    const from = await expectContiguous();
    const replica = aReplica({ lanes: 1 });
    const [failure, ...others] = await Promise.allSettled([
      bad(replica),
      ...['a', 'b', 'y', 'z'].map((id) => note(id)(replica)),
    ]);
    expect(failure).toMatchObject(outcome);
    expect(others.map((other) => other.status === 'fulfilled' && other.value.ok)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await noted()).toEqual(['a', 'b', 'y', 'z']);
    expect((await expectContiguous()) - from).toBe(4); // numbers that were rolled back were given away again
  });

  it('roll back with a conflict of their key, and the others stay', async () => {
    const draft = aDraft();
    const replica = aReplica({ lanes: 1 });
    await replica.append(draft);
    const other = { ...draft, facts: { ...draft.facts, result: 'FAIL' } };
    const [a, b, c] = await Promise.all([note('a')(replica), note('b', other)(replica), note('c')(replica)]);
    expect([a.ok, b, c.ok]).toEqual([
      true,
      failed({ kind: 'IdempotencyConflict', seq: expect.any(Number) as number }),
      true,
    ]);
    expect(await noted()).toEqual(['a', 'c']);
  });

  it('run in the order they name, so that groups of two replicas do not deadlock', async () => {
    const locked = (replica: Appender<EntityManager>, id: string) =>
      withRows(replica)(async ({ on, ledger }) => {
        await on.query('SELECT pg_advisory_xact_lock(hashtext($1))', [id]);
        return ledger.append(aDraft());
      }, id);
    const [one, two] = [aReplica({ lanes: 1 }), aReplica({ lanes: 1 })];
    const ids = Array.from({ length: 20 }, (_, n) => `lock ${String(n).padStart(2, '0')}`);
    const before = await rows<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    const answers = await Promise.all([
      ...ids.map((id) => locked(one, id)),
      ...ids.toReversed().map((id) => locked(two, id)),
    ]);
    expect(answers.every((answer) => answer.ok)).toBe(true);
    await db.service.query('SELECT pg_stat_force_next_flush()');
    expect(await rows('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')).toEqual(
      before,
    );
  });
});

describe('remembered data keys', () => {
  const personal = [{ principalId: 'eve', fields: { name: 'Eve' } }];
  const subject = pseudonymOf(keys.pseudonym, AN_ORGANISATION, 'eve');
  const keyIds = () =>
    rows<{ key_id: string }>('SELECT key_id FROM ledger.body WHERE subject = $1 ORDER BY seq', [subject]);

  it('are not used after the person was erased', async () => {
    const replica = aReplica();
    for (let n = 0; n < 3; n += 1)
      expect(await replica.append(aDraft({ personal }))).toMatchObject({ ok: true });
    const [first] = await keyIds();
    await rows('UPDATE ledger.subject_key SET wrapped_key = NULL, destroyed_at = now() WHERE subject = $1', [
      subject,
    ]);
    const draft = aDraft({ personal });
    expect(await replica.append(draft)).toMatchObject({ ok: true, value: { status: 'created' } });
    const used = await keyIds();
    expect(used.map(({ key_id }) => key_id === first?.key_id)).toEqual([true, true, true, false]);
    const read = new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption);
    expect(await read.personalFields(AN_ORGANISATION, draft.key)).toMatchObject([
      { status: 'present', fields: { name: 'Eve' } },
    ]);
  });

  it('make an erasure wait for those who write with them, and then find what they wrote', async () => {
    const sealer = new Sealer(keys);
    const tx = transactions(db.service, (on) => new PgLedger(on, keys, sealer));
    const order: string[] = [];
    let erased: Promise<unknown> = Promise.resolve();
    await tx(async (ledger) => {
      await ledger.append(aDraft({ personal }));
      erased = rows(
        'UPDATE ledger.subject_key SET wrapped_key = NULL, destroyed_at = now() WHERE subject = $1 AND destroyed_at IS NULL',
        [subject],
      ).then(() => order.push('erased'));
      await pause(100);
      order.push('written');
      return ok(undefined);
    });
    await erased;
    expect(order).toEqual(['written', 'erased']);
  });
});
