import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { transactions } from '../../src/app/database/transaction.js';
import { sha256, type Digest } from '../../src/kernel/digest.js';
import { ok } from '../../src/kernel/result.js';
import type { EntryDraft } from '../../src/ledger/entry.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { PgExportSource } from '../../src/outbound/export/export-source.read.pg.js';
import { PgExportRead } from '../../src/outbound/export/export.read.pg.js';
import { PgExportStore } from '../../src/outbound/export/export.store.pg.js';
import type { ExportPack, ExportQuery, ExportRequest, ExportRun } from '../../src/outbound/export/export.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDraft, aKey, someLedgerKeys } from '../support/ledger.js';
import { valueOf } from './evidence-support.js';
import { ofAll, ofOrganisations } from '../../src/app/database/on-behalf-of.js';

let db: TestDatabase;
const keys = someLedgerKeys();
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const append = async (draft: EntryDraft): Promise<number> => {
  const tx = transactions(db.service, (on) => new PgLedger(on, keys));
  return (await valueOf(tx((ledger) => ledger.append(draft)))).seq;
};
const T0 = Date.parse('2026-03-01T00:00:00Z');
const at = (ms: number): string => new Date(T0 + ms).toISOString();

describe('exports in PostgreSQL', () => {
  const orgId = randomUUID();
  const inStore = <T>(work: (store: PgExportStore) => Promise<T>): Promise<T> =>
    valueOf(
      transactions(db.service, (on) => ofOrganisations(on, PgExportStore))(async (store) =>
        ok(await work(store)),
      ),
    );
  const read = (): PgExportRead => ofOrganisations(db.service.manager, PgExportRead, 'beginning');

  /** On record, as every request is: its entry is what makes it one. */
  async function anExport(change: Partial<ExportRequest> = {}): Promise<ExportRequest> {
    const request: ExportRequest = {
      exportId: randomUUID(),
      orgId,
      query: { gateId: 'GATE_A' },
      checkpoint: { size: 1, note: 'a note\n' },
      previousCheckpoint: null,
      settings: {
        generatorVersion: '1.2.3',
        log: { origin: 'ledger.test', vkey: 'v', since: at(0) },
        decisionKeys: ['k'],
        exportKey: sha256('key'),
      },
      requestedBy: randomUUID(),
      requestedAt: T0,
      entryKey: aKey(),
      ...change,
    };
    expect(await inStore((store) => store.add(request))).toBe(true);
    await append(aDraft({ orgId: request.orgId, kind: 'export.requested', key: request.entryKey }));
    return request;
  }
  const aPack = ({ exportId }: ExportRequest, digest: Digest): ExportPack => ({
    exportId,
    orgId,
    digest,
    sizeBytes: 2 ** 40,
    counts: { entries: 9, decisions: 2, erased: 1, masked: 0 },
    madeAt: T0 + 5,
    entryKey: aKey(),
  });

  it('come back as they were asked for, and once', async () => {
    const request = await anExport({ previousCheckpoint: 'earlier\n' });
    expect(await inStore((store) => store.add({ ...request, query: {} }))).toBe(false);
    const found = await inStore((store) => store.find(orgId, request.exportId));
    expect(found).toEqual({ request, seq: expect.any(Number), pack: null, run: null });
    expect(await read().find(orgId, request.exportId)).toEqual(found);
    expect(await read().find(randomUUID(), request.exportId)).toBeUndefined();
    expect(await read().find(orgId, 'no id')).toBeUndefined();
  });

  it('have one pack: of two workers the first counts', async () => {
    const request = await anExport();
    const pack = aPack(request, sha256('first'));
    expect(await inStore((store) => store.addPack(pack))).toBe(true);
    expect(await inStore((store) => store.addPack(aPack(request, sha256('second'))))).toBe(false);
    expect((await read().find(orgId, request.exportId))?.pack).toEqual(pack);
  });

  it('say how far they are, by the last note', async () => {
    const request = await anExport();
    const run: ExportRun = {
      state: 'running',
      done: 1,
      total: 30,
      startedAt: T0,
      updatedAt: T0 + 1,
      failure: null,
    };
    const last: ExportRun = { ...run, state: 'failed', done: 7, updatedAt: T0 + 2, failure: 'INTERRUPTED' };
    for (const each of [run, last]) await inStore((store) => store.note(request, each));
    expect((await read().find(orgId, request.exportId))?.run).toEqual(last);
  });

  it('are listed newest first, page by page, also those of one moment', async () => {
    const org = randomUUID();
    const made: ExportRequest[] = [];
    for (const ms of [0, 1, 1, 1, 2]) made.push(await anExport({ orgId: org, requestedAt: T0 + ms }));
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await valueOf(read().list(org, { first: 2, ...(after !== undefined && { after }) }));
      expect(page.totalCount).toBe(5);
      seen.push(...page.items.map(({ request }) => request.exportId));
      if (!page.hasNextPage) break;
      after = page.endCursor ?? undefined;
    }
    const newestFirst = (one: ExportRequest, other: ExportRequest): number =>
      other.requestedAt - one.requestedAt || (one.exportId < other.exportId ? 1 : -1);
    expect(seen).toEqual(made.sort(newestFirst).map(({ exportId }) => exportId));
    expect(await read().list(org, { first: 2, after: 'x' })).toMatchObject({ ok: false });
  });
});

describe('what a pack is made of', () => {
  const orgId = randomUUID();
  const project = randomUUID();
  const masked = sha256('masked');
  /** By the name of the entry. */
  const seqs: Record<string, number> = {};
  const artefact = { artId: 'ART_ONE', artefactDigest: sha256('one') };
  const facts = (ms: number, more: object = {}): EntryDraft['facts'] => ({
    tsStart: T0,
    tsEnd: T0 + ms,
    details: {},
    ...more,
  });
  const decision = (ms: number, more: object = {}, draft: Partial<EntryDraft> = {}): EntryDraft =>
    aDraft({
      orgId,
      kind: 'decision.recorded',
      verdictSummary: {},
      facts: facts(ms, { gateId: 'GATE_A', ...artefact, ...more }),
      ...draft,
    });

  beforeAll(async () => {
    const drafts: Record<string, EntryDraft> = {
      registered: aDraft({
        orgId,
        kind: 'artefact.registered',
        facts: facts(0, { ...artefact, details: { projectId: project } }),
      }),
      received: aDraft({
        orgId,
        kind: 'evidence.received',
        facts: facts(0, { evidenceDigests: [masked], details: { maskedCount: 3 } }),
      }),
      clean: aDraft({
        orgId,
        kind: 'evidence.received',
        facts: facts(0, { evidenceDigests: [sha256('clean')], details: { maskedCount: 0 } }),
      }),
      first: decision(1000, { evidenceDigests: [masked, sha256('clean'), masked] }),
      foreign: decision(1000, {}, { orgId: randomUUID() }),
      second: decision(
        2000,
        { gateId: 'GATE_B', artId: 'ART_TWO', artefactDigest: sha256('two') },
        {
          personal: [
            { principalId: 'ann', fields: { note: 'a' } },
            { principalId: 'bob', fields: { note: 'b' } },
          ],
        },
      ),
      annErased: aDraft({ orgId, kind: 'person.erased', persons: { erased: 'ann' }, facts: facts(2500) }),
      third: decision(3000, {}, { personal: [{ principalId: 'ann', fields: { note: 'again' } }] }),
      bobErased: aDraft({ orgId, kind: 'person.erased', persons: { erased: 'bob' }, facts: facts(3500) }),
    };
    for (const [name, draft] of Object.entries(drafts)) seqs[name] = await append(draft);
  });

  const source = (query: ExportQuery = {}, size = seqs['bobErased']!): PgExportSource =>
    new PgExportSource(ofAll(db.service.manager), { orgId, query, checkpoint: { size, note: '' } });
  const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  };
  const selected = async (query: ExportQuery, size?: number): Promise<string[]> => {
    const found = (await all(source(query, size).decisions())).map(({ seq }) => seq);
    expect(await source(query, size).count()).toBe(found.length);
    return Object.keys(seqs).filter((name) => found.includes(seqs[name]!));
  };

  it('is what the organisation has on record of former logs, below the checkpoint', async () => {
    const continued = (at: number, of = orgId): EntryDraft =>
      aDraft({ orgId: of, kind: 'log.continued', facts: facts(at), actor: 'system' });
    const first = await append(continued(4000));
    await append(continued(4000, randomUUID()));
    const second = await append(continued(5000));
    const seqsBelow = async (size: number): Promise<number[]> =>
      (await all(source({}, size).continuations())).map(({ seq }) => seq);
    expect(await seqsBelow(first)).toEqual([]);
    expect(await seqsBelow(second)).toEqual([first]);
    expect(await seqsBelow(second + 1)).toEqual([first, second]);
    const [only] = await all(source({}, second).continuations());
    expect(only?.statement).toContain('"kind":"log.continued"');
  });

  it('is every leaf of the log below the checkpoint, whoever’s it is, and no other', async () => {
    const size = seqs['third']!;
    const leaves = await all(source({}, size).leaves());
    expect(leaves.map(({ seq }) => seq)).toEqual(Array.from({ length: size }, (_, seq) => seq));
    const hashes = await source({}, size).leafHashes(0, 256);
    expect(hashes).toHaveLength(size);
    const stored = await db.admin.query(
      'SELECT leaf, leaf_hash FROM ledger.entry WHERE seq < $1 ORDER BY seq',
      [size],
    );
    expect(leaves.map(({ leaf }, seq) => ({ leaf, leaf_hash: hashes[seq] }))).toEqual(stored);
  });

  it('is the organisation’s decisions that match, of times from the first moment to before the last', async () => {
    expect(await selected({})).toEqual(['first', 'second', 'third']);
    expect(await selected({ from: at(1000), to: at(3000) })).toEqual(['first', 'second']);
    expect(await selected({ from: at(1001) })).toEqual(['second', 'third']);
    expect(await selected({ gateId: 'GATE_A' })).toEqual(['first', 'third']);
    expect(await selected({ artefactDigest: sha256('two') })).toEqual(['second']);
    expect(await selected({ projectId: project })).toEqual(['first', 'third']);
    expect(await selected({ projectId: randomUUID() })).toEqual([]);
    expect(await selected({}, seqs['third'])).toEqual(['first', 'second']);
  });

  it('counts masked evidence once, and personal fields that were erased by then', async () => {
    const counts = async (size?: number) =>
      (await all(source({}, size).decisions())).map(({ erased, masked: of }) => [erased, of]);
    // Ann was erased after the second decision and before the third; Bob above the checkpoint.
    expect(await counts()).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(await counts(seqs['bobErased']! + 1)).toEqual([
      [0, 1],
      [2, 0],
      [0, 0],
    ]);
  });

  it('answers the same each time it is asked', async () => {
    const one = source({ gateId: 'GATE_A' });
    expect(await all(one.decisions())).toEqual(await all(one.decisions()));
  });
});
