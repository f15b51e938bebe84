import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { transactions } from '../../src/app/database/transaction.js';
import { ok } from '../../src/kernel/result.js';
import type { InTransaction } from '../../src/kernel/transaction.js';
import { FileCheckpointCopy } from '../../src/ledger/checkpoint-copy.io.js';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import { CompactRange } from '../../src/ledger/compact-range.js';
import { IntegratorService } from '../../src/ledger/integrator.service.js';
import { PgIntegratorStore } from '../../src/ledger/integrator.store.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { formatVkey, parseVkey } from '../../src/ledger/signed-note.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, someLedgerKeys, someLogKey } from '../support/ledger.js';
import { dieAt, installAppendPoints, pointsReached, type Death } from './append-points.js';

// A crash at every step: the process throws there, or its database session dies there, with what it had done
// until then persisted or not. Nothing in the product knows of this: the steps are every call that the integrator
// makes of its store and of its copy, and every statement that the append function makes on a table.

const keys = someLedgerKeys();
const logKey = someLogKey();
let db: TestDatabase;
let folder: string;
let copyPath: string;

beforeAll(async () => {
  [db, folder] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'assay-points-'))]);
  copyPath = join(folder, 'checkpoint');
});
afterAll(() => Promise.all([db.drop(), rm(folder, { recursive: true })]));

const append = (draft = aDraft()) =>
  transactions(db.service, (manager) => new PgLedger(manager, keys))((ledger) => ledger.append(draft));

async function one<Row>(sql: string): Promise<Row> {
  const [row] = await db.admin.query<Row[]>(sql);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}

const leafHashes = async (): Promise<Buffer[]> =>
  (await db.admin.query<{ leaf_hash: Buffer }[]>('SELECT leaf_hash FROM ledger.entry ORDER BY seq')).map(
    ({ leaf_hash }) => leaf_hash,
  );

describe('the integrator', () => {
  const published: { size: number; root: Buffer }[] = [];

  /** One call of the store or the copy, or the end of a transaction. */
  interface Step {
    readonly name: string;
    readonly when: 'before' | 'after';
    readonly how: 'throws' | 'session dies';
  }

  /** Counts what the integrator does, and ends it at one of these steps. */
  class Fate {
    readonly names: string[] = [];
    manager: EntityManager | undefined;

    constructor(
      private readonly at?: number,
      private readonly when: Step['when'] = 'before',
      private readonly how: Step['how'] = 'throws',
    ) {}

    async step<T>(name: string, work: () => Promise<T>): Promise<T> {
      const mine = this.names.push(name) - 1 === this.at;
      if (mine && this.when === 'before') await this.#die(name);
      const done = await work();
      if (mine && this.when === 'after') await this.#die(name);
      return done;
    }

    async #die(name: string): Promise<void> {
      if (this.how === 'session dies' && this.manager?.queryRunner?.isTransactionActive === true) {
        const [session] = await this.manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await db.admin.query('SELECT pg_terminate_backend($1, 5000)', [session?.pid]);
      }
      throw new Error(`died ${this.when} ${name}`);
    }

    /** Every method of a store is a step. */
    on<Store extends object>(store: Store, label: string): Store {
      return new Proxy(store, {
        get: (target, name, receiver) => {
          const member = Reflect.get(target, name, target) as unknown;
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            const answer = (): unknown => Reflect.apply(member, target, args) as unknown;
            return this.step(`${label}.${String(name)}`, () => Promise.resolve(answer())).then((value) =>
              value === target ? (receiver as unknown) : value,
            );
          };
        },
      });
    }
  }

  function integrator(fate: Fate): IntegratorService {
    const plain = transactions(db.integrator, (manager) => {
      fate.manager = manager;
      return fate.on(new PgIntegratorStore(manager), 'store');
    });
    // A death before COMMIT takes everything back; after it, all stays and the integrator never hears of it.
    const tx: InTransaction<PgIntegratorStore> = async (work) => {
      const done = await plain(async (store) => {
        const result = await work(store);
        await fate.step('about to commit', () => Promise.resolve());
        return result;
      });
      fate.manager = undefined;
      await fate.step('committed', () => Promise.resolve());
      return done;
    };
    return new IntegratorService(tx, fate.on(new FileCheckpointCopy(copyPath), 'copy'), logKey);
  }

  /** What outsiders hold: every checkpoint in the database and the copy. None may ever stop fitting the tree. */
  async function expectConsistent(): Promise<void> {
    const rows = await db.admin.query<{ size: string; root: Buffer; note: string }[]>(
      'SELECT size, root, note FROM ledger.checkpoint',
    );
    published.push(...rows.map(({ size, root }) => ({ size: Number(size), root })));
    const vkey = parseVkey(formatVkey(logKey.name, createPublicKey(logKey.privateKey)));
    if (!vkey.ok) throw new Error('vkey');
    const kept = openCheckpoint(await readFile(copyPath, 'utf8'), vkey.value);
    if (!kept.ok) throw new Error(JSON.stringify(kept.problem));
    const tree = new CompactRange();
    const roots = [tree.root(), ...(await leafHashes()).map((hash) => (tree.append(hash), tree.root()))];
    for (const { size, root } of [...published, kept.value]) expect(roots[size]).toEqual(root);
    // The copy may be ahead of the database, never behind it.
    expect(kept.value.size).toBeGreaterThanOrEqual(Math.max(...rows.map(({ size }) => Number(size))));
  }

  async function expectRecovered(): Promise<void> {
    const size = (await leafHashes()).length;
    const step = await integrator(new Fate()).runOnce();
    expect(step).toMatchObject({ ok: true, value: { size } });
    await expectConsistent();
    expect(await one('SELECT max(size)::int AS size FROM ledger.checkpoint')).toEqual({ size });
    expect(await one('SELECT size::int FROM ledger.intcoord')).toEqual({ size });
    const known = new Map(published.map(({ size: at, root }) => [at, root]));
    published.splice(0, published.length, ...[...known].map(([at, root]) => ({ size: at, root })));
  }

  it('goes on consistently after a crash before and after each of its steps', async () => {
    for (let n = 0; n < 250; n += 1) await append(); // the next few dozen cross the edge of a tile
    await expectReady();
    await append();
    const round = new Fate();
    expect(await integrator(round).runOnce()).toMatchObject({ ok: true, value: { status: 'signed' } });
    const steps = round.names.flatMap((name, at) =>
      (['before', 'after'] as const).flatMap((when) =>
        (['throws', 'session dies'] as const).map((how) => ({ at, name, when, how })),
      ),
    );
    for (const part of [
      'store.lead',
      'store.advance',
      'copy.replace',
      'store.publish',
      'about to commit',
      'committed',
    ])
      expect(round.names).toContain(part);
    const survived: string[] = [];
    for (const { at, name, when, how } of steps) {
      await append();
      const crashed = integrator(new Fate(at, when, how)).runOnce();
      await expect(crashed).rejects.toThrow();
      await expectConsistent();
      await expectRecovered();
      survived.push(`${when} ${name}: ${how}`);
    }
    expect(survived).toHaveLength(round.names.length * 4);
    console.info(`${survived.length} of ${steps.length} points of the integrator, consistent after each`);
  }, 180_000);

  it('is not misled by a copy that was being written when it died', async () => {
    await append();
    await writeFile(`${copyPath}.next`, 'ledger.test\n12');
    await expectRecovered();
  });

  async function expectReady(): Promise<void> {
    expect(await integrator(new Fate()).runOnce()).toMatchObject({ ok: true });
    await expectRecovered();
  }
});

describe('the append', () => {
  const aPersonalDraft = () => aDraft({ personal: [{ principalId: 'ann', fields: { note: 'said so' } }] });

  /** One number, one key, one fact, one item of work for each entry; all of them or none. */
  async function expectWhole(entries: number): Promise<void> {
    expect(
      await one(`SELECT
        (SELECT count(*)::int FROM ledger.entry) AS entries,
        (SELECT coalesce(max(seq) + 1, 0)::int FROM ledger.entry) AS contiguous,
        (SELECT next::int FROM ledger.seqcoord) AS next,
        (SELECT count(*)::int FROM ledger.idem JOIN ledger.entry USING (seq, content_digest)) AS keys,
        (SELECT count(*)::int FROM ledger.fact JOIN ledger.entry USING (seq)) AS facts,
        (SELECT count(*)::int FROM ledger.dispatch JOIN ledger.entry USING (seq)) AS work,
        (SELECT count(*)::int FROM ledger.body LEFT JOIN ledger.entry USING (seq) WHERE entry.seq IS NULL) AS strays`),
    ).toEqual({
      entries,
      contiguous: entries,
      next: entries,
      keys: entries,
      facts: entries,
      work: entries,
      strays: 0,
    });
  }

  it('leaves all or nothing after a crash before and after each statement, and a retry finds which', async () => {
    let entries = (await leafHashes()).length;
    await installAppendPoints(db.admin);
    const points = await pointsReached(db.admin, async () => {
      await append(aPersonalDraft());
      entries += 1;
    });
    for (const table of ['entry', 'idem', 'fact', 'body', 'dispatch', 'seqcoord'])
      expect(points.filter((point) => point.includes(` ${table}`))).not.toEqual([]);
    let survived = 0;
    for (const point of points)
      for (const how of ['error', 'session dies'] as const satisfies readonly Death[]) {
        const draft = aPersonalDraft();
        const crashed = transactions(
          db.service,
          (manager) => manager,
        )(async (manager) => {
          await dieAt(manager, point, how);
          return new PgLedger(manager, keys).append(draft);
        });
        await expect(crashed).rejects.toThrow();
        await expectWhole(entries);
        expect(await append(draft)).toEqual(ok({ status: 'created', seq: entries }));
        entries += 1;
        await expectWhole(entries);
        survived += 1;
      }
    expect(survived).toBe(points.length * 2);
    console.info(
      `${survived} of ${points.length * 2} points of the append, whole after each: ${points.join(', ')}`,
    );
  }, 60_000);

  it('answers a retry with the first number when it was the answer that got lost', async () => {
    const entries = (await leafHashes()).length;
    const draft = aPersonalDraft();
    const unheard = append(draft).then(() => Promise.reject(new Error('the process died after COMMIT')));
    await expect(unheard).rejects.toThrow('after COMMIT');
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await append(draft)).toEqual(ok({ status: 'exists', seq: entries }));
    await expectWhole(entries + 1);
  });
});
