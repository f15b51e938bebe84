import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import request from 'supertest';
import type { ToolRun } from '../../src/formats/model/tool-run.js';
import type { Digest } from '../../src/kernel/digest.js';
import { openTestApplication, DAY_MS, type TestApplication } from '../support/application.js';
import { CLEAN, registerBuild, someDigest, type Build } from '../support/shop.js';
import { archiveOf, evidenceOf, handIn, requestScan, scanned, shopFiles, work } from './kit.js';

/** Asking for scans, and what comes of those that cannot run: needs no scanner and no sandbox. */
let app: TestApplication;
let build: Build;
beforeAll(async () => {
  // A folder without scanners: what is asked for here did not run, and that is what this is about.
  app = await openTestApplication({ scannersDir: '/nonexistent', sourceLimitBytes: 100_000 });
  build = await registerBuild(app);
});
afterAll(() => app.close());

const sources = (): string[] => {
  const folder = join(app.platform.config.dataDir, 'sources');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name))
    : [];
};
const ledger = async (kind: string): Promise<{ seq: number; statement: string }[]> =>
  app.database.admin.query(
    `SELECT f.seq::int, f.statement FROM ledger.fact f WHERE f.kind = $1 ORDER BY f.seq`,
    [kind],
  );

const orgId = async (): Promise<string> => {
  const [row] = await app.database.admin.query<{ org_id: string }[]>(
    'SELECT DISTINCT org_id FROM assay.scan',
  );
  return row?.org_id ?? '';
};
const SARIF = CLEAN.sast;
const RUN: ToolRun = {
  scanner: 'bandit',
  tool: { name: 'bandit', version: '1.9.4' },
  kinds: ['sast'],
  outcome: 'FINISHED',
  reasons: [],
  exitStatus: 0,
  files: 6,
  dataDate: null,
  emptyIsClean: false,
};

describe('a request for scans', () => {
  it('is an entry and a task per scanner, and the same one when it is sent again', async () => {
    const source = await handIn(app, await archiveOf(shopFiles()));
    const input = {
      ...build,
      source,
      scanners: ['gitleaks', 'bandit', 'bandit'],
      idempotencyKey: randomUUID(),
    };
    const asked = await app.ask('service', 'request-scan', { input });
    expect(asked).toMatchObject({
      __typename: 'Scan',
      source,
      artefactDigest: build.digest,
      progress: { done: 0, total: 2, etaMs: null },
      tasks: [
        { scanner: 'bandit', state: 'REQUESTED', attempts: 0, outcome: null },
        { scanner: 'gitleaks', state: 'REQUESTED', attempts: 0, outcome: null },
      ],
    });
    expect(await app.ask('service', 'request-scan', { input })).toEqual(asked);
    expect(await ledger('scan.requested')).toHaveLength(2);
    expect(
      await app.ask('service', 'request-scan', { input: { ...input, scanners: ['syft'] } }),
    ).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    await work(app);
  });

  it.each([
    ['nobody knows the scanner', { scanners: ['no-such'] }, { code: 'INVALID_INPUT', path: 'scanners' }],
    ['no scanner is named', { scanners: [] }, { code: 'INVALID_INPUT', path: 'scanners' }],
    ['the source was never handed in', { source: someDigest() }, { code: 'SOURCE_NOT_FOUND' }],
    [
      'the source is a commit',
      { source: `gitCommit:${'a'.repeat(40)}` },
      { code: 'INVALID_INPUT', path: 'source' },
    ],
    [
      'the checkout is a path',
      { source: `gitCommit:${'a'.repeat(40)}`, checkout: '../shop' },
      { code: 'INVALID_INPUT', path: 'checkout' },
    ],
    ['a checkout has no commit', { checkout: 'shop' }, { code: 'INVALID_INPUT', path: 'source' }],
    [
      'the artefact is another commit',
      {
        ...{ digest: `gitCommit:${'b'.repeat(40)}`, source: `gitCommit:${'a'.repeat(40)}`, checkout: 'shop' },
      },
      { code: 'INVALID_INPUT', path: 'source' },
    ],
    ['the build is not registered', { digest: someDigest() }, { code: 'ARTEFACT_NOT_FOUND' }],
    [
      'its context is prose',
      { context: { caseId: 'the one of Ann' } },
      { code: 'INVALID_INPUT', path: 'caseId' },
    ],
  ])('is refused where %s', async (_, change, expected) => {
    const source = await handIn(app, await archiveOf(shopFiles()));
    const before = await ledger('scan.requested');
    expect(
      await app.command('service', 'request-scan', { ...build, source, scanners: ['bandit'], ...change }),
    ).toMatchObject(expected);
    expect(await ledger('scan.requested')).toEqual(before);
  });

  it('is for those who may submit evidence, and so is a source', async () => {
    const { errors } = await app.graphql('auditor', 'request-scan', {
      input: { ...build, source: someDigest(), scanners: ['bandit'], idempotencyKey: 'x' },
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const post = (subject?: string) => {
      const sent = request(app.server).post('/sources');
      return (
        subject === undefined ? sent : sent.set('authorization', `Bearer ${app.tokenFor(subject)}`)
      ).send('x');
    };
    expect((await post('auditor')).status).toBe(403);
    expect((await post()).status).toBe(401);
  });
});

describe('a commit of a checkout', () => {
  it('is asked for by name and digest, recorded so, and judged missing where no worker has it', async () => {
    const source = `gitCommit:${'a'.repeat(40)}`;
    const asked = await app.command('service', 'request-scan', {
      ...{ ...build, source, checkout: 'shop', scanners: ['bandit'] },
    });
    expect(asked.__typename).toBe('Scan');
    expect(await app.ask('auditor', 'scan', { id: asked.id })).toMatchObject({ source, checkout: 'shop' });
    const [entry] = (await ledger('scan.requested')).filter(({ statement }) => statement.includes(asked.id));
    expect(entry?.statement).toContain('"checkout":"shop"');
    await work(app);
    const [task] = (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
    expect(task).toMatchObject({ state: 'DONE', outcome: 'NOT_RUN' });
  });
});

describe('a source', () => {
  it('may be binary, is kept by digest, and is refused when it is too large or nothing', async () => {
    const binary = Buffer.from([0x1f, 0x8b, 0, 0, 255]);
    expect(await handIn(app, binary)).toMatch(/^sha256:[0-9a-f]{64}$/);
    await expect(handIn(app, Buffer.alloc(100_001))).rejects.toThrow(/413.*SOURCE_TOO_LARGE/);
    await expect(handIn(app, Buffer.alloc(0))).rejects.toThrow(/400.*INVALID_INPUT/);
  });

  it('is removed when its last scanner is done, and not before', async () => {
    const archive = await archiveOf(shopFiles({ 'only-here.txt': randomUUID() }));
    const source = await handIn(app, archive);
    const isThere = (): boolean => sources().some((name) => name.endsWith(source.slice('sha256:'.length)));
    const first = await requestScan(app, build, source, ['bandit', 'gitleaks']);
    const second = await requestScan(app, build, source, ['bandit']);
    await app.services.scanWorker.runEntry(first.tasks[0].seq);
    await app.services.scanWorker.runEntry(first.tasks[1].seq);
    expect(isThere()).toBe(true);
    await app.services.scanWorker.runEntry(second.tasks[0].seq);
    expect(isThere()).toBe(false);
    expect(await requestScan(app, build, source, ['bandit'])).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await handIn(app, archive)).toBe(source);
    expect(isThere()).toBe(true);
  });

  it('that nobody asks to scan is removed after a day', async () => {
    await handIn(app, await archiveOf({ 'a.txt': randomUUID() }));
    app.clock.advance(DAY_MS - 1);
    await app.services.sources.sweep();
    const kept = sources().length;
    expect(kept).toBeGreaterThan(0);
    app.clock.advance(2);
    expect(await app.services.sources.sweep()).toBeGreaterThan(0);
    expect(sources().length).toBeLessThan(kept);
  });
});

describe('a scanner that did not run', () => {
  it('leaves evidence that can never pass, and one result', async () => {
    const { bandit } = await scanned(app, build, shopFiles(), ['bandit']);
    expect(bandit).toMatchObject({
      state: 'ERROR',
      outcome: 'NOT_RUN',
      source: 'scan/bandit',
      format: 'assay-scan',
      kinds: ['sast'],
      reasons: [{ code: 'scan.not-installed', params: { scanner: 'bandit' } }],
    });
    expect(bandit.document).toMatchObject({
      tools: [{ name: 'bandit', version: null, versionFrom: 'worker' }],
    });
  });

  it('makes a gate that needs it indeterminate, never pass', async () => {
    const fresh = await registerBuild(app);
    await scanned(app, fresh, shopFiles(), ['bandit', 'gitleaks', 'syft']);
    const decision = await app.command('service', 'evaluate-gate', { gateId: 'GATE_RELEASE', ...fresh });
    expect(['INDETERMINATE', 'FAIL']).toContain(decision.verdict);
    const text = JSON.stringify(decision);
    expect(text).toContain('scan.not-installed');
  });

  it('is run once, however often its job is delivered', async () => {
    const source = await handIn(app, await archiveOf(shopFiles()));
    const asked = await requestScan(app, build, source, ['bandit']);
    const { seq } = asked.tasks[0];
    const results = await Promise.all([1, 2, 3, 4].map(() => app.services.scanWorker.runEntry(seq)));
    expect(results.every((result) => result.ok)).toBe(true);
    const [task] = (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
    expect(task.state).toBe('DONE');
    const rows = await app.database.admin.query(
      `SELECT count(*)::int AS evidence FROM assay.evidence WHERE source = 'scan/bandit' AND stored_digest = $1`,
      [task.evidence],
    );
    const finished = (await ledger('scan.finished')).filter(({ statement }) => statement.includes(asked.id));
    expect(finished).toHaveLength(1);
    expect(rows[0].evidence).toBeGreaterThan(0);
  });

  it('after a worker died between receipt and result, is what was received', async () => {
    const source = await handIn(app, await archiveOf(shopFiles()));
    const asked = await requestScan(app, build, source, ['bandit']);
    const bytes = Buffer.from(SARIF);
    const received = await app.services.evidence.receive(
      {
        artId: build.artId,
        digest: build.digest as Digest,
        stream: Readable.from([bytes]),
        declaredFormat: 'sarif',
        source: 'scan/bandit',
        toolRun: RUN,
        context: {},
        idempotencyKey: `scan ${asked.id} bandit`,
      },
      { orgId: await orgId(), principalId: asked.requestedBy, kind: 'service', roles: [] },
    );
    if (!received.ok) throw new Error(JSON.stringify(received));
    await work(app);
    const [task] = (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
    const { evidenceId } = received.value;
    expect(task).toMatchObject({ state: 'DONE', outcome: 'FINISHED', attempts: 0, evidenceId });
    expect(await evidenceOf(app, task.evidenceId)).toMatchObject({
      state: 'COMPLETE',
      kinds: ['sast'],
      document: { tools: [{ name: 'Bandit', version: '1.9.4', versionFrom: 'worker' }] },
    });
  });

  it('that killed its worker each time ends too', async () => {
    const source = await handIn(app, await archiveOf(shopFiles()));
    const asked = await requestScan(app, build, source, ['bandit']);
    await app.database.admin.query(
      `INSERT INTO assay.scan_run (scan_id, scanner, org_id, attempts, started_at)
       SELECT scan_id, scanner, org_id, 5, now() FROM assay.scan WHERE scan_id = $1`,
      [asked.id],
    );
    await work(app);
    const [task] = (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
    expect(task).toMatchObject({ state: 'DONE', outcome: 'FAILED', attempts: 6 });
    expect(await evidenceOf(app, task.evidenceId)).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'scan.gave-up', params: { attempts: 5 } }],
    });
  });
});
