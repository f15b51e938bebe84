import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey, verify } from 'node:crypto';
import request from 'supertest';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { openKeys } from '../../src/app/platform/keys.io.js';
import { sha256 } from '../../src/kernel/digest.js';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { decisionsIn, manifestOf, PackTaker } from '../support/export.js';
import { evaluate, judgeableBuild, type Build } from '../support/shop.js';
import { filesOfTar } from '../support/tar.js';

// Packs are made, and builds judged, beside whatever else runs here.
jest.setTimeout(60_000);

let app: TestApplication;
let packs: PackTaker;
let first: Build;
let second: Build;
/** Of the four decisions, in their order; a minute lies between them. */
let decided: Answer[];
const times: number[] = [];

beforeAll(async () => {
  app = await openTestApplication();
  packs = new PackTaker(app);
});
afterAll(() => app.close());

describe('before the integrator has signed', () => {
  it('nothing can be asked for, and that is said', async () => {
    expect(await packs.ask()).toMatchObject({ __typename: 'NoCheckpointYet', code: 'NO_CHECKPOINT_YET' });
    expect((await app.ask('auditor', 'ledger', { filter: { kind: 'export.requested' } })).nodes).toEqual([]);
  });
});

describe('an evidence pack', () => {
  let asked: Answer;
  let files: Map<string, Buffer>;

  beforeAll(async () => {
    first = await judgeableBuild(app);
    second = await judgeableBuild(app);
    decided = [];
    for (const [build, gateId] of [
      [first, 'GATE_RELEASE'],
      [first, 'GATE_DOD'],
      [second, 'GATE_RELEASE'],
      [second, 'GATE_DOD'],
    ] as const) {
      times.push(app.clock.now());
      decided.push(await evaluate(app, build, { gateId }));
      app.clock.advance(MINUTE_MS);
    }
    await app.integrate();
  });

  it('is asked for on record, with all that it will depend on', async () => {
    asked = await packs.ask({ gateId: 'GATE_RELEASE', from: new Date(times[0]!).toISOString() });
    const checkpoint = await app.ask('auditor', 'checkpoint');
    expect(asked).toMatchObject({
      __typename: 'EvidenceExport',
      state: 'REQUESTED',
      seq: checkpoint.size,
      uncoveredEntries: 0,
      checkpoint: { size: checkpoint.size, note: checkpoint.note, vkey: checkpoint.vkey },
      query: { gateId: 'GATE_RELEASE', to: null, projectId: null, artefactDigest: null },
    });
    const [entry] = await packs.entriesAbout('export.requested', asked.id);
    const exportKey = openKeys(app.platform.config, 'api').exportPublic();
    expect(entry).toMatchObject({
      seq: asked.seq,
      facts: {
        gateId: 'GATE_RELEASE',
        actor: expect.stringMatching(/^p_/),
        details: {
          query: { gateId: 'GATE_RELEASE', from: new Date(times[0]!).toISOString() },
          checkpoint: { size: checkpoint.size, root: checkpoint.root, note: sha256(checkpoint.note) },
          settings: { exportKey: sha256(exportKey.export({ type: 'spki', format: 'der' })) },
        },
      },
    });
    expect(await packs.shown(asked.id)).toMatchObject({
      state: 'REQUESTED',
      pack: null,
      viewerCan: [{ action: 'download', allowed: false, reasonCode: 'export-not-made' }],
    });
    const early = await packs.get(asked.id).expect(409);
    expect(String(early.body)).toContain('EXPORT_NOT_MADE');
  });

  it('is made by the worker, whom the entry wakes, and that is on record too', async () => {
    const worker = await openWorker(app.platform.config);
    try {
      for (let tries = 0; (await packs.shown(asked.id)).state !== 'DONE'; tries += 1) {
        if (tries > 300) throw new Error(`waited in vain: ${JSON.stringify(await packs.shown(asked.id))}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await worker.close();
    }
    const record = await packs.shown(asked.id);
    expect(record.progress.done).toBe(record.progress.total);
    expect(record).toMatchObject({
      pack: { path: `/exports/${asked.id}`, entries: asked.checkpoint.size, decisions: 2 },
      viewerCan: [{ action: 'download', allowed: true, reasonCode: 'ok' }],
    });
    expect(await packs.entriesAbout('export.made', asked.id)).toMatchObject([
      {
        facts: {
          actor: 'system',
          details: {
            requestSeq: asked.seq,
            packDigest: record.pack.digest,
            sizeBytes: record.pack.sizeBytes,
            counts: { decisions: 2 },
          },
        },
      },
    ]);
  });

  it('is handed over as the bytes on record, and each hand-over is an entry', async () => {
    const { pack } = await packs.shown(asked.id);
    const taken = await packs.get(asked.id).expect(200);
    expect(taken.headers).toMatchObject({
      'content-type': 'application/x-tar',
      'content-length': String(pack.sizeBytes),
      'content-disposition': expect.stringMatching(
        /^attachment; filename="assay-evidence-[0-9a-f]{8}\.tar"$/,
      ),
      etag: `"${pack.digest}"`,
    });
    expect(sha256(taken.body as Buffer)).toBe(pack.digest);
    expect(await packs.entriesAbout('export.handed-over', asked.id)).toHaveLength(1);
    await packs.get(asked.id, 'officer').expect(200);
    const handed = await packs.entriesAbout('export.handed-over', asked.id);
    expect(handed.map(({ facts }) => facts.details.packDigest)).toEqual([pack.digest, pack.digest]);
    expect(new Set(handed.map(({ facts }) => facts.actor)).size).toBe(2);

    await packs.get(asked.id, 'auditor', { 'if-none-match': `"x", "${pack.digest}"` }).expect(304);
    await request(app.server)
      .head(`/exports/${asked.id}`)
      .set('authorization', `Bearer ${app.tokenFor('auditor')}`)
      .expect(200)
      .expect('content-length', String(pack.sizeBytes));
    expect(await packs.entriesAbout('export.handed-over', asked.id)).toHaveLength(2);
    files = filesOfTar(taken.body as Buffer);
  });

  it('goes on where a download broke off, as long as it is the same pack', async () => {
    const { pack } = await packs.shown(asked.id);
    const size = Number(pack.sizeBytes);
    const whole = (await packs.get(asked.id).expect(200).expect('accept-ranges', 'bytes')).body as Buffer;
    const tag = `"${pack.digest}"`;
    const part = async (range: string, more: Record<string, string> = {}) =>
      packs.get(asked.id, 'auditor', { range, ...more });
    const cut = 1 + Math.floor(size / 3);
    const rest = await part(`bytes=${String(cut)}-`, { 'if-range': tag });
    expect(rest.status).toBe(206);
    expect(rest.headers).toMatchObject({
      'content-range': `bytes ${String(cut)}-${String(size - 1)}/${String(size)}`,
      'content-length': String(size - cut),
      etag: tag,
    });
    expect(sha256(Buffer.concat([whole.subarray(0, cut), rest.body as Buffer]))).toBe(pack.digest);
    const middle = await part('bytes=512-1023');
    expect([middle.status, (middle.body as Buffer).equals(whole.subarray(512, 1024))]).toEqual([206, true]);
    expect((await part('bytes=-7')).body).toEqual(whole.subarray(-7));

    const before = (await packs.entriesAbout('export.handed-over', asked.id)).length;
    const outside = await part(`bytes=${String(size)}-`);
    expect(outside.status).toBe(416);
    expect(outside.headers['content-range']).toBe(`bytes */${String(size)}`);
    expect(outside.headers['content-type']).toMatch(/json/);
    await packs.get(asked.id, 'auditor', { range: 'bytes=0-9', 'if-none-match': tag }).expect(304);
    expect(await packs.entriesAbout('export.handed-over', asked.id)).toHaveLength(before);
    // Another pack under this id there cannot be; who has bytes of something else gets all of this one.
    const other = await part('bytes=0-9', { 'if-range': '"sha256:00"' });
    expect([other.status, (other.body as Buffer).length]).toEqual([200, size]);
    expect(await packs.entriesAbout('export.handed-over', asked.id)).toHaveLength(before + 1);
  });

  it('has a manifest that names every other file and is signed under the key of the request', async () => {
    const { envelope, statement } = manifestOf(files);
    const pae = Buffer.concat([
      Buffer.from(
        `DSSEv1 28 application/vnd.in-toto+json ${Buffer.from(envelope.payload, 'base64').length} `,
      ),
      Buffer.from(envelope.payload, 'base64'),
    ]);
    const key = createPublicKey(String(files.get('export.pub')));
    expect(verify(null, pae, key, Buffer.from(envelope.signatures[0].sig, 'base64'))).toBe(true);
    const named = Object.fromEntries(
      statement.subject.map(({ name, digest }: Answer) => [name, `sha256:${digest.sha256}`]),
    );
    const others = [...files].filter(([path]) => path !== 'manifest.intoto.json');
    expect(named).toEqual(Object.fromEntries(others.map(([path, bytes]) => [path, sha256(bytes)])));
    const [entry] = await packs.entriesAbout('export.requested', asked.id);
    expect(statement.predicate).toMatchObject({
      format: 1,
      request: {
        seq: asked.seq,
        actor: entry.facts.actor,
        leafHash: entry.leafHash.slice('sha256:'.length),
        query: entry.facts.details.query,
      },
      checkpoint: { size: asked.checkpoint.size },
      counts: { entries: asked.checkpoint.size, decisions: 2, gaps: 0 },
    });
    expect(String(files.get('checkpoint'))).toBe(asked.checkpoint.note);
  });

  it('holds what the query selects, and nothing else', async () => {
    const ids = decided.map(({ id }) => id);
    expect(decisionsIn(files)).toEqual([ids[0], ids[2]]);
    const at = (index: number): string => new Date(times[index]!).toISOString();
    const selected = async (input: object): Promise<string[]> =>
      decisionsIn((await packs.packOf(input)).files);
    expect(await selected({})).toEqual(ids);
    expect(await selected({ from: at(1), to: at(3) })).toEqual([ids[1], ids[2]]);
    expect(await selected({ artefactDigest: second.digest })).toEqual([ids[2], ids[3]]);
    expect(await selected({ projectId: 'shop', gateId: 'GATE_DOD' })).toEqual([ids[1], ids[3]]);
    expect(await selected({ to: at(0) })).toEqual([]);
  });

  it('carries the checkpoint that the auditor kept, once it is one of this log', async () => {
    const { note } = await app.ask('auditor', 'checkpoint');
    await app.integrate();
    const { asked: again, files: with_ } = await packs.packOf({ previousCheckpoint: note });
    expect(again.previousCheckpoint).toBe(sha256(note));
    expect(again.checkpoint.note).not.toBe(note);
    expect(String(with_.get('previous-checkpoint'))).toBe(note);
    expect(`sha256:${manifestOf(with_).statement.predicate.previousCheckpoint}`).toBe(sha256(note));
  });
});
