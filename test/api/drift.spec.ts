import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StandingDecision } from '../../src/gate/drift/standing.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { digestFrom } from '../../src/kernel/digest.js';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import { catchUp } from '../support/drift.js';
import {
  CLEAN,
  evaluate,
  judgeableBuild,
  registerBuild,
  uploadAll,
  waiverFor,
  type Build,
} from '../support/shop.js';

let app: TestApplication;
let orgId: string;
beforeAll(async () => {
  app = await openTestApplication();
  const [org] = await app.database.admin.query<{ org_id: string }[]>(
    `SELECT org_id FROM assay.organisation WHERE slug = 'demo'`,
  );
  orgId = org!.org_id;
}, 60_000);
afterAll(() => app.close());
beforeEach(async () => {
  app.clock.advance(MINUTE_MS);
  await catchUp(app);
});

const key = ({ artId, digest }: Build) => ({
  orgId,
  gateId: 'GATE_RELEASE',
  artId,
  artefactDigest: digestFrom(digest),
});
const standing = async (build: Build): Promise<StandingDecision> => {
  const found = await app.services.driftRead.standing(key(build));
  if (!found) throw new Error('no decision stands');
  return found;
};
const causesOf = async (decisionId: string): Promise<string[]> =>
  (await app.services.driftRead.causes(orgId, decisionId)).map(({ cause }) => cause.kind);
const entries = async (kind: string, decisionId: string): Promise<Answer[]> =>
  (
    await app.database.admin.query<{ statement: string }[]>(
      'SELECT statement FROM ledger.fact WHERE kind = $1 AND decision_id = $2 ORDER BY seq',
      [kind, decisionId],
    )
  ).map(({ statement }) => JSON.parse(statement).predicate['urn:assay:facts:v1']);
/** A decision that stands, and everything about it is known. */
const judged = async (build: Build, more: object = {}): Promise<Answer> => {
  const decision = await evaluate(app, build, more);
  await app.services.staleMarker.follow();
  expect((await standing(build)).decisionId).toBe(decision.id);
  return decision;
};
const waive = async (build: Build, ruleId: string, more: object = {}): Promise<string> => {
  const waiver = await app.command('lead', 'request-waiver', { ...waiverFor(app, build, ruleId), ...more });
  await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
  return waiver.id;
};

describe('a standing decision', () => {
  it('is judged again upon new evidence; the new one names the old one, the cause and the case', async () => {
    const build = await registerBuild(app);
    const old = await judged(build, { context: { caseId: 'SHOP-9' } });
    await uploadAll(app, build, [CLEAN.sast]);
    await app.normalise();
    await app.services.staleMarker.follow();
    expect(await causesOf(old.id)).toEqual(['evidence.normalised']);
    expect((await standing(build)).staleSeq).not.toBeNull();
    const [stale] = await entries('decision.stale', old.id);
    expect(stale).toMatchObject({
      actor: 'system',
      gateId: 'GATE_RELEASE',
      artefactDigest: build.digest,
      stateBefore: old.verdict,
      stateAfter: 'STALE',
      details: { cause: 'evidence.normalised', locus: 'RELEASE' },
    });
    expect(await catchUp(app)).toBe(1);
    const now = await standing(build);
    expect(now.decisionId).not.toBe(old.id);
    expect(now.staleSeq).toBeNull();
    const [recorded] = await entries('decision.recorded', now.decisionId);
    expect(recorded).toMatchObject({
      actor: 'system',
      caseId: 'SHOP-9',
      details: { replaces: { decisionId: old.id, causes: [`entry:${stale.details.causeSeq}`] } },
    });
    expect(recorded.evidenceDigests).toHaveLength(1);
  });

  it('stays when evidence about another build comes, or the same evidence again', async () => {
    const build = await registerBuild(app);
    await uploadAll(app, build, [CLEAN.secrets], { collectedAt: new Date(app.clock.now()).toISOString() });
    await app.normalise();
    const decision = await judged(build);
    await uploadAll(app, await registerBuild(app), [CLEAN.sast]);
    await uploadAll(app, build, [CLEAN.secrets], { collectedAt: new Date(app.clock.now()).toISOString() });
    await app.normalise();
    expect(await catchUp(app)).toBe(0);
    expect(await causesOf(decision.id)).toEqual([]);
  });

  it('follows a waiver: approved, and then at its end', async () => {
    const build = await judgeableBuild(app);
    const failing = await judged(build);
    const rule = failing.rules.find((one: Answer) => one.effect === 'BLOCK' && one.outcome === 'FAIL').ruleId;
    await waive(build, rule);
    expect(await catchUp(app)).toBe(1);
    expect(await causesOf(failing.id)).toEqual(['waiver.approved']);
    const waived = await standing(build);
    const [recorded] = await entries('decision.recorded', waived.decisionId);
    expect(recorded.waiverIds).toHaveLength(1);
    app.clock.advance(3 * DAY_MS + 1);
    await catchUp(app);
    expect(await causesOf(waived.decisionId)).toContain('valid-until');
    const after = await standing(build);
    const [again] = await entries('decision.recorded', after.decisionId);
    expect(again.waiverIds).toEqual([]);
    expect(again.details.replaces.decisionId).toBe(waived.decisionId);
  });

  it('is stale at once when a waiver is revoked', async () => {
    const build = await judgeableBuild(app);
    const failing = await evaluate(app, build);
    const rule = failing.rules.find((one: Answer) => one.effect === 'BLOCK' && one.outcome === 'FAIL').ruleId;
    const waiverId = await waive(build, rule);
    await catchUp(app);
    const waived = await standing(build);
    await app.command('officer', 'revoke-waiver', { waiverId, note: 'Over' });
    expect(await catchUp(app)).toBe(1);
    expect(await causesOf(waived.decisionId)).toEqual(['waiver.revoked']);
  });

  it('stays when a waiver is approved that excuses nothing it found', async () => {
    const build = await registerBuild(app);
    const decision = await judged(build);
    expect(decision.rules.find((one: Answer) => one.ruleId === 'no-secrets').violations).toEqual([]);
    await waive(build, 'no-secrets');
    expect(await catchUp(app)).toBe(0);
    const outcomes = await app.database.admin.query<{ outcome: string }[]>(
      'SELECT outcome FROM assay.drift_check WHERE decision_id = $1',
      [decision.id],
    );
    expect(outcomes).toEqual([{ outcome: 'UNAFFECTED' }]);
  });

  it('is not displaced by an answer about the past', async () => {
    const build = await registerBuild(app);
    app.clock.advance(MINUTE_MS);
    const decision = await judged(build);
    await evaluate(app, build, {
      asOf: new Date(app.clock.now() - 30_000).toISOString(),
      rejudge: true,
    });
    await app.services.staleMarker.follow();
    expect((await standing(build)).decisionId).toBe(decision.id);
  });
});

describe('another version of a checklist in force', () => {
  it('makes every decision of the gates that follow it stale, once, and says how far judging has come', async () => {
    const builds = [await registerBuild(app), await registerBuild(app), await registerBuild(app)];
    for (const build of builds) await judged(build);
    const [gate] = await app.database.admin.query<{ chk_id: string }[]>(
      `SELECT chk_id FROM assay.gate WHERE gate_id = 'GATE_RELEASE' AND checklist_version IS NULL`,
    );
    const chkId = gate!.chk_id;
    const [latest] = await app.database.admin.query<{ document: string }[]>(
      'SELECT document FROM assay.checklist_version WHERE chk_id = $1 ORDER BY version DESC LIMIT 1',
      [chkId],
    );
    const { policies, title, freshness } = JSON.parse(latest!.document);
    const published = await app.command('officer', 'publish-checklist', {
      chkId,
      title,
      policies: policies.map(({ policyId, version, parameters }: Answer) => ({
        policyId,
        version,
        parameters,
      })),
      freshness: { ...freshness, sast: 12 },
    });
    expect(published).toMatchObject({ __typename: 'ChecklistVersion' });
    const [{ activation }] = await app.database.admin.query(
      'SELECT max(activation) AS activation FROM assay.checklist_activation WHERE chk_id = $1',
      [chkId],
    );
    await app.command('officer', 'activate-checklist', {
      ...{ chkId, version: published.version, expectedActivation: activation, reason: 'Shorter' },
    });
    const [{ seq }] = await app.database.admin.query(
      `SELECT max(seq) AS seq FROM ledger.fact WHERE kind = 'checklist.activated'`,
    );
    await app.services.staleMarker.follow();
    const stood = await Promise.all(builds.map(standing));
    for (const { decisionId } of stood) expect(await causesOf(decisionId)).toEqual(['checklist.activated']);
    const before = await app.services.driftRead.progress(orgId, Number(seq));
    expect(before).toMatchObject({ done: 0, unchecked: 0 });
    expect(before.total).toBeGreaterThanOrEqual(3);
    expect(await catchUp(app)).toBe(before.total);
    expect(await app.services.driftRead.progress(orgId, Number(seq))).toMatchObject({
      done: before.total,
      total: before.total,
    });
    for (const build of builds) expect((await standing(build)).checklistVersion).toBe(published.version);
  });
});

describe('what is on record about staleness', () => {
  const DEEDS = [
    `UPDATE assay.decision_stale SET cause = 'valid-until'`,
    `UPDATE assay.decision_stale SET cause_kind = 'gate.defined'`,
    `UPDATE assay.decision_stale SET cause_seq = cause_seq + 1, cause = 'entry:' || (cause_seq + 1)
      WHERE cause_seq IS NOT NULL`,
    `UPDATE assay.decision_stale SET decision_id = gen_random_uuid()`,
    `UPDATE assay.decision_stale SET gate_id = gate_id || 'x'`,
    `UPDATE assay.decision_stale SET art_id = art_id || 'x'`,
    `UPDATE assay.decision_stale SET artefact_digest = artefact_digest || '0'`,
    `UPDATE assay.decision_stale SET found_at = found_at + interval '1 hour'`,
    `UPDATE assay.decision_stale SET org_id = gen_random_uuid()`,
    `UPDATE assay.decision_stale SET entry_key = sha256(entry_key)`,
    'DELETE FROM assay.decision_stale',
    `INSERT INTO assay.decision_stale SELECT gen_random_uuid(), cause, org_id, cause_kind, cause_seq, gate_id, art_id,
       artefact_digest, found_at, sha256(entry_key) FROM assay.decision_stale LIMIT 1`,
  ];

  it('is held against its entries: whatever a superuser changes is found', async () => {
    const build = await registerBuild(app);
    await judged(build);
    await uploadAll(app, build, [CLEAN.sast]);
    await app.normalise();
    await app.services.staleMarker.follow();
    const about = async (): Promise<number> =>
      (await verifyLedger(app.platform)).findings.filter(({ detail }) => detail.includes('stale')).length;
    expect(await about()).toBe(0);
    const runner = app.database.admin.createQueryRunner();
    await runner.query('CREATE TABLE public.kept AS TABLE assay.decision_stale');
    await runner.query('SET session_replication_role = replica');
    await runner.query('ALTER TABLE assay.decision_stale DISABLE TRIGGER USER');
    await runner.query('ALTER TABLE assay.decision_stale DROP CONSTRAINT decision_stale_cause_named');
    const missed: string[] = [];
    for (const deed of DEEDS) {
      await runner.query(deed);
      if ((await about()) === 0) missed.push(deed);
      await runner.query('DELETE FROM assay.decision_stale');
      await runner.query('INSERT INTO assay.decision_stale SELECT * FROM public.kept');
    }
    await runner.query('RESET session_replication_role');
    await runner.release();
    expect(missed).toEqual([]);
    expect(await about()).toBe(0);
  }, 240_000);
});

describe('the read model of standing decisions', () => {
  it('made anew from the first entry is the same', async () => {
    const all = (): Promise<unknown[]> =>
      app.database.admin.query(
        'SELECT * FROM assay.standing_decision ORDER BY org_id, gate_id, art_id, artefact_digest',
      );
    const before = await all();
    expect(before.length).toBeGreaterThan(5);
    const stale = await app.database.admin.query('SELECT count(*) FROM assay.decision_stale');
    await app.database.admin.query('DELETE FROM assay.standing_decision');
    await app.database.admin.query(`DELETE FROM ledger.cursor WHERE reader = 'drift'`);
    await app.services.staleMarker.follow();
    expect(await all()).toEqual(before);
    expect(await app.database.admin.query('SELECT count(*) FROM assay.decision_stale')).toEqual(stale);
  });

  it('is looked up by its key and by its artefact with an index', async () => {
    const plan = async (query: string): Promise<string> => {
      const rows = await app.database.admin.query<Record<string, string>[]>(`EXPLAIN ${query}`);
      return rows.map((row) => Object.values(row)[0]).join('\n');
    };
    await app.database.admin.query('SET enable_seqscan = off');
    const where = `org_id = '${orgId}' AND artefact_digest = 'x'`;
    expect(
      await plan(`SELECT * FROM assay.standing_decision WHERE ${where} AND gate_id = 'G' AND art_id = 'A'`),
    ).toMatch(/standing_decision_(pk|artefact_idx)/);
    await app.database.admin.query('RESET enable_seqscan');
  });
});
