import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { LocalBlobStore } from '../../src/app/blob/local-blob.io.js';
import { transactions } from '../../src/app/database/transaction.js';
import { ArtefactVersionEntity } from '../../src/evidence/artefact-version.entity.js';
import { ArtefactEntity } from '../../src/evidence/artefact.entity.js';
import { EvidenceReportEntity } from '../../src/evidence/evidence-report.entity.js';
import { EvidenceEntity } from '../../src/evidence/evidence.entity.js';
import { ArtefactService } from '../../src/evidence/artefact.service.js';
import { PgArtefactStore } from '../../src/evidence/artefact.store.pg.js';
import { PgEvidenceRead } from '../../src/evidence/evidence.read.pg.js';
import { EvidenceService } from '../../src/evidence/evidence.service.js';
import type { ReceiveEvidence } from '../../src/evidence/receipt.js';
import { PgEvidenceStore } from '../../src/evidence/evidence.store.pg.js';
import { NORMALISER_LIMITS, ThreadedNormaliser } from '../../src/evidence/large/threaded-normaliser.io.js';
import { maskingKey } from '../../src/evidence/masking/mask.js';
import type { Actor } from '../../src/kernel/actor.js';
import { sha256 } from '../../src/kernel/digest.js';
import { ok } from '../../src/kernel/result.js';
import type { InTransaction } from '../../src/kernel/transaction.js';
import type { RecordedEntry } from '../../src/ledger/recorded-entry.js';
import { PgDispatchStore } from '../../src/ledger/dispatch.store.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { AN_ORGANISATION, someLedgerKeys } from '../support/ledger.js';
import { chunks, sarif, valueOf } from './evidence-support.js';
import { ofAll, ofOrganisations } from '../../src/app/database/on-behalf-of.js';

const ANOTHER_ORGANISATION = '22222222-2222-4222-8222-222222222222';
const PROJECT = '33333333-3333-4333-8333-333333333333';
const BY: Actor = {
  orgId: AN_ORGANISATION,
  principalId: '44444444-4444-4444-8444-444444444444',
  kind: 'service',
  roles: ['service'],
};
const NOW = Date.parse('2026-11-20T12:00:00Z');
const LIMIT_BYTES = 100_000;
const SHOP = sha256('shop');

let database: TestDatabase;
let blobFolder: string;
let blobs: LocalBlobStore;
let evidence: EvidenceService;
let read: PgEvidenceRead;
let tx: InTransaction<{ dispatch: PgDispatchStore }>;
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
  const stores = transactions(database.service, (on: EntityManager) => ({
    artefacts: ofOrganisations(on, PgArtefactStore),
    evidence: ofOrganisations(on, PgEvidenceStore),
    dispatch: new PgDispatchStore(ofAll(on)),
    ledger: new PgLedger(on, keys),
  }));
  tx = stores;
  const clock = { now: () => now };
  const artefacts = new ArtefactService(stores, { projectId: () => Promise.resolve(PROJECT) }, clock);
  const normaliser = new ThreadedNormaliser(blobs, {
    ...NORMALISER_LIMITS,
    threadFile: new URL('file:///not-needed-for-small-files'),
    scratch: join(blobFolder, 'scratch'),
  });
  const settings = {
    maskingKey: (orgId: string) => maskingKey(Buffer.alloc(32, 5), orgId),
    limitBytes: LIMIT_BYTES,
  };
  evidence = new EvidenceService(stores, blobs, normaliser, settings, clock);
  read = ofOrganisations(database.service.manager, PgEvidenceRead);
  for (const orgId of [AN_ORGANISATION, ANOTHER_ORGANISATION])
    await valueOf(
      artefacts.register(
        { ...{ artId: 'ART_SHOP', digest: SHOP, project: 'shop', context: {} }, idempotencyKey: 'shop' },
        { ...BY, orgId },
      ),
    );
}, 60_000);
afterAll(async () => {
  await database.drop();
  await rm(blobFolder, { recursive: true });
});
beforeEach(() => {
  now = NOW;
});

let keysUsed = 0;
const receive = (
  body: string | AsyncIterable<Uint8Array>,
  given: Partial<ReceiveEvidence> = {},
  by = BY,
): ReturnType<EvidenceService['receive']> =>
  evidence.receive(
    {
      artId: 'ART_SHOP',
      digest: SHOP,
      stream: typeof body === 'string' ? chunks(body) : body,
      source: 'ci/test',
      collectedAt: NOW - 1000,
      context: {},
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

describe('compressed evidence', () => {
  const report = sarif('compressed');
  const token = 'gh' + 'p_' + 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';

  it.each([
    ['gzip', gzipSync, undefined],
    ['gzip', gzipSync, 'gzip'],
    ['gzip', gzipSync, 'X-GZIP'],
    ['deflate', deflateSync, 'deflate'],
    ['br', brotliCompressSync, 'br'],
  ])('is stored as what it holds: %s', async (encoding, compress, contentEncoding) => {
    const bytes = compress(Buffer.from(report));
    const [plain, packed] = [
      await valueOf(receive(report)),
      await valueOf(receive(pieces(bytes), contentEncoding === undefined ? {} : { contentEncoding })),
    ];
    expect(packed).toMatchObject({
      storedDigest: plain.storedDigest,
      sizeBytes: plain.sizeBytes,
      receivedDigest: sha256(bytes),
      encoding,
    });
    expect((await read.byId(AN_ORGANISATION, packed.evidenceId))?.evidence.encoding).toBe(encoding);
  });

  it('has its secrets masked', async () => {
    const packed = await valueOf(receive(pieces(gzipSync(sarif(`found ${token} here`)))));
    expect(packed.maskedCount).toBe(1);
    const stored = await blobs.get(AN_ORGANISATION, packed.storedDigest);
    expect(stored?.toString()).toContain('[masked:github-token:');
    expect(stored?.toString()).not.toContain(token);
  });

  it('is refused with a secret under a signature, and nothing is stored', async () => {
    const before = await countOf('assay.evidence');
    const payload = Buffer.from(JSON.stringify({ predicate: { note: `found ${token} here` } }));
    const signed = JSON.stringify({
      payloadType: 'application/vnd.in-toto+json',
      payload: payload.toString('base64'),
      signatures: [{ sig: 'AAAA' }],
    });
    for (const bytes of [Buffer.from(signed), gzipSync(signed)])
      expect(await receive(pieces(bytes))).toMatchObject({
        problem: { path: 'body', expected: expect.stringMatching(/payload holds no secret/) },
      });
    expect(await countOf('assay.evidence')).toBe(before);
  });

  const bomb = gzipSync(Buffer.alloc(LIMIT_BYTES + 1, 'a'));
  it.each<[string, Buffer, string | undefined, object]>([
    ['that grows beyond the limit', bomb, undefined, { kind: 'EvidenceTooLarge', limitBytes: LIMIT_BYTES }],
    ['that breaks off', gzipSync(report).subarray(0, 60), undefined, { path: 'body' }],
    ['that is not what it says', Buffer.from(report), 'br', { path: 'body' }],
    ['that is not what it says, in zlib', Buffer.from(report), 'deflate', { path: 'body' }],
    [
      'twice',
      gzipSync(gzipSync(report)),
      undefined,
      { path: 'body', expected: expect.stringMatching(/once/) },
    ],
    ['in a way nobody knows', Buffer.from(report), 'compress', { path: 'content-encoding' }],
    ['and is UTF-16', gzipSync(Buffer.from(`\ufeff${report}`, 'utf16le')), undefined, { path: 'body' }],
  ])('is refused %s, and nothing is stored', async (_, bytes, contentEncoding, problem) => {
    const before = await countOf('assay.evidence');
    const refused = await receive(pieces(bytes), contentEncoding === undefined ? {} : { contentEncoding });
    expect(refused).toMatchObject({ ok: false, problem });
    expect(await countOf('assay.evidence')).toBe(before);
  });

  it('in zstd is read where Node can, and refused in words where it cannot', async () => {
    const compress = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;
    const bytes = compress ? compress(Buffer.from(report)) : Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    const outcome = await receive(pieces(bytes));
    expect(outcome).toMatchObject(
      compress
        ? { ok: true, value: { encoding: 'zstd' } }
        : { ok: false, problem: { path: 'content-encoding' } },
    );
  });

  it('says of UTF-16 that it is UTF-16', async () => {
    const utf16 = Buffer.from(`\ufeff${report}`, 'utf16le');
    expect(await receive(pieces(utf16))).toMatchObject({
      problem: { expected: expect.stringMatching(/UTF-16/) },
    });
  });
});

describe('evidence in parts', () => {
  it('is recorded as the part it is, in the row and in the entry', async () => {
    const part = { set: 'sast/build-1', part: 2, of: 3 };
    const received = await valueOf(receive(sarif('part two'), { part }));
    expect((await read.byId(AN_ORGANISATION, received.evidenceId))?.evidence.part).toEqual(part);
    const entry = await valueOf(
      tx<RecordedEntry | undefined, never>(async ({ dispatch }) =>
        ok(await dispatch.recorded(await seqOf(received.entryKey))),
      ),
    );
    expect(entry?.facts.details).toMatchObject({ part });
  });

  it.each([
    [{ set: 'a b', part: 1, of: 1 }, 'set'],
    [{ set: 'a', part: 0, of: 2 }, 'part'],
    [{ set: 'a', part: 3, of: 2 }, 'part'],
    [{ set: 'a', part: 1, of: 10_001 }, 'of'],
    [{ set: 'a', part: 1, of: 1.5 }, 'of'],
  ])('is refused as %j', async (part, path) => {
    expect(await receive(sarif('x'), { part })).toMatchObject({ problem: { kind: 'InvalidInput', path } });
  });

  it('under one key is the same part, or a conflict', async () => {
    const given = { part: { set: 's', part: 1, of: 2 }, idempotencyKey: 'one part' };
    const first = await valueOf(receive(sarif('p'), given));
    expect((await valueOf(receive(sarif('p'), given))).evidenceId).toBe(first.evidenceId);
    const other = await receive(sarif('p'), { ...given, part: { set: 's', part: 2, of: 2 } });
    expect(other).toMatchObject({ problem: { kind: 'IdempotencyConflict' } });
  });
});

describe('evidence that was handed in before', () => {
  it('is handed in again by its digest, stored or received, and is not read again', async () => {
    const packed = gzipSync(sarif('as before'));
    const first = await valueOf(receive(pieces(packed)));
    const report = await valueOf(evidence.normalise(first, await seqOf(first.entryKey)));
    for (const sameAs of [first.storedDigest, first.receivedDigest]) {
      const again = await valueOf(receive('', { sameAs, part: { set: 's', part: 1, of: 1 } }));
      expect(again).toMatchObject({
        storedDigest: first.storedDigest,
        receivedDigest: first.receivedDigest,
        sizeBytes: first.sizeBytes,
        encoding: 'gzip',
      });
      expect(again.evidenceId).not.toBe(first.evidenceId);
      now = NOW + 5000;
      const twin = await valueOf(evidence.normalise(again, await seqOf(again.entryKey)));
      expect(twin).toEqual({
        ...report,
        evidenceId: again.evidenceId,
        normalisedAt: NOW + 5000,
        entryKey: twin.entryKey,
      });
    }
  });

  it('must be of the same organisation', async () => {
    const first = await valueOf(receive(sarif('ours')));
    expect(await receive('', { sameAs: sha256('never seen') })).toMatchObject({
      problem: { path: 'sameAs' },
    });
    const elsewhere = await receive(
      '',
      { sameAs: first.storedDigest },
      { ...BY, orgId: ANOTHER_ORGANISATION },
    );
    expect(elsewhere).toMatchObject({ problem: { path: 'sameAs' } });
  });
});

/** Bytes in small pieces, as a network gives them. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100) yield await Promise.resolve(bytes.subarray(at, at + 100));
}
