import { createPublicKey } from 'node:crypto';
import request, { type Response } from 'supertest';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import { CompactRange } from '../../src/ledger/compact-range.js';
import { hashLeaf, HASH_BYTES } from '../../src/ledger/merkle.js';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/merkle-proof.js';
import { logId } from '../../src/ledger/signed-note.js';
import { slotsAt, tileOfSlot, tilePath, TILE_WIDTH } from '../../src/ledger/tile.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { ofAll } from '../../src/app/database/on-behalf-of.js';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('the log over HTTP', () => {
  let app: TestApplication;
  let size: number;

  const get = (path: string, subject: string | undefined = 'auditor'): Promise<Response> => {
    const asking = request(app.server).get(`/log/${path}`).buffer(true).parse(binary);
    if (subject !== '') void asking.set('authorization', `Bearer ${app.tokenFor(subject)}`);
    return Promise.resolve(asking);
  };
  const file = async (path: string): Promise<Buffer> => {
    const answer = await get(path);
    if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)}`);
    return answer.body as Buffer;
  };
  const query = async (text: string, subject = 'auditor'): Promise<Answer> => {
    const answer = await app.post(app.tokenFor(subject), { query: `{ ${text} }` });
    return JSON.parse(answer.text);
  };

  beforeAll(async () => {
    app = await openTestApplication();
    // More than one full tile: artefacts are the cheapest entries there are.
    const [{ org }] = await app.database.admin.query<[{ org: string }]>(
      'SELECT org_id AS org FROM assay.organisation LIMIT 1',
    );
    await app.integrate();
    expect(await appendMany(app, org, 300)).toBe(300);
    await app.integrate();
    size = await signedSize(app);
    expect(size).toBeGreaterThan(TILE_WIDTH);
  }, 60_000);
  afterAll(() => app.close());

  it('is all there: whoever downloads every entry and every hash comes to the signed root', async () => {
    const { keys } = app.platform;
    const publicKey = createPublicKey(keys.logPublic().export({ type: 'spki', format: 'pem' }));
    const name = keys.logOrigin();
    const log = { name, publicKey, keyId: logId(name, publicKey).subarray(0, 4) };
    const signed = openCheckpoint((await file('checkpoint')).toString(), log);
    if (!signed.ok) throw new Error(signed.problem.kind);
    expect(signed.value.size).toBe(size);

    const range = new CompactRange();
    const hashes: Buffer[] = [];
    for (let first = 0; first < size; first += TILE_WIDTH) {
      const path = tilePath(tileOfSlot(0, first, size));
      const entries = unbundled(await file(path.replace('tile/0/', 'tile/entries/')));
      const own = entries.map(hashLeaf);
      expect(Buffer.concat(own).equals(await file(path))).toBe(true);
      for (const hash of own) range.append(hash);
      hashes.push(...own);
    }
    expect(hashes).toHaveLength(size);
    expect(range.root()).toEqual(signed.value.root);
    const level1 = await file(tilePath(tileOfSlot(1, 0, size)));
    expect(level1).toHaveLength(slotsAt(1, size) * HASH_BYTES);
    const firstTile = new CompactRange();
    for (const hash of hashes.slice(0, TILE_WIDTH)) firstTile.append(hash);
    expect(level1.subarray(0, HASH_BYTES)).toEqual(firstTile.root());
  });

  it('gives every width of a tile, as the beginning of a wider one', async () => {
    const whole = await file('tile/0/000');
    expect(whole).toHaveLength(TILE_WIDTH * HASH_BYTES);
    for (const width of [1, 2, 17, 255])
      expect(await file(`tile/0/000.p/${String(width)}`)).toEqual(whole.subarray(0, width * HASH_BYTES));
    const entries = unbundled(await file('tile/entries/000.p/3'));
    expect(Buffer.concat(entries.map(hashLeaf))).toEqual(whole.subarray(0, 3 * HASH_BYTES));
  });

  it('says what it is and how long it may be kept', async () => {
    const checkpoint = await get('checkpoint');
    expect(checkpoint.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'private, max-age=1',
    });
    for (const path of ['tile/0/000', 'tile/entries/000'])
      expect((await get(path)).headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': 'private, max-age=31536000, immutable',
      });
  });

  it('has nothing else, and nobody keeps that for long', async () => {
    const width = size % TILE_WIDTH;
    for (const path of [
      `tile/0/001.p/${String(width + 1)}`,
      'tile/0/001',
      'tile/0/002.p/1',
      'tile/1/000',
      'tile/1/000.p/2',
      'tile/2/000.p/1',
      'tile/64/000',
      'tile/0/0',
      'tile/0/000?x=1',
      'tile/0/%30%30%30',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/entries/001',
      'tile/entries/x000/000',
      'tile/data/000',
      'tile/',
      'tile/../checkpoint/x',
    ]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers['cache-control'] ?? '').not.toContain('immutable');
    }
  });

  it('does not run ahead of the checkpoint', async () => {
    const [{ org }] = await app.database.admin.query<[{ org: string }]>(
      'SELECT org_id AS org FROM assay.organisation LIMIT 1',
    );
    await appendMany(app, org, 1);
    expect((await get(`tile/entries/001.p/${String((size % TILE_WIDTH) + 1)}`)).status).toBe(404);
  });

  it('takes the permission ledger.read', async () => {
    for (const path of ['checkpoint', 'tile/0/000', 'tile/entries/000']) {
      expect((await get(path, '')).status).toBe(401);
      expect((await get(path, 'service')).status).toBe(403);
    }
  });

  it('proves any entry and any two sizes by GraphQL, to whoever recomputes', async () => {
    const hashes = [await file('tile/0/000'), await file(tilePath(tileOfSlot(0, size - 1, size)))];
    const leafHash = (seq: number): Buffer =>
      (hashes[Math.floor(seq / TILE_WIDTH)] ?? Buffer.alloc(0)).subarray(
        (seq % TILE_WIDTH) * HASH_BYTES,
        ((seq % TILE_WIDTH) + 1) * HASH_BYTES,
      );
    for (const [seq, at] of [
      [0, 1],
      [0, size],
      [5, 7],
      [255, 256],
      [256, 257],
      [size - 1, size],
    ] as const) {
      const { data } = await query(
        `inclusionProof(seq: ${String(seq)}, size: ${String(at)}) { leafHash root hashes }`,
      );
      const { leafHash: named, root, hashes: proof } = data.inclusionProof;
      expect(named).toBe(`sha256:${leafHash(seq).toString('hex')}`);
      const claim = { index: seq, size: at, leafHash: leafHash(seq), root: bytes(root) };
      expect(verifyInclusion(claim, proof.map(bytes))).toBe(true);
    }
    for (const [from, to] of [
      [0, size],
      [1, 256],
      [100, size],
      [256, 257],
      [size, size],
    ] as const) {
      const { data } = await query(
        `consistencyProof(from: ${String(from)}, to: ${String(to)}) { fromRoot toRoot hashes }`,
      );
      const { fromRoot, toRoot, hashes: proof } = data.consistencyProof;
      const claim = { oldSize: from, oldRoot: bytes(fromRoot), newSize: to, newRoot: bytes(toRoot) };
      expect(verifyConsistency(claim, proof.map(bytes))).toBe(true);
    }
    const { data } = await query(
      `latest: checkpoint { size root note cosigned } early: checkpoint(size: 1) { size }
       all: inclusionProof(seq: 0, size: ${String(size)}) { root }`,
    );
    expect(data.latest).toMatchObject({ size, root: data.all.root, cosigned: null });
    expect(data.early).toBeNull();
  });

  it('refuses proofs of what is not in the signed tree, and says how far that reaches', async () => {
    const beyond = String(size + 1);
    for (const field of [
      `inclusionProof(seq: 0, size: ${beyond}) { root }`,
      `inclusionProof(seq: 5, size: 5) { root }`,
      `inclusionProof(seq: 0, size: 0) { root }`,
      `inclusionProof(seq: -1, size: 5) { root }`,
      `consistencyProof(from: 6, to: 5) { toRoot }`,
      `consistencyProof(from: 0, to: ${beyond}) { toRoot }`,
      `consistencyProof(from: -1, to: 5) { toRoot }`,
    ]) {
      const { errors } = await query(field);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    }
    expect((await query(`inclusionProof(seq: 0, size: ${beyond}) { root }`)).errors[0].message).toContain(
      String(size),
    );
    expect((await query('inclusionProof(seq: 0, size: 1) { root }', 'service')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('shows one entry by its number', async () => {
    const { data } = await query('ledgerEntry(seq: 0) { seq kind leaf leafHash }');
    expect(data.ledgerEntry).toMatchObject({ seq: 0, kind: 'organisation.created' });
    const hash = hashLeaf(bytes(data.ledgerEntry.leaf));
    expect(data.ledgerEntry.leafHash).toBe(`sha256:${hash.toString('hex')}`);
    for (const seq of ['-1', '999999'])
      expect((await query(`ledgerEntry(seq: ${seq}) { seq }`)).data).toEqual({ ledgerEntry: null });
  });
});

describe('the log of a service that is configured so', () => {
  it('is anybody’s to read, and to keep', async () => {
    const app = await openTestApplication({ logPublic: true });
    try {
      const ask = (path: string): Promise<Response> =>
        Promise.resolve(request(app.server).get(`/log/${path}`));
      expect((await ask('checkpoint')).status).toBe(404);
      expect((await ask('checkpoint')).headers['cache-control']).toBe('no-store');
      await app.integrate();
      expect((await ask('checkpoint')).headers['cache-control']).toBe('public, max-age=1');
      const tile = await ask('tile/0/000.p/1');
      expect([tile.status, tile.headers['cache-control']]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect((await app.post(undefined, { query: '{ checkpoint { size } }' })).text).toContain(
        'UNAUTHENTICATED',
      );
    } finally {
      await app.close();
    }
  }, 30_000);
});

async function signedSize(app: TestApplication): Promise<number> {
  const [row] = await app.database.admin.query<{ size: string }[]>(
    'SELECT max(size) AS size FROM ledger.checkpoint',
  );
  return Number(row?.size);
}

/** Copies of an entry that is there, under keys of their own: what the tree is made of, without what it is about. */
async function appendMany(app: TestApplication, org: string, count: number): Promise<number> {
  const rows = await ofAll(app.database.service.manager).query<unknown[]>(
    `SELECT a.* FROM ledger.fact f JOIN ledger.entry e ON e.seq = f.seq, generate_series(1, $2::int) AS n
     CROSS JOIN LATERAL ledger.append_batch(e.leaf, f.statement, '[]',
       substr(sha256(convert_to(n::text || clock_timestamp()::text, 'UTF8')), 1, 16), e.content_digest) AS a
     WHERE f.seq = (SELECT min(seq) FROM ledger.fact WHERE org_id = $1 AND kind = 'project.created')`,
    [org, count],
  );
  return rows.length;
}

function unbundled(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

function binary(given: Response, done: (error: Error | null, body: Buffer) => void): void {
  const response = given as unknown as NodeJS.ReadableStream; // superagent's types say otherwise
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => {
    done(null, Buffer.concat(chunks));
  });
}
