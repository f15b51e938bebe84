import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request, { type Response } from 'supertest';
import { statusIndexCommand } from '../../src/app/cli/status-index.io.js';
import { sha256 } from '../../src/kernel/digest.js';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { catchUp } from '../support/drift.js';
import { CLEAN, evaluate, judgeableBuild, registerBuild, uploadAll, type Build } from '../support/shop.js';

let app: TestApplication;
let failing: Build;
let decisions: Answer[];
beforeAll(async () => {
  app = await openTestApplication();
  failing = await judgeableBuild(app);
  const first = await evaluate(app, failing, { context: { caseId: 'SHOP-7', role: 'QA' } });
  const bare = await registerBuild(app);
  await evaluate(app, bare);
  app.clock.advance(MINUTE_MS);
  await uploadAll(app, failing, [CLEAN.sast]);
  await app.normalise();
  const second = await evaluate(app, failing, { context: { caseId: 'SHOP-7', role: 'QA' } });
  decisions = [first, second];
}, 120_000);
afterAll(() => app.close());

const download = (headers: Record<string, string> = {}, subject = 'auditor'): Promise<Response> =>
  request(app.server)
    .get('/status-index.json')
    .set({ authorization: `Bearer ${app.tokenFor(subject)}`, ...headers });

describe('status-index.json', () => {
  it('has the current result of every artefact at every gate, with hashes and versions', async () => {
    const { status, body, headers } = await download();
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body.model).toBe('assay.status-index/1');
    const [entries] = await app.database.admin.query('SELECT max(seq) + 1 AS size FROM ledger.fact');
    expect(body.ledgerSize).toBe(Number(entries.size));
    const mine = body.items.filter(({ artefactHash }: Answer) => artefactHash === failing.digest);
    const [, latest] = decisions;
    expect(mine).toEqual([
      {
        gateId: 'GATE_RELEASE',
        artId: failing.artId,
        artefactHash: failing.digest,
        result: latest.verdict,
        resultWithoutWaivers: latest.verdictWithoutWaivers,
        checklistVersion: `${latest.checklist.chkId}@${latest.checklist.version}`,
        checklistHash: latest.checklist.digest,
        inputsHash: latest.inputsDigest,
        decisionHash: latest.documentDigest,
        decisionId: latest.id,
        seq: expect.any(Number),
        asOf: latest.asOf,
        validUntil: latest.validUntil,
        stale: false,
      },
    ]);
  });

  it('has equal bytes for an equal ledger, also when its read model was made anew', async () => {
    const before = await download();
    await app.database.admin.query('DELETE FROM assay.standing_decision');
    await app.database.admin.query(`DELETE FROM ledger.cursor WHERE reader = 'drift'`);
    const after = await download();
    expect(sha256(after.text)).toBe(sha256(before.text));
    expect(after.headers['etag']).toBe(before.headers['etag']);
  });

  it('is not sent again to who has it, until something is recorded', async () => {
    const etag = String((await download()).headers['etag']);
    expect((await download({ 'if-none-match': etag })).status).toBe(304);
    await registerBuild(app);
    const { status, headers } = await download({ 'if-none-match': etag });
    expect(status).toBe(200);
    expect(headers['etag']).not.toBe(etag);
  });

  it('is answered to nobody without a token', async () => {
    expect((await request(app.server).get('/status-index.json')).status).toBe(401);
  });

  it('comes in pages over GraphQL, the same ones', async () => {
    const { body } = await download();
    const nodes: Answer[] = [];
    for (let after: string | undefined; ;) {
      const page = await app.ask('auditor', 'status-index', { first: 1, after });
      expect(page).toMatchObject({ ledgerSize: body.ledgerSize, totalCount: body.items.length });
      nodes.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(nodes).toEqual(body.items);
  });
});

describe('standing decisions', () => {
  it('are listed with why they are stale, and how far judging them again has come', async () => {
    await uploadAll(app, failing, [CLEAN.secrets]);
    await app.normalise();
    await app.services.staleMarker.follow();
    const listed = await app.ask('auditor', 'standing-decisions', { stale: true, project: 'shop' });
    expect(listed.totalCount).toBe(1);
    expect(listed.nodes).toMatchObject([
      {
        ...{
          gateId: 'GATE_RELEASE',
          artefactDigest: failing.digest,
          decisionId: decisions[1].id,
          stale: true,
        },
        causes: [{ kind: 'EVIDENCE_NORMALISED', seq: expect.any(Number) }],
      },
    ]);
    expect(await app.ask('auditor', 'rejudging')).toMatchObject({ total: 1, done: 0, etaMs: null });
    app.clock.advance(MINUTE_MS);
    await catchUp(app);
    expect(await app.ask('auditor', 'rejudging')).toEqual({ total: 1, done: 1, unchecked: 0, etaMs: 0 });
    expect((await app.ask('auditor', 'standing-decisions', { stale: true })).totalCount).toBe(0);
    expect((await app.ask('auditor', 'standing-decisions', { project: 'no-such' })).totalCount).toBe(0);
  });

  it('refuse a cursor that they did not give', async () => {
    const { errors } = await app.graphql('auditor', 'standing-decisions', { after: 'nonsense' });
    expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  });
});

describe('two decisions on one artefact', () => {
  it('differ because of the evidence that came between, and each rule says so', async () => {
    const [a, b] = decisions;
    const diff = await app.ask('auditor', 'decision-diff', { a: a.id, b: b.id });
    expect(diff).toMatchObject({
      __typename: 'DecisionDiff',
      causes: ['EVIDENCE'],
      verdictBefore: a.verdict,
    });
    expect(diff.inputs).toHaveLength(1);
    expect(diff.inputs[0]).toMatchObject({ cause: 'EVIDENCE', before: null });
    for (const rule of diff.rules) expect(rule.because).toEqual(['EVIDENCE']);
  });

  it('cannot be compared when one is not there', async () => {
    const diff = await app.ask('auditor', 'decision-diff', { a: decisions[0].id, b: 'nobody' });
    expect(diff).toMatchObject({ __typename: 'DecisionNotFound', decisionId: 'nobody' });
  });
});

describe('pictures', () => {
  it('show a decision as tree, Markdown and Mermaid', async () => {
    const picture = await app.ask('auditor', 'decision-picture', { id: decisions[0].id });
    expect(picture.nodes[0]).toMatchObject({ kind: 'DECISION', outcome: decisions[0].verdict });
    expect(picture.nodes.filter(({ kind }: Answer) => kind === 'RULE')).toHaveLength(
      decisions[0].rules.length,
    );
    expect(picture.mermaid).toMatch(/^flowchart LR\n {2}d\["/);
    expect(picture.markdown).toMatch(/^- \*\*FAIL\*\* GATE/);
    expect(await app.ask('auditor', 'decision-picture', { id: 'nobody' })).toBeNull();
  });

  it('show a case as a timeline', async () => {
    const story = await app.ask('auditor', 'case-timeline', { caseId: 'SHOP-7' });
    expect(story.events.map(({ kind }: Answer) => kind)).toContain('decision.recorded');
    expect(story.mermaid).toMatch(/^timeline\n {2}title Case SHOP-7\n/);
    expect(story.mermaid.split('\n').filter((line: string) => line.includes(' : '))).toHaveLength(
      story.totalCount,
    );
  });
});

describe('assay status-index', () => {
  it('writes the very bytes that the service answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-index-'));
    const out = join(folder, 'status-index.json');
    const { text } = await download();
    const before = { ...process.env };
    Object.assign(process.env, { ASSAY_URL: await app.api.getUrl(), ASSAY_TOKEN: app.tokenFor('auditor') });
    try {
      expect(await statusIndexCommand(['--out', out])).toBe(0);
      expect(readFileSync(out, 'utf8')).toBe(text);
      await expect(statusIndexCommand(['--nonsense'])).rejects.toThrow(/nonsense/);
    } finally {
      process.env = before;
      rmSync(folder, { recursive: true });
    }
  });
});
