import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import request, { type Response } from 'supertest';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import type { BlobStore } from '../../src/kernel/blob.js';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { decisionsIn, PackTaker } from '../support/export.js';
import { evaluate, judgeableBuild, someDigest, type Build } from '../support/shop.js';
import { filesOfTar } from '../support/tar.js';

// Packs are made, and builds judged, beside whatever else runs here.
jest.setTimeout(60_000);

let app: TestApplication;
let packs: PackTaker;
let build: Build;
let decision: Answer;

beforeAll(async () => {
  app = await openTestApplication();
  packs = new PackTaker(app);
  build = await judgeableBuild(app);
  decision = await evaluate(app, build);
  app.clock.advance(MINUTE_MS);
  await app.integrate();
});
afterAll(() => app.close());

describe('the same request', () => {
  const makingAgain = async (seq: number, blobs?: BlobStore): Promise<unknown> => {
    const services = app.workerServices(blobs ? { blobs } : {});
    try {
      return await services.packMaker.makeEntry(seq);
    } finally {
      await services.close();
    }
  };
  /** As the real one, until it dies: after all bytes are stored, or after so many chunks. */
  const dying = (afterChunks: number, stored: (digest: string) => void = () => undefined): BlobStore => {
    const { blobs } = app.platform;
    return {
      put: (...given) => blobs.put(...given),
      get: (...given) => blobs.get(...given),
      open: (...given) => blobs.open(...given),
      putStream: async (orgId, source) => {
        let chunks = 0;
        const cut = async function* (): AsyncIterable<Uint8Array> {
          for await (const chunk of source) {
            if ((chunks += 1) > afterChunks) throw new Error('killed');
            yield chunk;
          }
        };
        const { digest } = await blobs.putStream(orgId, cut());
        stored(digest);
        throw new Error('killed');
      },
    };
  };

  it('gives the same bytes after a worker’s death, later, and when the log has grown', async () => {
    const asked = await packs.ask({ artefactDigest: build.digest });
    await expect(makingAgain(asked.seq, dying(20))).rejects.toThrow('killed');
    expect(await packs.shown(asked.id)).toMatchObject({
      state: 'FAILED',
      failure: 'INTERRUPTED',
      pack: null,
    });
    const digests: string[] = [];
    await expect(
      makingAgain(
        asked.seq,
        dying(Infinity, (d) => digests.push(d)),
      ),
    ).rejects.toThrow('killed');
    expect(await packs.entriesAbout('export.made', asked.id)).toEqual([]);

    app.clock.advance(60 * MINUTE_MS);
    await evaluate(app, build, { gateId: 'GATE_RELEASE' });
    await app.integrate();
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: true });
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: true });
    const { pack, state } = await packs.shown(asked.id);
    expect(state).toBe('DONE');
    expect(digests).toEqual([pack.digest]);
    expect(await packs.entriesAbout('export.made', asked.id)).toHaveLength(1);
  });

  it('made by two workers at the same time is one pack and one entry', async () => {
    const asked = await packs.ask();
    const made = await Promise.all([makingAgain(asked.seq), makingAgain(asked.seq)]);
    expect(made).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await packs.entriesAbout('export.made', asked.id)).toHaveLength(1);
  });

  it('under the same key is the same export, also when the log has grown; another request is refused', async () => {
    const input = { gateId: 'GATE_DOD', idempotencyKey: randomUUID() };
    const asked = await packs.ask(input);
    await app.integrate();
    expect(await packs.ask(input)).toEqual({ ...asked, seq: asked.seq });
    expect(await packs.ask({ ...input, gateId: 'GATE_RELEASE' })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect((await packs.ask(input, 'officer')).id).not.toBe(asked.id);
    await app.makePacks();
  });

  it('is not signed for when its row is not what its entry records', async () => {
    const asked = await packs.ask({ gateId: 'GATE_DOD' });
    const superuser = (sql: string): Promise<unknown> => app.database.admin.query(sql);
    await superuser('ALTER TABLE assay.export DISABLE TRIGGER export_immutable');
    await superuser(`UPDATE assay.export SET query = '{}' WHERE export_id = '${String(asked.id)}'`);
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: false });
    expect(await packs.shown(asked.id)).toMatchObject({
      state: 'FAILED',
      failure: 'LEDGER_CONTRADICTS',
      pack: null,
    });
    await superuser(
      `UPDATE assay.export SET query = '{"gateId": "GATE_DOD"}' WHERE export_id = '${String(asked.id)}'`,
    );
    await superuser('ALTER TABLE assay.export ENABLE ALWAYS TRIGGER export_immutable');
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: true });
    expect(await packs.shown(asked.id)).toMatchObject({ state: 'DONE', failure: null });
  });

  it('is not signed with another key than it names', async () => {
    const { exportKeyFile } = app.platform.config;
    const asked = await packs.ask();
    const key = readFileSync(exportKeyFile);
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(exportKeyFile, other);
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: false });
    expect(await packs.shown(asked.id)).toMatchObject({ state: 'FAILED', failure: 'EXPORT_KEY_CHANGED' });
    writeFileSync(exportKeyFile, key);
    expect(await makingAgain(asked.seq)).toMatchObject({ ok: true });
  });
});

describe('who may', () => {
  it('ask and take is what the access policy says', async () => {
    const asked = await packs.ask();
    await app.makePacks();
    const code = async (subject: string): Promise<string | undefined> =>
      (await app.graphql(subject, 'request-export', { input: { idempotencyKey: randomUUID() } })).errors?.[0]
        ?.extensions.code;
    expect(await Promise.all(['developer', 'approver', 'admin', 'service'].map(code))).toEqual(
      Array(4).fill('FORBIDDEN'),
    );
    const status = async (subject: string): Promise<number> => (await packs.get(asked.id, subject)).status;
    expect(await Promise.all(['developer', 'admin', 'data-protection'].map(status))).toEqual([403, 200, 200]);
    await request(app.server)
      .get(`/exports/${String(asked.id)}`)
      .expect(401);
  });

  it('see nothing of another organisation’s', async () => {
    const { root, jwtIssuer: issuer, opaPath } = app.platform.config;
    expect(opaPath).toBeDefined();
    const organisation = { ...DEMO_SETUP.organisation, slug: 'other', name: 'Another organisation' };
    const { logger } = app.platform;
    await applySetup(app.services, { ...DEMO_SETUP, organisation }, { root, issuer, logger });
    await app.integrate();
    const { id } = await packs.ask();
    await app.makePacks();
    const token = app.tokenFor('auditor', 'other');
    const answered = async (query: string): Promise<Answer> =>
      JSON.parse((await app.post(token, { query })).text).data;
    expect(await answered(`{ export(id: "${String(id)}") { id } exports { totalCount } }`)).toEqual({
      export: null,
      exports: { totalCount: 0 },
    });
    const refused: Response = await packs.get(id).set('authorization', `Bearer ${token}`);
    expect(refused.status).toBe(404);
    const { requestExport } = await answered(
      `mutation { requestExport(input: { idempotencyKey: "theirs" }) { ... on EvidenceExport { id } } }`,
    );
    await app.makePacks();
    const theirs = (await packs.get(requestExport.id).set('authorization', `Bearer ${token}`)).body as Buffer;
    const files = filesOfTar(theirs);
    expect(decisionsIn(files)).toEqual([]);
    const text = [...files].filter(([path]) => !path.startsWith('tile/')).join('\n');
    expect(text).not.toContain(decision.id);
  });

  it('page through what was asked for, newest first', async () => {
    const page = await app.ask('auditor', 'exports', { first: 3 });
    expect(page.nodes).toHaveLength(3);
    const rest = await app.ask('auditor', 'exports', { first: 200, after: page.pageInfo.endCursor });
    const all: Answer[] = [...page.nodes, ...rest.nodes];
    expect(all).toHaveLength(page.totalCount);
    expect(new Set(all.map(({ id }) => id)).size).toBe(page.totalCount);
    const requested = all.map(({ requestedAt }) => requestedAt);
    expect(requested).toEqual([...requested].sort().reverse());
    const { errors } = await app.graphql('auditor', 'exports', { after: 'nowhere' });
    expect(errors?.[0]?.message).toContain('not a cursor');
  });
});

describe('what cannot be asked for', () => {
  const someNote = (): Promise<Answer> => app.ask('auditor', 'checkpoint');

  it.each([
    ['a time that ends before it begins', { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }, 'to'],
    ['a request without a name', { idempotencyKey: '' }, 'idempotencyKey'],
    ['a checkpoint that is none', { previousCheckpoint: 'not a note' }, 'previousCheckpoint'],
    ['a checkpoint without end', { previousCheckpoint: 'x'.repeat(20_000) }, 'previousCheckpoint'],
  ])('is %s, and the answer says where', async (_what, input, field) => {
    expect(await packs.ask(input)).toMatchObject({ code: 'INVALID_INPUT', path: `input.${field}` });
  });

  it('is a checkpoint of another log, or one that was changed', async () => {
    const { note } = await someNote();
    const [origin] = note.split('\n');
    for (const other of [note.replaceAll(origin, 'other.example'), note.replace(/\n(\d+)\n/, '\n1$1\n')])
      expect(await packs.ask({ previousCheckpoint: other })).toMatchObject({
        path: 'input.previousCheckpoint',
      });
  });

  it('is what does not exist: a slip of the pen must not look like good news', async () => {
    expect(await packs.ask({ gateId: 'GATE_RELAESE' })).toMatchObject({ code: 'GATE_NOT_FOUND' });
    expect(await packs.ask({ projectId: 'shpo' })).toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    expect(await packs.ask({ artefactDigest: someDigest() })).toMatchObject({
      code: 'ARTEFACT_NOT_FOUND',
    });
  });

  it('is a pack under a name that is none', async () => {
    await packs.get(randomUUID()).expect(404);
    await packs.get('x').expect(404);
    await packs.get('x%00').expect(404);
  });
});
