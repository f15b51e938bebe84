import type { EntityManager } from 'typeorm';
import { transactions } from '../../src/app/database/transaction.js';
import { sha256 } from '../../src/kernel/digest.js';
import { failed, ok } from '../../src/kernel/result.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import type { AppendOutcome, IdempotencyConflict } from '../../src/ledger/ledger.js';
import { PgLedgerRead } from '../../src/ledger/ledger.read.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, aKey, AN_ORGANISATION, someLedgerKeys } from '../support/ledger.js';
import { ofAll } from '../../src/app/database/on-behalf-of.js';

const ANOTHER_ORGANISATION = '22222222-2222-4222-8222-222222222222';
const keys = someLedgerKeys();
let db: TestDatabase;

const append = (draft: EntryDraft = aDraft()) =>
  transactions(db.service, (manager) => new PgLedger(manager, keys))((ledger) => ledger.append(draft));

async function appended(draft: EntryDraft = aDraft()): Promise<number> {
  const outcome = await append(draft);
  if (!outcome.ok || outcome.value.status !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.value.seq;
}

const read = (): PgLedgerRead => new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption);

async function one<T>(sql: string, parameters: unknown[] = []): Promise<T> {
  const [row] = await db.admin.query<T[]>(sql, parameters);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}

const size = async (): Promise<number> =>
  (await one<{ n: number }>('SELECT count(*)::int AS n FROM ledger.entry')).n;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('appending', () => {
  it('numbers from 0, and gives a rolled back number away again', async () => {
    expect(await append()).toEqual(ok({ status: 'created', seq: 0 }));
    const tx = transactions(db.service, (manager) => new PgLedger(manager, keys));
    await tx(async (ledger) => {
      await ledger.append(aDraft());
      return failed({ kind: 'ChangedMyMind' });
    });
    expect(await append()).toEqual(ok({ status: 'created', seq: 1 }));
  });

  it('answers a retry with the first entry, though times, decision id and signature differ', async () => {
    const draft = aDraft();
    const seq = await appended(draft);
    const facts = {
      ...draft.facts,
      tsStart: 5,
      tsEnd: 6,
      asOf: 7,
      decisionId: 'another',
      authTime: 8,
      amr: ['otp'],
    };
    expect(await append({ ...draft, facts })).toEqual(ok({ status: 'exists', seq }));
  });

  it('reports a key that was used for something else, and writes nothing', async () => {
    const draft = aDraft({ personal: [{ principalId: 'ann', fields: { note: 'one' } }] });
    const conflict = failed({ kind: 'IdempotencyConflict', seq: await appended(draft) });
    const before = await size();
    for (const other of [
      { facts: { ...draft.facts, result: 'FAIL' } },
      { personal: [{ principalId: 'ann', fields: { note: 'two' } }] },
      { subjects: [{ name: 'ART_SHOP', digest: sha256('other') }] },
      { actor: 'system' as const },
    ]) {
      expect(await append({ ...draft, ...other })).toEqual(conflict);
    }
    expect(await size()).toBe(before);
  });

  it('leaves no gap under 20 concurrent transactions of which some roll back', async () => {
    const before = await size();
    const shared = aDraft();
    const tx = transactions(db.service, (manager) => new PgLedger(manager, keys));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        tx<AppendOutcome, IdempotencyConflict | { kind: 'ChangedMyMind' }>(async (ledger) => {
          const outcome = await ledger.append(n % 5 === 0 ? shared : aDraft());
          return n % 4 === 3 ? failed({ kind: 'ChangedMyMind' }) : outcome;
        }),
      ),
    );
    const { sequence } = await one<{ sequence: string[] }>(
      'SELECT array_agg(seq ORDER BY seq)::text[] AS sequence FROM ledger.entry',
    );
    expect(sequence).toEqual(sequence.map((_, n) => String(n)));
    expect(outcomes.filter((o) => o.ok).length).toBe(15);
    // of four that appended the shared draft (0, 5, 10 and, rolled back, 15) one committed first
    expect(sequence.length).toBe(before + 15 - 2);
    expect((await one<{ next: string }>('SELECT next FROM ledger.seqcoord')).next).toBe(
      String(sequence.length),
    );
  });

  it('judges each record of a batch by itself', async () => {
    const known = await appended(aDraft({ key: aKey('known') }));
    const { leaf, statement, digest } = await one<{ leaf: string; statement: string; digest: Buffer }>(
      `SELECT leaf, statement, content_digest AS digest FROM ledger.entry JOIN ledger.fact USING (seq) WHERE seq = $1`,
      [known],
    );
    const other = Buffer.alloc(32, 1);
    const batch = [
      [aKey('known'), digest], // exists
      [aKey('new'), other], // created
      [aKey('known'), other], // conflict
      [aKey('new'), other], // exists, twin in the batch
      [aKey('new'), digest], // conflict, twin in the batch
      [aKey('newer'), digest], // created
    ] as const;
    const lines = (line: string): string => batch.map(() => line).join('\n');
    const rows = await db.service.query<unknown[]>(
      'SELECT ordinal, seq::int, outcome FROM ledger.append_batch($1, $2, $3, $4, $5)',
      [
        lines(leaf),
        lines(statement),
        lines('[]'),
        Buffer.concat(batch.map(([k]) => k)),
        Buffer.concat(batch.map(([, d]) => d)),
      ],
    );
    expect(rows).toEqual([
      { ordinal: 1, seq: known, outcome: 'exists' },
      { ordinal: 2, seq: known + 1, outcome: 'created' },
      { ordinal: 3, seq: known, outcome: 'conflict' },
      { ordinal: 4, seq: known + 1, outcome: 'exists' },
      { ordinal: 5, seq: known + 1, outcome: 'conflict' },
      { ordinal: 6, seq: known + 2, outcome: 'created' },
    ]);
  });

  it.each([
    ['a leaf without bytes', '', '{}', '[]'],
    ['a leaf of 65,536 bytes', 'x'.repeat(65_536), '{}', '[]'],
    ['counts that disagree', 'x', '{}\n{}', '[]'],
  ])('refuses %s', async (_, leaf, facts, bodies) => {
    const call = db.service.query('SELECT ledger.append_batch($1, $2, $3, $4, $5)', [
      leaf,
      facts,
      bodies,
      aKey(),
      Buffer.alloc(32),
    ]);
    await expect(call).rejects.toMatchObject({ code: '22023' });
  });

  it('parses and hashes before it waits for its turn, so that others do so meanwhile', async () => {
    const turn = db.admin.createQueryRunner();
    await turn.startTransaction();
    try {
      await turn.query('SELECT next FROM ledger.seqcoord WHERE id = 1 FOR UPDATE');
      const call = db.service.query('SELECT ledger.append_batch($1, $2, $3, $4, $5)', [
        ...['leaf', 'not JSON', '[]'],
        aKey(),
        Buffer.alloc(32),
      ]);
      await expect(call).rejects.toMatchObject({ code: '22P02' }); // after the wait it would be 55P03
    } finally {
      await turn.rollbackTransaction();
      await turn.release();
    }
  });
});

describe('what stands written', () => {
  const TABLES = {
    entry: 'leaf',
    idem: 'seq',
    fact: 'statement',
    body: 'subject',
    tile: 'data',
    checkpoint: 'note',
  };
  const DEEDS = Object.entries(TABLES).flatMap(([table, column]) => [
    `UPDATE ledger.${table} SET ${column} = ${column}`,
    `DELETE FROM ledger.${table}`,
    `TRUNCATE ledger.${table}`,
  ]);

  beforeAll(async () => {
    await appended(aDraft({ personal: [{ principalId: 'ann', fields: { name: 'Ann' } }] }));
    await db.admin.query("INSERT INTO ledger.tile VALUES (9, 0, 1, sha256('')) ON CONFLICT DO NOTHING");
    await db.admin.query("INSERT INTO ledger.checkpoint VALUES (99999, '', '') ON CONFLICT DO NOTHING");
  });

  it.each(DEEDS)('is not changed by the service: %s', async (deed) => {
    await expect(db.service.query(deed)).rejects.toMatchObject({ code: '42501' });
  });

  it.each(DEEDS)('is not changed by a superuser without switching triggers off: %s', async (deed) => {
    const attempt = db.admin.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await manager.query(deed);
    });
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    `INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest) VALUES (7777, 'x', sha256(''), sha256(''))`,
    `INSERT INTO ledger.fact (seq, statement) VALUES (7777, '{}')`,
    'UPDATE ledger.seqcoord SET next = 0',
    'UPDATE ledger.intcoord SET size = 0',
    'UPDATE ledger.dispatch SET kind = kind',
    `SELECT ledger.write_entries('{}', '{}', '{}', '', '')`,
    `SELECT ledger.take_turn('', 0)`,
    `SELECT ledger.hold_keys('{}')`,
    'ALTER TABLE ledger.entry DISABLE TRIGGER ALL',
    'DROP TABLE ledger.entry',
  ])('leaves the service no other way in: %s', async (deed) => {
    await expect(db.service.query(deed)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    'SELECT ledger.append_batch($1, $1, $1, $2, $2)',
    'SELECT statement FROM ledger.fact',
    'SELECT * FROM ledger.body',
  ])('is no business of the integrator: %s', async (deed) => {
    const parameters = deed.includes('$') ? ['x', Buffer.alloc(0)] : [];
    await expect(db.integrator.query(deed, parameters)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('reading', () => {
  it('pages through what matches, with an exact count', async () => {
    const artefactDigest = sha256('paged');
    const seqs: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { facts } = aDraft();
      seqs.push(
        await appended(aDraft({ facts: { ...facts, artefactDigest, gateId: `GATE_${String(n % 2)}` } })),
      );
    }
    const filter = { artefactDigest };
    const first = await read().entries(AN_ORGANISATION, { first: 3, filter });
    expect(first).toMatchObject({
      ok: true,
      value: { totalCount: 5, hasNextPage: true, endCursor: String(seqs[2]) },
    });
    const rest = await read().entries(AN_ORGANISATION, { first: 3, after: String(seqs[2]), filter });
    expect(rest).toMatchObject({
      ok: true,
      value: { totalCount: 5, hasNextPage: false, items: [{ seq: seqs[3] }, { seq: seqs[4] }] },
    });
    const newest = await read().entries(AN_ORGANISATION, {
      first: 1,
      newestFirst: true,
      filter: { ...filter, gateId: 'GATE_1' },
    });
    expect(newest).toMatchObject({ ok: true, value: { totalCount: 2, items: [{ seq: seqs[3] }] } });
    expect(await read().entries(ANOTHER_ORGANISATION, { first: 3, filter })).toMatchObject({
      value: { totalCount: 0 },
    });
    expect(await read().entries(AN_ORGANISATION, { first: 3, after: 'x' })).toEqual(
      failed({ kind: 'InvalidCursor', given: 'x' }),
    );
  });

  it('finds by waiver, decision, case and kind', async () => {
    const facts = { ...aDraft().facts, waiverIds: ['w-1', 'w-2'], decisionId: 'd-1', caseId: 'c-1' };
    const seq = await appended(aDraft({ kind: 'waiver.requested', facts }));
    for (const filter of [
      { waiverId: 'w-2' },
      { decisionId: 'd-1' },
      { caseId: 'c-1' },
      { kind: 'waiver.requested' as const },
    ]) {
      expect(await read().entries(AN_ORGANISATION, { first: 9, filter })).toMatchObject({
        value: { totalCount: 1, items: [{ seq }] },
      });
    }
  });

  it('gives back what was stated, by number and by key, to its organisation only', async () => {
    const draft = aDraft({ actor: 'system' });
    const seq = await appended(draft);
    const entry = await read().entry(AN_ORGANISATION, seq);
    expect(entry).toMatchObject({
      seq,
      recorded: { actor: 'system', facts: draft.facts, subjects: draft.subjects },
    });
    expect(await read().entryByKey(AN_ORGANISATION, draft.key)).toEqual(entry);
    expect(await read().entry(ANOTHER_ORGANISATION, seq)).toBeUndefined();
    expect(await read().entryByKey(ANOTHER_ORGANISATION, draft.key)).toBeUndefined();
  });

  it('keeps personal fields out of entry and fact, and gives them back until they are erased', async () => {
    const personal = [
      { principalId: 'ann', fields: { name: 'Ann Canary' } },
      { principalId: 'bob', fields: { reason: 'Canary asked' } },
    ];
    const draft = aDraft({ personal });
    const seq = await appended(draft);
    const { clear } = await one<{ clear: string }>(
      `SELECT concat(e, f, i, b, d) AS clear FROM ledger.entry e JOIN ledger.fact f USING (seq) JOIN ledger.idem i USING (seq)
         JOIN ledger.body b USING (seq) JOIN ledger.dispatch d USING (seq) WHERE seq = $1`,
      [seq],
    );
    expect(clear).not.toMatch(/canary|\bann\b|\bbob\b/i);
    const disclosed = await read().personalFields(AN_ORGANISATION, draft.key);
    expect(disclosed).toHaveLength(2);
    expect(disclosed).toEqual(
      expect.arrayContaining(personal.map((p) => expect.objectContaining({ status: 'present', ...p }))),
    );
    expect(await read().personalFields(ANOTHER_ORGANISATION, draft.key)).toEqual([]);

    const ann = disclosed.find((d) => d.status === 'present' && d.principalId === 'ann')?.subject;
    await db.admin.query(
      'UPDATE ledger.body SET ciphertext = NULL, erased_at = now() WHERE seq = $1 AND subject = $2',
      [seq, ann],
    );
    expect(await read().personalFields(AN_ORGANISATION, draft.key)).toEqual(
      expect.arrayContaining([
        { status: 'erased', subject: ann },
        expect.objectContaining({ principalId: 'bob' }),
      ]),
    );
  });

  it('gives one person one data key, also when two transactions offer one at once', async () => {
    const personal = [{ principalId: 'carol', fields: { name: 'Carol' } }];
    const drafts = Array.from({ length: 6 }, () => aDraft({ personal }));
    await Promise.all(drafts.map((draft) => appended(draft)));
    for (const { key } of drafts) {
      expect(await read().personalFields(AN_ORGANISATION, key)).toMatchObject([
        { status: 'present', ...personal[0] },
      ]);
    }
    const { keysOfCarol } = await one<{ keysOfCarol: number }>(
      `SELECT count(DISTINCT key_id)::int AS "keysOfCarol" FROM ledger.body JOIN ledger.idem USING (seq) WHERE idem_key = ANY ($1)`,
      [drafts.map(({ key }) => key)],
    );
    expect(keysOfCarol).toBe(1);
  });
});

describe('dispatching', () => {
  const onService = <T>(work: (store: PgDispatchStore) => Promise<T>): Promise<T> =>
    db.service.transaction((manager: EntityManager) => work(new PgDispatchStore(ofAll(manager))));

  it('lists each entry until it is marked, oldest first', async () => {
    const open = await onService((store) => store.undispatched(1000));
    await onService((store) => store.markDispatched(open.map(({ seq }) => seq)));
    const first = await appended(aDraft({ kind: 'evidence.received' }));
    const second = await appended();
    const items = await onService((store) => store.undispatched(1000));
    expect(items).toEqual([
      { seq: first, orgId: AN_ORGANISATION, kind: 'evidence.received' },
      { seq: second, orgId: AN_ORGANISATION, kind: 'artefact.registered' },
    ]);
    await onService((store) => store.markDispatched([first]));
    expect(await onService((store) => store.undispatched(1000))).toMatchObject([{ seq: second }]);
  });

  it('lets a reader handle an entry once', async () => {
    const seq = await appended();
    expect(await onService((store) => store.handled('normaliser', seq))).toBe(true);
    expect(await onService((store) => store.handled('normaliser', seq))).toBe(false);
    expect(await onService((store) => store.handled('another', seq))).toBe(true);
    expect(await onService((store) => store.recorded(seq))).toMatchObject({ kind: 'artefact.registered' });
    expect(await onService((store) => store.recorded(1_000_000))).toBeUndefined();
  });
});
