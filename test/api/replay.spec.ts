import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../src/kernel/digest.js';
import { hexOf, sha256 } from '../../src/kernel/digest.js';
import { parseDecision, type Decision } from '../../src/gate/decision.js';
import { rulesAsked } from '../../src/gate/second-opinion.service.js';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import {
  CLEAN,
  evaluate,
  judgeableBuild,
  registerBuild,
  uploadAll,
  waiverFor,
  type Build,
} from '../support/shop.js';

describe('a recorded decision', () => {
  let app: TestApplication;
  let build: Build;
  const byName = new Map<string, Answer>();
  const replayed = (name: string): Promise<Answer> =>
    app.ask('auditor', 'replay-decision', { id: byName.get(name).id });
  const stored = async (name: string): Promise<Decision> => {
    const { orgId } = await owner();
    return (await app.services.gateRead.decision(orgId, byName.get(name).id as string))!;
  };
  const owner = async (): Promise<{ orgId: string }> => {
    const [row] = await app.database.admin.query<{ orgId: string }[]>(
      `SELECT org_id AS "orgId" FROM assay.decision LIMIT 1`,
    );
    return row!;
  };
  /** The file of a blob, wherever the store keeps it. */
  const blobFile = (digest: Digest): string => {
    const folder = app.platform.config.dataDir;
    const found = readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .find((path) => path.replaceAll(/[\\/]/g, '').endsWith(hexOf(digest)));
    if (found === undefined) throw new Error(`no blob ${digest}`);
    return found;
  };
  /** Changes or removes a blob while `work` runs. */
  const without = async (digest: Digest, change: 'MISSING' | 'CHANGED', work: () => Promise<void>) => {
    const path = blobFile(digest);
    const bytes = readFileSync(path);
    rmSync(path);
    if (change === 'CHANGED') writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]));
    try {
      await work();
    } finally {
      rmSync(path, { force: true });
      writeFileSync(path, bytes);
    }
    expect(existsSync(path)).toBe(true);
  };

  beforeAll(async () => {
    app = await openTestApplication();
    build = await judgeableBuild(app);
    byName.set('failing', await evaluate(app, build));
    const waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'coverage-floor'));
    byName.set('with a requested waiver', await evaluate(app, build, { rejudge: true }));
    await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    byName.set('with a waiver', await evaluate(app, build));
    app.clock.advance(DAY_MS);
    await app.command('officer', 'revoke-waiver', { waiverId: waiver.id, note: 'No longer' });
    byName.set('with a revoked waiver', await evaluate(app, build, { rejudge: true }));
    const good = await registerBuild(app);
    await uploadAll(app, good, Object.values(CLEAN));
    await app.normalise();
    byName.set('clean', await evaluate(app, good));
    app.clock.advance(400 * DAY_MS);
    byName.set('with stale evidence', await evaluate(app, good, { rejudge: true }));
    const bare = await registerBuild(app);
    byName.set('without evidence', await evaluate(app, bare));

    // Everything moves on: new evidence, a new checklist version, time.
    await uploadAll(app, good, Object.values(CLEAN), { source: 'ci/later' });
    await app.normalise();
    const stricter = await app.command('officer', 'publish-checklist', {
      chkId: 'CHK_DOD',
      title: { en: 'Stricter', nl: 'Strenger' },
      policies: [{ policyId: 'definition-of-done', version: '1.1.0', parameters: { coverage_floor: 99 } }],
    });
    expect(stricter.__typename).not.toMatch(/Invalid|Problem/);
    app.clock.advance(DAY_MS);
  }, 60_000);
  afterAll(() => app.close());

  it.each([
    ['failing', 'FAIL'],
    ['with a requested waiver', 'FAIL'],
    ['with a waiver', 'FAIL'],
    ['with a revoked waiver', 'FAIL'],
    ['clean', 'PASS'],
    ['with stale evidence', 'INDETERMINATE'],
    ['without evidence', 'INDETERMINATE'],
  ])('%s (%s) comes out the same, byte for byte', async (name, verdict) => {
    const decision = byName.get(name);
    expect(decision.verdict).toBe(verdict);
    expect(await replayed(name)).toEqual({
      decisionId: decision.id,
      same: true,
      documentDigest: decision.documentDigest,
      differs: [],
    });
  });

  it('takes the waivers as they stood', async () => {
    const applied = async (name: string): Promise<number> =>
      parseDecision(await stored(name)).waivers.applied.length;
    expect(await applied('with a waiver')).toBe(1);
    expect(await applied('with a revoked waiver')).toBe(0);
  });

  it('of our own failure comes out the same where its cause is recorded, and says so where it is not', async () => {
    // Of a report that nobody has judged upon: what was read and checked once may be in memory.
    const fresh = await registerBuild(app);
    const coverage = `${CLEAN.coverage}example.org/shop/${randomUUID()}.go:1.1,2.2 10 1\n`;
    await uploadAll(app, fresh, Object.values({ ...CLEAN, coverage }));
    await app.normalise();
    const [report] = await app.database.admin.query<{ document: Digest }[]>(
      `SELECT r.document_digest AS document FROM assay.evidence_report r JOIN assay.evidence e USING (evidence_id)
        WHERE e.stored_digest = $1`,
      [sha256(coverage)],
    );
    await without(report!.document, 'MISSING', async () => {
      const unreadable = await evaluate(app, fresh);
      expect(unreadable.verdict).toBe('ERROR');
      byName.set('unreadable', unreadable);
      expect(await replayed('unreadable')).toMatchObject({ same: true });
    });
    expect(await replayed('unreadable')).toMatchObject({
      same: false,
      differs: expect.arrayContaining(['$.verdict']),
    });
  });

  it.each(['MISSING', 'CHANGED'] as const)('names evidence that is %s', async (state) => {
    const { evidence } = parseDecision(await stored('failing'));
    await without(evidence[0]!.document, state, async () => {
      expect(await replayed('failing')).toMatchObject({
        code: 'REPLAY_IMPOSSIBLE',
        gaps: [{ what: 'EVIDENCE', name: evidence[0]!.document, state }],
      });
    });
    expect(await replayed('failing')).toMatchObject({ same: true });
  });

  it('names a module whose listing is changed', async () => {
    const { checklist, policies } = parseDecision(await stored('failing'));
    const bundle = checklist.bundle ?? policies[0]!.bundle;
    await without(bundle, 'CHANGED', async () => {
      expect(await replayed('failing')).toMatchObject({
        gaps: [{ what: 'MODULE', name: bundle, state: 'CHANGED' }],
      });
    });
  });

  it('names its own row and a waiver’s history when these are changed', async () => {
    const alone = (sql: string): Promise<unknown> => app.database.admin.query(sql);
    const id = byName.get('with a waiver').id as string;
    await alone('ALTER TABLE assay.decision DISABLE TRIGGER USER');
    await alone(`UPDATE assay.decision SET verdict = 'PASS' WHERE decision_id = '${id}'`);
    expect(await replayed('with a waiver')).toMatchObject({
      gaps: [{ what: 'DECISION', name: 'verdict', state: 'CHANGED' }],
    });
    await alone(`UPDATE assay.decision SET verdict = 'FAIL' WHERE decision_id = '${id}'`);
    await alone('ALTER TABLE assay.waiver_approval DISABLE TRIGGER USER');
    await alone(`UPDATE assay.waiver_approval SET at = at + interval '1 second'`);
    expect(await replayed('with a waiver')).toMatchObject({ gaps: [{ what: 'WAIVER', state: 'CHANGED' }] });
    await alone(`UPDATE assay.waiver_approval SET at = at - interval '1 second'`);
    expect(await replayed('with a waiver')).toMatchObject({ same: true });
  });

  it('is nobody’s who may not see it, and none when there is none', async () => {
    const { errors } = await app.graphql('service', 'replay-decision', { id: byName.get('clean').id });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await app.ask('auditor', 'replay-decision', { id: build.digest })).toMatchObject({
      code: 'DECISION_NOT_FOUND',
    });
  });

  it('is judged alike by the engine and by the official OPA, rule by rule', async () => {
    let asked = 0;
    for (const name of ['failing', 'with a waiver', 'clean', 'with stale evidence', 'without evidence']) {
      const decision = await stored(name);
      const inputs = await app.services.replays.inputsOf(decision);
      if (!inputs.ok) throw new Error(JSON.stringify(inputs.problem));
      for (const rule of rulesAsked(inputs.value)) {
        const opinion = await app.services.opinions.on(rule, inputs.value, decision.asOf);
        expect(opinion).toMatchObject({ ok: true, value: { agree: true, engine: { problem: null } } });
        asked++;
      }
    }
    expect(asked).toBeGreaterThanOrEqual(25);
  }, 60_000);

  it('is explained rule by rule: the steps of the evaluation, in pages', async () => {
    const { id } = byName.get('failing');
    const question = { id, ruleId: 'sast-severity', mode: 'FULL', first: 50 };
    const page = await app.ask('auditor', 'explain-decision', question);
    expect(page).toMatchObject({ ruleId: 'sast-severity', agree: true, engine: { problem: null } });
    expect(page.engine.value).toEqual(page.opa.value);
    expect(page.engine.value.violations.length).toBeGreaterThan(0);
    expect(page.events).toHaveLength(50);
    expect(page.events.some(({ file }: Answer) => file === 'rules/sast-severity/sast-severity.rego')).toBe(
      true,
    );
    expect(page.totalEvents).toBeGreaterThan(50);
    const next = await app.ask('auditor', 'explain-decision', {
      ...question,
      after: page.pageInfo.endCursor,
    });
    expect(next.events).toHaveLength(50);
    expect(next.events).not.toEqual(page.events);
    const fails = await app.ask('auditor', 'explain-decision', { ...question, mode: 'FAILS' });
    expect(fails.totalEvents).toBeLessThan(page.totalEvents);
    expect(fails.events.some(({ op }: Answer) => op === 'Fail')).toBe(true);
  });

  it('is explained only with a cursor and a rule of its own', async () => {
    const question = { id: byName.get('failing').id, ruleId: 'sast-severity', mode: 'FAILS', first: 5 };
    expect(await app.ask('auditor', 'explain-decision', { ...question, after: 'x' })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await app.ask('auditor', 'explain-decision', { ...question, ruleId: 'x' })).toMatchObject({
      code: 'RULE_NOT_ASKED',
    });
  });
});
