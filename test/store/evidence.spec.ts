import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { LocalBlobStore } from '../../src/app/blob/local-blob.io.js';
import { transactions } from '../../src/app/database/transaction.js';
import { ArtefactVersionEntity } from '../../src/evidence/artefact-version.entity.js';
import { ArtefactEntity } from '../../src/evidence/artefact.entity.js';
import { PgArtefactRead } from '../../src/evidence/artefact.read.pg.js';
import { ArtefactService, type RegisterArtefact } from '../../src/evidence/artefact.service.js';
import { PgArtefactStore } from '../../src/evidence/artefact.store.pg.js';
import { decodeDocument } from '../../src/formats/model/document.js';
import { EvidenceReportEntity } from '../../src/evidence/evidence-report.entity.js';
import { EvidenceEntity } from '../../src/evidence/evidence.entity.js';
import { PgEvidenceRead } from '../../src/evidence/evidence.read.pg.js';
import { EvidenceService } from '../../src/evidence/evidence.service.js';
import type { ReceiveEvidence } from '../../src/evidence/receipt.js';
import { PgEvidenceStore } from '../../src/evidence/evidence.store.pg.js';
import { NORMALISER_LIMITS, ThreadedNormaliser } from '../../src/evidence/large/threaded-normaliser.io.js';
import { maskingKey } from '../../src/evidence/masking/mask.js';
import type { Actor } from '../../src/kernel/actor.js';
import { sha256 } from '../../src/kernel/digest.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { AN_ORGANISATION, someLedgerKeys } from '../support/ledger.js';
import { chunks, sarif, valueOf } from './evidence-support.js';
import { ofAll, ofOrganisations } from '../../src/app/database/on-behalf-of.js';

const ANOTHER_ORGANISATION = '22222222-2222-4222-8222-222222222222';
const PROJECT = '33333333-3333-4333-8333-333333333333';
const ANN = '44444444-4444-4444-8444-444444444444';
const NOW = Date.parse('2026-11-20T12:00:00Z');
const LIMIT_BYTES = 100_000;
const SHOP = sha256('shop');
const FAKE_TOKEN = 'gh' + 'p_' + 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8';

let database: TestDatabase;
let blobFolder: string;
let blobs: LocalBlobStore;
let artefacts: ArtefactService;
let evidence: EvidenceService;
let read: PgEvidenceRead;
let now = NOW;

beforeAll(async () => {
  database = await createTestDatabase([
    ArtefactEntity,
    ArtefactVersionEntity,
    EvidenceEntity,
    EvidenceReportEntity,
  ]);
  blobFolder = await mkdtemp(join(tmpdir(), 'assay-blobs-'));
  blobs = new LocalBlobStore(blobFolder);
  const keys = someLedgerKeys();
  const tx = transactions(database.service, (on: EntityManager) => ({
    artefacts: ofOrganisations(on, PgArtefactStore),
    evidence: ofOrganisations(on, PgEvidenceStore),
    dispatch: new PgDispatchStore(ofAll(on)),
    ledger: new PgLedger(on, keys),
  }));
  const clock = { now: () => now };
  const projectId = (_: string, slug: string): Promise<string | undefined> =>
    Promise.resolve({ shop: PROJECT, other: ANN }[slug]);
  artefacts = new ArtefactService(tx, { projectId }, clock);
  const settings = {
    maskingKey: (orgId: string) => maskingKey(Buffer.alloc(32, 5), orgId),
    limitBytes: LIMIT_BYTES,
  };
  const normaliser = new ThreadedNormaliser(blobs, {
    ...NORMALISER_LIMITS,
    threadFile: new URL('file:///not-needed-for-small-files'),
    scratch: join(blobFolder, 'scratch'),
  });
  evidence = new EvidenceService(tx, blobs, normaliser, settings, clock);
  read = ofOrganisations(database.service.manager, PgEvidenceRead);
});
afterAll(async () => {
  await database.drop();
  await rm(blobFolder, { recursive: true });
});
beforeEach(() => {
  now = NOW;
});

const actor = (orgId = AN_ORGANISATION): Actor => ({
  orgId,
  principalId: ANN,
  kind: 'service',
  roles: ['service'],
});

const register = (
  given: Partial<RegisterArtefact> = {},
  by = actor(),
): ReturnType<ArtefactService['register']> =>
  artefacts.register(
    {
      project: 'shop',
      artId: 'ART_SHOP',
      digest: SHOP,
      context: {},
      idempotencyKey: `register ${JSON.stringify(given)}`,
      ...given,
    },
    by,
  );

let keysUsed = 0;
const receive = (
  body: string | AsyncIterable<Uint8Array>,
  given: Partial<ReceiveEvidence> = {},
  by = actor(),
): ReturnType<EvidenceService['receive']> =>
  evidence.receive(
    {
      artId: 'ART_SHOP',
      digest: SHOP,
      stream: typeof body === 'string' ? chunks(body) : body,
      source: 'ci/test',
      collectedAt: NOW - 1000,
      context: { caseId: 'CASE-1', role: 'SEC' },
      idempotencyKey: `upload ${String((keysUsed += 1))}`,
      ...given,
    },
    by,
  );

const countOf = async (table: string): Promise<number> => {
  const [row] = await database.admin.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? -1;
};
const seqOf = async (key: Buffer): Promise<number> => {
  const [row] = await database.admin.query<{ seq: string }[]>(
    'SELECT seq FROM ledger.idem WHERE idem_key = $1',
    [key],
  );
  return Number(row?.seq ?? -1);
};

describe('registering an artefact version', () => {
  it('makes it once, whoever asks, and records it', async () => {
    const entries = await countOf('ledger.entry');
    const first = await valueOf(register());
    expect(first).toMatchObject({
      artId: 'ART_SHOP',
      digest: SHOP,
      projectId: PROJECT,
      name: 'ART_SHOP',
      authorId: null,
    });
    now += 60_000;
    expect(await valueOf(register({ idempotencyKey: 'another' }))).toEqual(first);
    expect((await countOf('ledger.entry')) - entries).toBe(1);
    expect(
      await ofOrganisations(database.service.manager, PgArtefactRead).versions(AN_ORGANISATION, SHOP),
    ).toEqual([first]);
  });

  it('keeps the agent header and the process, and finds it by prefix', async () => {
    const agent = {
      agentId: 'a',
      modelName: 'm',
      modelVersion: '1',
      temperature: '0.2',
      presetId: 'p',
      promptHash: 'h',
    };
    const digest = sha256('by an agent');
    const context = { actId: 'ACT_BUILD', caseId: 'CASE-7' };
    await valueOf(register({ artId: 'ART_AGENT', digest, agent, authorId: ANN, context }));
    const artefactRead = ofOrganisations(database.service.manager, PgArtefactRead);
    const [found] = await artefactRead.byDigestPrefix(AN_ORGANISATION, digest.slice(0, 7 + 8), 2);
    expect(found).toMatchObject({ agent, authorId: ANN, actId: 'ACT_BUILD', caseId: 'CASE-7' });
    expect(await artefactRead.byDigestPrefix(AN_ORGANISATION, digest.slice(7, 7 + 12), 2)).toHaveLength(1);
    expect(await artefactRead.byDigestPrefix(AN_ORGANISATION, digest.slice(7, 7 + 7), 2)).toEqual([]);
    expect(await artefactRead.byDigestPrefix(AN_ORGANISATION, '%%%%%%%%', 2)).toEqual([]);
    expect(await artefactRead.versions(ANOTHER_ORGANISATION, digest)).toEqual([]);
  });

  it('refuses other facts for the same version, another project, and ids of another form', async () => {
    await valueOf(register());
    expect(await register({ authorId: ANN })).toMatchObject({ problem: { kind: 'IdempotencyConflict' } });
    expect(await register({ project: 'other', digest: sha256('2') })).toMatchObject({
      problem: { kind: 'InvalidInput', path: 'project' },
    });
    expect(await register({ project: 'nowhere' })).toEqual({
      ok: false,
      problem: { kind: 'ProjectNotFound', project: 'nowhere' },
    });
    expect(await register({ artId: 'shop' })).toMatchObject({
      problem: { kind: 'InvalidInput', path: 'artId' },
    });
    expect(await register({ context: { actId: 'x' } })).toMatchObject({ problem: { path: 'context.actId' } });
  });

  it('registers one version when asked five times at once', async () => {
    const entries = await countOf('ledger.entry');
    const given = { artId: 'ART_RACE', digest: sha256('race') };
    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => register({ ...given, idempotencyKey: `race ${String(n)}` })),
    );
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect((await countOf('ledger.entry')) - entries).toBe(1);
  });
});

describe('receiving evidence', () => {
  beforeAll(() => valueOf(register()));

  it('stores the masked form, with the digests of both', async () => {
    const body = sarif(`uses ${FAKE_TOKEN}`);
    const received = await valueOf(receive(body));
    expect(received).toMatchObject({
      maskedCount: 1,
      receivedDigest: sha256(body),
      receivedAt: NOW,
      uploadedBy: ANN,
      toolRun: null,
    });
    const stored = await blobs.get(AN_ORGANISATION, received.storedDigest);
    expect(sha256(stored!)).toBe(received.storedDigest);
    expect(stored!.length).toBe(received.sizeBytes);
    expect(stored!.toString()).toContain('[masked:github-token:');
    expect((await read.byId(AN_ORGANISATION, received.evidenceId))?.evidence).toEqual(received);
    expect((await read.byId(AN_ORGANISATION, received.evidenceId))?.report).toBeNull();
  });

  it('leaves the secret nowhere: no blob, no row, no entry', async () => {
    await valueOf(receive(sarif(`again ${FAKE_TOKEN}`)));
    for (const file of await readdir(blobFolder, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect((await readFile(join(file.parentPath, file.name), 'latin1')).includes(FAKE_TOKEN)).toBe(false);
    for (const table of [
      'assay.evidence',
      'assay.evidence_report',
      'ledger.entry',
      'ledger.fact',
      'ledger.body',
    ]) {
      const rows = await database.admin.query<unknown[]>(
        `SELECT * FROM ${table} t WHERE t::text LIKE $1 OR t::text LIKE $2`,
        [`%${FAKE_TOKEN}%`, `%${Buffer.from(FAKE_TOKEN).toString('hex')}%`],
      );
      expect(rows).toEqual([]);
    }
  });

  it('is one piece of evidence when sent twice under one key, also at once', async () => {
    const entries = await countOf('ledger.entry');
    const send = (): ReturnType<typeof receive> => receive(sarif('twice'), { idempotencyKey: 'twice' });
    const [first, second] = await Promise.all([valueOf(send()), valueOf(send())]);
    now += 1000;
    expect(await valueOf(send())).toEqual(first);
    expect(second).toEqual(first);
    expect((await countOf('ledger.entry')) - entries).toBe(1);
    expect(await receive(sarif('other'), { idempotencyKey: 'twice' })).toMatchObject({
      problem: { kind: 'IdempotencyConflict' },
    });
    const conflict = await receive(sarif('twice'), { idempotencyKey: 'twice', collectedAt: NOW - 5000 });
    expect(conflict).toMatchObject({ problem: { kind: 'IdempotencyConflict' } });
  });

  it.each([
    [
      'more than the limit',
      { body: 'x'.repeat(LIMIT_BYTES + 1) },
      { kind: 'EvidenceTooLarge', limitBytes: LIMIT_BYTES },
    ],
    ['an unregistered version', { given: { digest: sha256('unknown') } }, { kind: 'ArtefactNotFound' }],
    ['bytes that are no text', { body: 'a\0b' }, { kind: 'InvalidInput', path: 'body' }],
    [
      'a time in the future',
      { given: { collectedAt: NOW + 3_600_000 } },
      { kind: 'InvalidInput', path: 'collectedAt' },
    ],
    [
      'a format nobody knows',
      { given: { declaredFormat: 'word' } },
      { kind: 'InvalidInput', path: 'declaredFormat' },
    ],
    [
      'a source with a person in it',
      { given: { source: 'Ann Example' } },
      { kind: 'InvalidInput', path: 'source' },
    ],
  ])(
    'refuses %s and keeps nothing of it',
    async (_, { body, given }: { body?: string; given?: Partial<ReceiveEvidence> }, problem) => {
      const files = async (): Promise<string[]> => readdir(blobFolder, { recursive: true });
      const before = [await countOf('assay.evidence'), await countOf('ledger.entry'), await files()];
      expect(await receive(body ?? sarif('refused'), given)).toMatchObject({ ok: false, problem });
      expect([await countOf('assay.evidence'), await countOf('ledger.entry'), await files()]).toEqual(before);
    },
  );

  it('does not take a broken connection for the end of the report', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('{"version":'));
      throw new Error('connection lost');
    }
    await expect(receive(broken())).rejects.toThrow('connection lost');
  });

  it('keeps organisations apart', async () => {
    const theirs = await receive(sarif('x'), {}, actor(ANOTHER_ORGANISATION));
    expect(theirs).toMatchObject({ problem: { kind: 'ArtefactNotFound' } });
    const { storedDigest } = await valueOf(receive(sarif('ours')));
    expect(await read.byDigest(ANOTHER_ORGANISATION, storedDigest)).toEqual([]);
    expect(await read.byDigest(AN_ORGANISATION, storedDigest)).toHaveLength(1);
    expect(await read.byDigestPrefix(AN_ORGANISATION, storedDigest.slice(0, 16), 5)).toHaveLength(1);
  });
});

describe('normalising evidence', () => {
  const artefact = { artId: 'ART_NORMAL', digest: sha256('normal') };
  beforeAll(() => valueOf(register(artefact)));

  it('makes one document, one report and one entry, however often it runs', async () => {
    const received = await valueOf(receive(sarif('once'), artefact));
    expect((await read.pending(AN_ORGANISATION, artefact)).map(({ evidenceId }) => evidenceId)).toEqual([
      received.evidenceId,
    ]);
    const seq = await seqOf(received.entryKey);
    const entries = await countOf('ledger.entry');
    const run = (): Promise<unknown> => valueOf(evidence.normalise(received, seq));
    const [first, second] = await Promise.all([run(), run()]);
    expect(second).toEqual(first);
    expect(await run()).toEqual(first);
    expect(await valueOf(evidence.normaliseEntry(seq))).toEqual(first);
    expect((await countOf('ledger.entry')) - entries).toBe(1);
    expect(await read.pending(AN_ORGANISATION, artefact)).toEqual([]);

    const [normalised] = await read.forArtefact(AN_ORGANISATION, artefact);
    expect(normalised?.report).toMatchObject({
      format: 'sarif',
      formatVersion: '2.1.0',
      kinds: ['sast'],
      state: 'COMPLETE',
      reasons: [],
    });
    const { documentDigest } = first as { documentDigest: typeof SHOP };
    const document = decodeDocument((await blobs.get(AN_ORGANISATION, documentDigest))!);
    expect(document.findings).toHaveLength(1);
    expect(document.findings[0]).toMatchObject({ rule: 'no-eval', level: 'error', message: 'once' });
  });

  it('makes a report of what it cannot read, and honours what was declared', async () => {
    const broken = await valueOf(receive('{"version":"2.1.0","runs":[', artefact));
    expect(await valueOf(evidence.normalise(broken, await seqOf(broken.entryKey)))).toMatchObject({
      format: 'sarif',
      state: 'ERROR',
      reasons: [{ code: 'json.malformed', params: { line: 1 } }],
    });
    const empty = await valueOf(receive('[]', { ...artefact, declaredFormat: 'gitleaks' }));
    expect(await valueOf(evidence.normalise(empty, await seqOf(empty.entryKey)))).toMatchObject({
      state: 'COMPLETE',
      format: 'gitleaks',
    });
  });

  it('refuses bytes that are not those that were received', async () => {
    const received = await valueOf(receive(sarif('tampered'), artefact));
    const hex = received.storedDigest.slice('sha256:'.length);
    const path = join(blobFolder, AN_ORGANISATION, 'sha256', hex.slice(0, 2), hex);
    await writeFile(path, sarif('all is well'));
    const seq = await seqOf(received.entryKey);
    expect(await evidence.normalise(received, seq)).toMatchObject({
      problem: { kind: 'EvidenceBytesAltered', digest: received.storedDigest },
    });
    await rm(path);
    expect(await evidence.normalise(received, seq)).toMatchObject({
      problem: { kind: 'EvidenceBytesMissing' },
    });
    expect(await evidence.normaliseEntry(987_654)).toMatchObject({ problem: { kind: 'EvidenceNotFound' } });
  });
});

describe('the tables', () => {
  it.each(['artefact', 'artefact_version', 'evidence', 'evidence_report'])('%s only grows', async (table) => {
    expect(await countOf(`assay.${table}`)).toBeGreaterThan(0);
    for (const statement of [
      `UPDATE assay.${table} SET org_id = org_id`,
      `DELETE FROM assay.${table}`,
      `TRUNCATE assay.${table} CASCADE`,
    ]) {
      await expect(database.admin.query(statement)).rejects.toMatchObject({ code: '42501' });
      await expect(database.service.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
