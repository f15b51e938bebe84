import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transactions } from '../../src/app/database/transaction.js';
import { ok } from '../../src/kernel/result.js';
import { FileCheckpointCopy } from '../../src/ledger/checkpoint-copy.io.js';
import { IntegratorService } from '../../src/ledger/integrator.service.js';
import { PgIntegratorStore } from '../../src/ledger/integrator.store.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { formatVkey, parseNote } from '../../src/ledger/signed-note.js';
import { PgTileRead } from '../../src/ledger/tile.read.pg.js';
import { TileServer } from '../../src/ledger/tile-server.service.js';
import { HttpWitnessClient } from '../../src/ledger/witness-http.io.js';
import { cosignatureOf } from '../../src/ledger/witness-key.js';
import { parseWitnessPolicy, type WitnessPolicy } from '../../src/ledger/witness-policy.js';
import { WitnessService, type WitnessRefusal } from '../../src/ledger/witness.service.js';
import { PgWitnessStore } from '../../src/ledger/witness.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, someLedgerKeys, someLogKey } from '../support/ledger.js';
import { has, obtainStrangers } from './tools.js';
import { startLitewitness, type Running } from './torchwood.js';
import { buildTransparencyDev } from './transparency-dev.js';

const long = process.env['ASSAY_STRANGERS'] === 'long';
const { torchwood } = await obtainStrangers(long);
const folder = mkdtempSync(join(tmpdir(), 'assay-witness-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const transparencyDev = long ? await buildTransparencyDev() : { missing: 'it is asked in long mode only' };

type Start = (name: string, logVkey: string) => Promise<Running>;
/** Each whole kind of witness, or why it is not asked. */
const KINDS: readonly (readonly [name: string, start: Start | undefined])[] = [
  has(torchwood)
    ? ['litewitness', (name, vkey) => startLitewitness(torchwood.folder, name, vkey)]
    : [`litewitness – not run: ${torchwood.missing}`, undefined],
  'missing' in transparencyDev
    ? [`transparency-dev/witness – not run: ${transparencyDev.missing}`, undefined]
    : ['transparency-dev/witness', transparencyDev.start],
];

describe.each(KINDS)('witnesses that we did not write: %s', (_, start) => {
  const asked = start ? it : it.skip;
  const keys = someLedgerKeys();
  const signer = someLogKey('ledger.test');
  let db: TestDatabase;
  let witnesses: Running[];
  let refusals: WitnessRefusal[];

  beforeEach(async () => {
    db = await createTestDatabase();
    const vkey = formatVkey(signer.name, signer.privateKey);
    witnesses = await Promise.all(
      start ? ['w1', 'w2', 'w3'].map((name) => start(`witness.test/${name}`, vkey)) : [],
    );
    refusals = [];
  });
  afterEach(async () => {
    for (const witness of witnesses) witness.stop();
    await rm(join(folder, 'copy'), { force: true });
    await db.drop();
  });

  const grow = async (count: number, on = db): Promise<void> => {
    const tx = transactions(on.service, (manager) => new PgLedger(manager, keys));
    await tx(async (ledger) => {
      for (let n = 0; n < count; n += 1) await ledger.append(aDraft());
      return ok(undefined);
    });
    const copy = new FileCheckpointCopy(join(folder, 'copy'));
    const store = transactions(on.integrator, (manager) => new PgIntegratorStore(manager));
    const step = await new IntegratorService(store, copy, signer).runOnce();
    if (!step.ok) throw new Error(step.problem.kind);
  };
  const policy = (rule: string): WitnessPolicy => {
    const lines = witnesses.map(({ vkey, url }, n) => `witness w${String(n + 1)} ${vkey} ${url}\n`);
    const parsed = parseWitnessPolicy(`${lines.join('')}group g ${rule} w1 w2 w3\nquorum g\n`);
    if (!parsed.ok) throw new Error(parsed.problem.detail);
    return parsed.value;
  };
  const asking = (rule: string, on = db): WitnessService =>
    new WitnessService(
      transactions(on.integrator, (manager) => new PgWitnessStore(manager)),
      policy(rule),
      new HttpWitnessClient(2_000),
      (refusal) => refusals.push(refusal),
    );
  const never = new AbortController().signal;
  const published = (): Promise<string | undefined> =>
    new TileServer(new PgTileRead(db.service.manager), true).checkpoint();
  const cosigners = (note: string): readonly string[] => {
    const parsed = parseNote(note);
    if (!parsed.ok) throw new Error(parsed.problem.kind);
    const { text, signatures } = parsed.value;
    return policy('any')
      .witnesses.filter(({ key }) => cosignatureOf(text, signatures, key))
      .map(({ name }) => name);
  };

  asked(
    'cosign every checkpoint of a log that only grows, over tile edges, and what they signed is published',
    async () => {
      const service = asking('all');
      for (const count of [1, 6, 250, 1, 43]) {
        await grow(count);
        expect(await service.runOnce(never)).toMatchObject({ status: 'met', refusals: [] });
        expect(cosigners((await published()) ?? '')).toEqual(['w1', 'w2', 'w3']);
      }
      expect(await service.runOnce(never)).toMatchObject({ status: 'idle' });
      expect((await published())?.split('\n')[1]).toBe('301');
      // Who starts again knows nothing of their sizes; they say so (409), and are believed.
      await grow(5);
      expect(await asking('all').runOnce(never)).toMatchObject({ status: 'met', size: 306, refusals: [] });
    },
    60_000,
  );

  asked(
    'may be away: with too few nothing newer is published, and nobody waits',
    async () => {
      await grow(3);
      await asking('2').runOnce(never);
      witnesses[0]?.stop();
      await grow(2);
      expect(await asking('2').runOnce(never)).toMatchObject({ status: 'met', size: 5 });
      expect(cosigners((await published()) ?? '')).toEqual(['w2', 'w3']);
      witnesses[1]?.stop();
      await grow(1);
      expect(await asking('2').runOnce(never)).toMatchObject({ status: 'unmet', size: 6 });
      expect((await published())?.split('\n')[1]).toBe('5');
      await grow(1); // appends and signatures go on
      expect(refusals.map(({ witness }) => witness)).toEqual(expect.arrayContaining(['w1', 'w2']));
    },
    60_000,
  );

  asked(
    'refuse a history that was rewritten, by whoever holds database and key, and one that went back',
    async () => {
      await grow(8);
      expect(await asking('all').runOnce(never)).toMatchObject({ status: 'met' });
      for (const [size, reason] of [
        [9, '422: it holds another history of this log: a fork, or a restored database'],
        [5, 'it has seen 8 entries, more than there are: a restored database'],
      ] as const) {
        const other = await createTestDatabase();
        try {
          await rm(join(folder, 'copy'));
          await grow(size, other); // the same key, other entries
          const round = await asking('any', other).runOnce(never);
          expect(round).toMatchObject({ status: 'unmet', size });
          expect(round.refusals.map((refusal) => refusal.reason)).toEqual([reason, reason, reason]);
        } finally {
          await other.drop();
        }
      }
    },
    60_000,
  );

  asked(
    'refuse a log or a key that they do not know',
    async () => {
      const stranger = someLogKey('ledger.test');
      const elsewhere = someLogKey('other.test');
      for (const [who, status] of [
        [stranger, /^(403|500)/], // the specification says 403; this version of theirs answers 500
        [elsewhere, /^404/],
      ] as const) {
        const fresh = await createTestDatabase();
        try {
          await rm(join(folder, 'copy'), { force: true });
          const tx = transactions(fresh.service, (manager) => new PgLedger(manager, keys));
          await tx((ledger) => ledger.append(aDraft()));
          const store = transactions(fresh.integrator, (manager) => new PgIntegratorStore(manager));
          await new IntegratorService(store, new FileCheckpointCopy(join(folder, 'copy')), who).runOnce();
          const { refusals: told } = await asking('any', fresh).runOnce(never);
          expect(told).toHaveLength(3);
          for (const { reason } of told) expect(reason).toMatch(status);
        } finally {
          await fresh.drop();
        }
      }
    },
    60_000,
  );
});
