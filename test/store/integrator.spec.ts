import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { DataSource } from 'typeorm';
import { connectAs } from '../../src/app/database/connect.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { transactions } from '../../src/app/database/transaction.js';
import { AppendNotifications } from '../../src/app/doors/append-signal.io.js';
import { Secret } from '../../src/app/platform/secret.js';
import { ok } from '../../src/kernel/result.js';
import { FileCheckpointCopy } from '../../src/ledger/checkpoint-copy.io.js';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import { readContinuation } from '../../src/ledger/continuation.js';
import { ContinuationService } from '../../src/ledger/continuation.service.js';
import { IntegratorService } from '../../src/ledger/integrator.service.js';
import { PgIntegratorStore } from '../../src/ledger/integrator.store.pg.js';
import { spkiOf } from '../../src/ledger/leaf.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { formatVkey, parseVkey, type NoteSigner } from '../../src/ledger/signed-note.js';
import { PgLedgerSnapshot } from '../../src/ledger/snapshot.read.pg.js';
import { PgTileRead } from '../../src/ledger/tile.read.pg.js';
import { VerifyService } from '../../src/ledger/verify.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, AN_ORGANISATION, someLedgerKeys, someLogKey } from '../support/ledger.js';
import { ofAll } from '../../src/app/database/on-behalf-of.js';

const keys = someLedgerKeys();
const signer = someLogKey('e1.ledger.test');
const renamed: NoteSigner = { ...signer, name: 'e2.ledger.test' };
let db: TestDatabase;
let folder: string;
let copy: FileCheckpointCopy;

const fill = (service: DataSource, count: number) =>
  transactions(
    service,
    (manager) => new PgLedger(manager, keys),
  )(async (ledger) => {
    for (let n = 0; n < count; n += 1) await ledger.append(aDraft());
    return ok(undefined);
  });
const integrator = (on: DataSource, withSigner = signer, from = copy): IntegratorService =>
  new IntegratorService(
    transactions(on, (manager) => new PgIntegratorStore(manager)),
    from,
    withSigner,
  );
const verifierOf = ({ name, privateKey }: NoteSigner) => {
  const parsed = parseVkey(formatVkey(name, privateKey));
  if (!parsed.ok) throw new Error(parsed.problem.kind);
  return parsed.value;
};
const notesOf = async (on: DataSource): Promise<readonly string[]> =>
  (await on.query<{ note: string }[]>('SELECT note FROM ledger.checkpoint ORDER BY size')).map(
    ({ note }) => note,
  );
const refusalOf = async (on: DataSource): Promise<string | null | undefined> =>
  (await on.query<{ problem: string | null }[]>('SELECT problem FROM ledger.signing'))[0]?.problem;

beforeEach(async () => {
  [db, folder] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'assay-copy-'))]);
  copy = new FileCheckpointCopy(join(folder, 'checkpoint'));
});
afterEach(() => Promise.all([db.drop(), rm(folder, { recursive: true })]));

describe('integrators that all believe they lead', () => {
  it('never sign two trees of one size, whatever they do at once', async () => {
    // Copies of their own: nothing but the database keeps them apart.
    const several = [1, 2, 3].map((n) =>
      integrator(db.integrator, signer, new FileCheckpointCopy(join(folder, `copy-${String(n)}`))),
    );
    const signed = new Set<string>();
    // Which of them gets its turn is chance: go on until several trees were signed.
    for (let round = 0; round < 15 || (signed.size <= 5 && round < 150); round += 1) {
      const outcomes = await Promise.allSettled([
        fill(db.service, 1 + (round % 3)),
        ...several.map((each) => each.runOnce()),
      ]);
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled' && !outcome.value.ok)
          expect(outcome.value.problem).toMatchObject({ kind: 'CopyMissing' });
      for (const n of [1, 2, 3]) {
        const note = await readFile(join(folder, `copy-${String(n)}`), 'utf8').catch(() => undefined);
        if (note !== undefined) signed.add(note);
      }
    }
    const roots = new Map<number, string>();
    for (const note of [...signed, ...(await notesOf(db.admin))]) {
      const opened = openCheckpoint(note, verifierOf(signer));
      if (!opened.ok) throw new Error(opened.problem.kind);
      const { size, root } = opened.value;
      expect(roots.get(size) ?? root.toString('hex')).toBe(root.toString('hex'));
      roots.set(size, root.toString('hex'));
    }
    expect(roots.size).toBeGreaterThan(3);
  }, 60_000);
});

describe('the integrator', () => {
  it('signs soon after an append, is not woken too often, and adds nothing while nothing comes', async () => {
    const appends = new AppendNotifications(new Secret(db.url), pino({ level: 'silent' }));
    const stop = new AbortController();
    const service = new IntegratorService(
      transactions(db.integrator, (manager) => new PgIntegratorStore(manager)),
      copy,
      signer,
      appends,
    );
    const running = service.run(stop.signal);
    const began = performance.now();
    const lagsMs: number[] = [];
    for (let n = 1; n <= 20; n += 1) {
      await fill(db.service, 1);
      const appended = performance.now();
      while ((await notesOf(db.admin)).every((note) => Number(note.split('\n')[1]) < n))
        await new Promise((resolve) => setTimeout(resolve, 5));
      lagsMs.push(performance.now() - appended);
    }
    const tookMs = performance.now() - began;
    const checkpoints = (await notesOf(db.admin)).length;
    expect(checkpoints).toBeLessThanOrEqual(Math.ceil(tookMs / 100) + 1);
    expect(lagsMs.toSorted((a, b) => a - b)[10]).toBeLessThan(1_000); // on a busy machine; about 100 ms on a quiet one
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await notesOf(db.admin)).length).toBe(checkpoints);
    stop.abort();
    expect(await running).toEqual(ok(undefined));
    await appends.close();
  }, 60_000);

  it('signs a backlog in steps, and each of its checkpoints holds', async () => {
    const [{ leaf, statement }] = await someEntry();
    await db.service.query(
      `SELECT count(*) FROM generate_series(1, 13) AS n CROSS JOIN LATERAL ledger.append_batch(
         repeat($1 || chr(10), 999) || $1, repeat($2 || chr(10), 999) || $2, repeat('[]' || chr(10), 999) || '[]',
         (SELECT string_agg(substr(sha256(convert_to(n || '/' || i, 'UTF8')), 1, 16), '' ORDER BY i) FROM generate_series(1, 1000) AS i),
         (SELECT string_agg(sha256('x'), '') FROM generate_series(1, 1000)))`,
      [leaf, statement],
    );
    expect(await integrator(db.integrator).runOnce()).toMatchObject({
      value: { status: 'signed', size: 13_001 },
    });
    expect((await notesOf(db.admin)).map((note) => Number(note.split('\n')[1]))).toEqual([
      5_000, 10_000, 13_001,
    ]);
  }, 60_000);
});

describe('a database that was restored', () => {
  let restored: { url: string; service: DataSource; integrator: DataSource; admin: DataSource };

  /** 32 entries signed, a backup, 3 more entries signed; then the backup comes back. */
  beforeEach(async () => {
    await fill(db.service, 32);
    await integrator(db.integrator).runOnce();
    const name = `${new URL(db.url).pathname.slice(1)}_old`;
    await Promise.all([db.service.destroy(), db.integrator.destroy()]);
    const url = new URL(db.url);
    url.pathname = '/postgres';
    await db.admin.destroy();
    const server = await connectAs(url.href, undefined);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(db.url).pathname.slice(1)}`);
    await server.destroy();
    await Promise.all([db.admin.initialize(), db.service.initialize(), db.integrator.initialize()]);
    await fill(db.service, 3);
    await integrator(db.integrator).runOnce();
    url.pathname = `/${name}`;
    const [admin, service, integratorRole] = await Promise.all([
      connectAs(url.href, undefined),
      connectAs(url.href, DATABASE_ROLES.service),
      connectAs(url.href, DATABASE_ROLES.integrator),
    ]);
    restored = { url: url.href, admin, service, integrator: integratorRole };
  }, 30_000);
  afterEach(async () => {
    const { pathname } = new URL(restored.url);
    await Promise.all([restored.admin, restored.service, restored.integrator].map((each) => each.destroy()));
    await db.admin.query(`DROP DATABASE ${pathname.slice(1)} WITH (FORCE)`);
  });

  const begin = (copyLost = false) =>
    new ContinuationService(
      transactions(restored.service, (on) => ({ ledger: new PgLedger(on, keys) })),
      new PgTileRead(restored.service.manager),
      copy,
      { now: () => Date.now() },
    ).begin({
      origin: renamed.name,
      vkeyOf: (name) => formatVkey(name, signer.privateKey),
      orgIds: [AN_ORGANISATION],
      copyLost,
    });

  it('is not signed, neither as it is nor when it has grown past what was signed, and says why', async () => {
    expect(await integrator(restored.integrator).runOnce()).toMatchObject({
      problem: { kind: 'HistoryInconsistent', with: 'copy', signedSize: 35, size: 32 },
    });
    await fill(restored.service, 10);
    expect(await integrator(restored.integrator).runOnce()).toMatchObject({
      problem: { kind: 'HistoryInconsistent', with: 'copy', signedSize: 35, size: 42 },
    });
    expect(await refusalOf(restored.service)).toBe('HistoryInconsistent');
    expect(await notesOf(restored.admin)).toHaveLength(1);
  });

  it('is not signed under another name either, unless an operator said so on record', async () => {
    expect(await integrator(restored.integrator, renamed).runOnce()).toMatchObject({
      problem: { kind: 'CheckpointUnreadable' },
    });
  });

  it('goes on as a new log, whose first tree says of which it is the continuation', async () => {
    await fill(restored.service, 10); // decisions go on while nobody has looked
    const before = await copy.read();
    expect(await begin()).toMatchObject({ value: { seq: 42, keptSize: 32, formerOrigin: signer.name } });
    expect(await begin()).toMatchObject({ value: { seq: 42 } }); // repeated
    expect(await integrator(restored.integrator, renamed).runOnce()).toEqual(
      ok({ status: 'signed', size: 43 }),
    );
    expect(await refusalOf(restored.service)).toBeNull();
    await fill(restored.service, 1);
    expect(await integrator(restored.integrator, renamed).runOnce()).toEqual(
      ok({ status: 'signed', size: 44 }),
    );

    const [entry] = await restored.integrator.transaction((on) => new PgIntegratorStore(on).continuations());
    const stated = entry && readContinuation(entry);
    expect(stated).toMatchObject({ seq: 42, origin: renamed.name, formerCheckpoint: before });
    // The old name is spent: nothing more is signed under it here.
    expect(await integrator(restored.integrator).runOnce()).toMatchObject({ ok: false });

    const anchors = {
      log: verifierOf(renamed),
      decisionKeys: new Set([spkiOf(keys.decision).toString('base64')]),
      keptNote: (await copy.read()) ?? '',
      formerLogs: [{ log: verifierOf(signer), until: 42, lastNote: before ?? '' }],
    };
    const verify = (given: ConstructorParameters<typeof VerifyService>[0]) =>
      restored.service.transaction('REPEATABLE READ', (on) =>
        new VerifyService(given).fullPass(new PgLedgerSnapshot(ofAll(on), keys.keyEncryption)),
      );
    expect((await verify(anchors)).report).toMatchObject({ accepted: true, size: 44, findings: [] });
    const { formerLogs: _, ...unaware } = anchors;
    expect((await verify(unaware)).report.findings).toMatchObject([{ what: 'checkpoint' }]);
  });

  it('goes on by its own latest checkpoint when the copy is lost, and only when that is said', async () => {
    await rm(join(folder, 'checkpoint'));
    expect(await begin()).toMatchObject({ problem: { kind: 'CopyMissing', signedSize: 32 } });
    expect(await begin(true)).toMatchObject({ value: { seq: 32, keptSize: 32 } });
    expect(await integrator(restored.integrator, renamed).runOnce()).toEqual(
      ok({ status: 'signed', size: 33 }),
    );
  });

  it('is not continued where nothing is lost, or where history was changed', async () => {
    await restored.admin.query('ALTER TABLE ledger.entry DISABLE TRIGGER ALL');
    await restored.admin.query(`UPDATE ledger.entry SET leaf = leaf || ' ' WHERE seq = 5`);
    expect(await begin()).toMatchObject({ problem: { kind: 'HistoryChanged', signedSize: 32 } });
    await restored.admin.query(`UPDATE ledger.entry SET leaf = rtrim(leaf) WHERE seq = 5`);
    const [note] = await notesOf(restored.admin);
    await copy.replace(await copy.read(), note ?? '');
    expect(await begin()).toMatchObject({ problem: { kind: 'StillConsistent', size: 32 } });
  });
});

async function someEntry(): Promise<[{ leaf: string; statement: string }]> {
  await fill(db.service, 1);
  return db.admin.query(
    'SELECT leaf, statement FROM ledger.entry JOIN ledger.fact USING (seq) WHERE seq = 0',
  );
}
