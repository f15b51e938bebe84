import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { transactions } from '../../src/app/database/transaction.js';
import { ok } from '../../src/kernel/result.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import { FileCheckpointCopy } from '../../src/ledger/checkpoint-copy.io.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { IntegratorService } from '../../src/ledger/integrator.service.js';
import { PgIntegratorStore } from '../../src/ledger/integrator.store.pg.js';
import { spkiOf } from '../../src/ledger/leaf.js';
import { PgLedgerRead } from '../../src/ledger/ledger.read.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { formatVkey, parseVkey } from '../../src/ledger/signed-note.js';
import { PgLedgerSnapshot } from '../../src/ledger/snapshot.read.pg.js';
import { VerifyService } from '../../src/ledger/verify.service.js';
import type { DomainCheck, VerificationReport } from '../../src/ledger/verify.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, someLedgerKeys, someLogKey } from '../support/ledger.js';
import { ofAll } from '../../src/app/database/on-behalf-of.js';

/** More than one tile, so that a tile of level 1 exists; a few where that does not matter. */
const MANY = 300;
const FEW = 10;
const keys = someLedgerKeys();
const signer = someLogKey();
let db: TestDatabase;
let folder: string;
let copyPath: string;

const aPass = (n: number): EntryDraft =>
  aDraft({
    facts: { ...aDraft().facts, result: 'PASS', details: { n } },
    personal: [{ principalId: 'ann', fields: { note: `note ${String(n)}` } }],
  });

/** In one transaction, for speed. */
const fill = (size: number) =>
  transactions(
    db.service,
    (manager) => new PgLedger(manager, keys),
  )(async (ledger) => {
    for (let n = 0; n < size; n += 1) await ledger.append(aPass(n));
    return ok(undefined);
  });

const integrator = (withSigner = signer): IntegratorService =>
  new IntegratorService(
    transactions(db.integrator, (manager) => new PgIntegratorStore(manager)),
    new FileCheckpointCopy(copyPath),
    withSigner,
  );

interface Verifying {
  readonly keptNote?: string;
  readonly checks?: readonly DomainCheck[];
  /** Where an uncommitted deed can be seen; otherwise what the service sees. */
  readonly manager?: EntityManager;
}

async function verify({ keptNote, checks, manager }: Verifying = {}): Promise<VerificationReport> {
  const log = parseVkey(formatVkey(signer.name, signer.privateKey));
  if (!log.ok) throw new Error(log.problem.kind);
  const decisionKeys = new Set([spkiOf(keys.decision).toString('base64')]);
  const anchors = { log: log.value, decisionKeys, ...(keptNote === undefined ? {} : { keptNote }) };
  const on = (seen: EntityManager): Promise<VerificationReport> =>
    new VerifyService(anchors, checks).verify(new PgLedgerSnapshot(seen, keys.keyEncryption));
  return manager ? on(manager) : db.service.transaction('REPEATABLE READ', (seen) => on(ofAll(seen)));
}

/** What a superuser can do who means it: switch every guard off, change, and switch them on again. */
async function tamper(sql: string, table: string, manager: EntityManager = db.admin.manager): Promise<void> {
  await manager.query(`ALTER TABLE ledger.${table} DISABLE TRIGGER ALL`);
  await manager.query(sql);
  await manager.query(`ALTER TABLE ledger.${table} ENABLE ALWAYS TRIGGER ${table}_immutable`);
}

/** Verifies with a deed done, and undoes it. */
async function afterDeed(sql: string, table: string): Promise<VerificationReport> {
  const runner = db.admin.createQueryRunner();
  await runner.startTransaction();
  try {
    await tamper(sql, table, runner.manager);
    return await verify({ manager: runner.manager });
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

beforeEach(async () => {
  [db, folder] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'assay-copy-'))]);
  copyPath = join(folder, 'copy', 'checkpoint');
});
afterEach(() => Promise.all([db.drop(), rm(folder, { recursive: true })]));

describe('an untouched ledger', () => {
  it('is accepted, with its size and root, and says what the checkpoint does not cover yet', async () => {
    await fill(MANY);
    expect(await verify()).toMatchObject({ accepted: true, size: 0, notYetCovered: MANY });
    expect(await integrator().runOnce()).toEqual(ok({ status: 'signed', size: MANY }));
    expect(await integrator().runOnce()).toEqual(ok({ status: 'idle', size: MANY }));
    for (let n = 0; n < 5; n += 1) {
      await fill(1);
      await integrator().runOnce();
    }
    await fill(1);
    const size = MANY + 5;
    const latest = await new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption).latestCheckpoint();
    expect(latest?.size).toBe(size);
    expect(await readFile(copyPath, 'utf8')).toBe(latest?.note);
    expect(await verify()).toEqual({
      accepted: true,
      size,
      root: latest?.root.toString('hex'),
      notYetCovered: 1,
      entries: size + 1,
      findings: [],
    });
  }, 30_000);

  it('still is when one person is erased', async () => {
    await fill(FEW);
    await integrator().runOnce();
    await db.admin.query('UPDATE ledger.body SET ciphertext = NULL, erased_at = now()');
    await db.admin.query('UPDATE ledger.subject_key SET wrapped_key = NULL, destroyed_at = now()');
    expect(await verify()).toMatchObject({ accepted: true, size: FEW });
  });

  it('lets the domain add its own checks over the entries', async () => {
    await fill(FEW);
    let count = 0;
    const sum: DomainCheck = {
      standsAlone: true,
      read: (page) => {
        count += page.filter(({ recorded }) => recorded.facts.result === 'PASS').length;
        return Promise.resolve([]);
      },
      finish: () => Promise.resolve([{ what: 'decision', detail: `${String(count)} passes` }]),
    };
    const report = await verify({ checks: [sum] });
    expect(report).toMatchObject({ accepted: false, findings: [{ detail: `${String(FEW)} passes` }] });
  });

  it('is signed once when two integrators run at a time', async () => {
    await fill(FEW);
    const steps = await Promise.all([integrator().runOnce(), integrator().runOnce(), integrator().runOnce()]);
    expect(steps.every((step) => step.ok)).toBe(true);
    await integrator().runOnce();
    expect(await verify()).toMatchObject({ accepted: true, size: FEW });
  });
});

/** Deed, table, SQL, and the one finding it must lead to. */
const DEEDS: readonly (readonly [deed: string, table: string, sql: string, finding: object])[] = [
  [
    'one byte of a leaf',
    'entry',
    `UPDATE ledger.entry SET leaf = overlay(leaf placing chr(ascii(substr(leaf, 120, 1)) # 1) from 120 for 1) WHERE seq = 17`,
    { what: 'leaf', seq: 17 },
  ],
  [
    'a leaf and its hash',
    'entry',
    `UPDATE ledger.entry SET leaf = o.leaf, leaf_hash = o.leaf_hash FROM ledger.entry o WHERE ledger.entry.seq = 17 AND o.seq = 18`,
    { what: 'leaf', seq: 17 },
  ],
  [
    'a leaf hash',
    'entry',
    `UPDATE ledger.entry SET leaf_hash = sha256('x') WHERE seq = 280`,
    { what: 'leaf', seq: 280 },
  ],
  [
    'one byte of a fact',
    'fact',
    `UPDATE ledger.fact SET statement = replace(statement, '"PASS"', '"PAST"') WHERE seq = 42`,
    { what: 'fact', seq: 42 },
  ],
  [
    'white space in a fact',
    'fact',
    `UPDATE ledger.fact SET statement = statement || ' ' WHERE seq = 42`,
    { what: 'fact', seq: 42 },
  ],
  ['a fact taken away', 'fact', `DELETE FROM ledger.fact WHERE seq = 43`, { what: 'fact', seq: 43 }],
  [
    'a fact too many',
    'fact',
    `INSERT INTO ledger.fact (seq, statement, org_id, kind, actor, ts_start, ts_end)
       SELECT 9999, statement, org_id, kind, actor, ts_start, ts_end FROM ledger.fact WHERE seq = 1`,
    { what: 'fact', seq: 9999 },
  ],
  [
    'one bit of a ciphertext',
    'body',
    `UPDATE ledger.body SET ciphertext = set_bit(ciphertext, 300, 1 - get_bit(ciphertext, 300)) WHERE seq = 8`,
    { what: 'body', seq: 8 },
  ],
  ['a body taken away', 'body', `DELETE FROM ledger.body WHERE seq = 8`, { what: 'body', seq: 8 }],
  [
    'a content digest',
    'entry',
    `UPDATE ledger.entry SET content_digest = sha256('x') WHERE seq = 9`,
    { what: 'idempotency', seq: 9 },
  ],
  [
    'an idempotency key',
    'idem',
    `UPDATE ledger.idem SET idem_key = substr(sha256('x'), 1, 16) WHERE seq = 9`,
    { what: 'idempotency', seq: 9 },
  ],
  [
    'an entry taken away',
    'entry',
    `DELETE FROM ledger.entry WHERE seq = 100`,
    { what: 'sequence', seq: 100 },
  ],
  [
    'the last entry taken away',
    'entry',
    `DELETE FROM ledger.entry WHERE seq = ${String(MANY - 1)}`,
    [{ what: 'sequence', seq: MANY - 1 }, { what: 'coordinator' }],
  ],
  [
    'one bit of a full tile',
    'tile',
    `UPDATE ledger.tile SET data = set_bit(data, 256 * 5, 1 - get_bit(data, 256 * 5)) WHERE level = 0 AND width = 256`,
    { what: 'tile', seq: 5 },
  ],
  [
    'one bit of an unfinished tile',
    'tile',
    `UPDATE ledger.tile SET data = set_bit(data, 256 * 5, 1 - get_bit(data, 256 * 5)) WHERE level = 0 AND width < 256`,
    { what: 'tile', seq: 261 },
  ],
  [
    'one bit of a tile above',
    'tile',
    `UPDATE ledger.tile SET data = set_bit(data, 9, 1 - get_bit(data, 9)) WHERE level = 1`,
    { what: 'tile' },
  ],
  ['a tile taken away', 'tile', `DELETE FROM ledger.tile WHERE level = 1`, { what: 'tile' }],
  [
    'a checkpoint root',
    'checkpoint',
    `UPDATE ledger.checkpoint SET root = sha256('x')`,
    { what: 'checkpoint' },
  ],
  [
    'a checkpoint note',
    'checkpoint',
    `UPDATE ledger.checkpoint SET note = replace(note, '${String(MANY)}', '${String(MANY + 1)}')`,
    { what: 'checkpoint' },
  ],
];

describe('a changed ledger', () => {
  it('is refused, and what was changed is named, and nothing else', async () => {
    await fill(MANY);
    await integrator().runOnce();
    const named: object[] = [];
    for (const [deed, table, sql] of DEEDS) {
      const { findings } = await afterDeed(sql, table);
      named.push({
        deed,
        findings: findings.map(({ what, seq }) => (seq === undefined ? { what } : { what, seq })),
      });
    }
    expect(named).toEqual(DEEDS.map(([deed, , , finding]) => ({ deed, findings: [finding].flat() })));
    expect(await verify()).toMatchObject({ accepted: true });
  }, 90_000);

  it('is refused for each filter column that does not say what its statement says', async () => {
    const columns = await db.admin.query<{ name: string; type: string }[]>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
        WHERE table_schema = 'ledger' AND table_name = 'fact' AND column_name NOT IN ('seq', 'statement')`,
    );
    expect(columns.length).toBe(14);
    await fill(columns.length);
    await integrator().runOnce();
    const others: Record<string, string> = { uuid: 'gen_random_uuid()', jsonb: `'["W"]'`, text: `'x'` };
    const deeds = columns.map(
      ({ name, type }, seq) => `UPDATE ledger.fact SET ${name} = ${others[type] ?? ''} WHERE seq = ${seq}`,
    );
    const { findings } = await afterDeed(deeds.join('; '), 'fact');
    const said = (name: string) => expect.stringContaining(`column ${name} is `) as string;
    expect(findings).toEqual(columns.map(({ name }, seq) => ({ what: 'fact', seq, detail: said(name) })));
  });

  it('is refused when leaf, hash and tile were rewritten together, and the entries between two checkpoints are named', async () => {
    await fill(FEW);
    await integrator().runOnce();
    await fill(FEW);
    await integrator().runOnce();
    const seq = FEW + 3;
    await tamper(
      `UPDATE ledger.entry SET leaf = o.leaf, leaf_hash = o.leaf_hash FROM ledger.entry o
       WHERE ledger.entry.seq = ${String(seq)} AND o.seq = 0`,
      'entry',
    );
    await tamper(
      `UPDATE ledger.tile SET data = overlay(data placing substr(data, 1, 32) from ${String(seq * 32 + 1)} for 32)
       WHERE width > ${String(seq)}`,
      'tile',
    );
    expect(await verify()).toMatchObject({
      findings: [
        { what: 'fact', seq },
        {
          what: 'checkpoint',
          detail: expect.stringContaining('of entries 10 to 19 one was changed') as string,
        },
      ],
    });
  });

  it('is refused by a checkpoint kept elsewhere, even when all was rewritten and signed again', async () => {
    await fill(FEW);
    await integrator().runOnce();
    const kept = await readFile(copyPath, 'utf8');
    await tamper(`DELETE FROM ledger.entry WHERE seq >= 9`, 'entry');
    await tamper(`DELETE FROM ledger.tile`, 'tile');
    await tamper(`DELETE FROM ledger.checkpoint`, 'checkpoint');
    for (const table of ['fact', 'idem', 'body'])
      await tamper(`DELETE FROM ledger.${table} WHERE seq >= 9`, table);
    await db.admin.query("UPDATE ledger.intcoord SET size = 0, root = sha256('')");
    await db.admin.query('UPDATE ledger.seqcoord SET next = 9');
    await rm(copyPath);
    expect(await integrator().runOnce()).toEqual(ok({ status: 'signed', size: 9 }));
    expect(await verify()).toMatchObject({ accepted: true, size: 9 });
    expect(await verify({ keptNote: kept })).toMatchObject({
      accepted: false,
      findings: [{ what: 'checkpoint', detail: 'the kept checkpoint covers 10 entries, the ledger has 9' }],
    });
  });
});

describe('the integrator refuses to sign', () => {
  it('when the database has gone back behind the copy', async () => {
    await fill(FEW);
    await integrator().runOnce();
    const ahead = signCheckpoint({ origin: signer.name, size: FEW + 1, root: Buffer.alloc(32) }, signer);
    await writeFile(copyPath, ahead);
    await fill(1);
    await fill(1);
    expect(await integrator().runOnce()).toMatchObject({
      ok: false,
      problem: { kind: 'HistoryInconsistent', with: 'copy', signedSize: FEW + 1, size: FEW + 2 },
    });
    expect((await db.admin.query<object[]>('SELECT FROM ledger.checkpoint')).length).toBe(1);
  });

  it('when the copy is gone, or of another log', async () => {
    await fill(FEW);
    await integrator().runOnce();
    await fill(1);
    expect(await integrator(someLogKey()).runOnce()).toMatchObject({
      problem: { kind: 'CheckpointUnreadable' },
    });
    await rm(copyPath);
    expect(await integrator().runOnce()).toMatchObject({
      problem: { kind: 'CopyMissing', signedSize: FEW },
    });
  });

  it('when a leaf was changed before it was integrated', async () => {
    await fill(FEW);
    await tamper(`UPDATE ledger.entry SET leaf = leaf || ' ' WHERE seq = 5`, 'entry');
    expect(await integrator().runOnce()).toMatchObject({ problem: { kind: 'LeafChanged', seq: 5 } });
  });

  it('when the edge of the tree was changed', async () => {
    await fill(FEW);
    await integrator().runOnce();
    await tamper(
      `UPDATE ledger.tile SET data = set_bit(data, 9, 1 - get_bit(data, 9)) WHERE level = 0 AND width < 256`,
      'tile',
    );
    await fill(1);
    expect(await integrator().runOnce()).toMatchObject({ problem: { kind: 'TreeDamaged' } });
  });
});

describe('the integrator', () => {
  it('signs what comes until it is told to stop', async () => {
    await fill(FEW);
    const stop = new AbortController();
    const running = integrator().run(stop.signal);
    await fill(1);
    const read = new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption);
    while ((await read.latestCheckpoint())?.size !== FEW + 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    expect(await running).toEqual(ok(undefined));
  });
});
