import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPack } from '../../src/app/compose/packs.io.js';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, uploadAll, waiverFor, type Build } from '../support/shop.js';

let app: TestApplication;
let passing: Build;
let failing: Build;
let decision: Answer;
let chkId: string;
beforeAll(async () => {
  app = await openTestApplication();
  passing = await registerBuild(app);
  await uploadAll(app, passing, Object.values(CLEAN));
  failing = await registerBuild(app);
  const { coverage: _, ...others } = CLEAN;
  await uploadAll(app, failing, [
    ...Object.values(others),
    'mode: set\nexample.org/shop/stock.go:1.1,2.2 10 0\n',
  ]);
  await app.normalise();
  expect((await evaluate(app, passing)).verdict).toBe('PASS');
  decision = await evaluate(app, failing);
  expect(decision.verdict).toBe('FAIL');
  chkId = decision.checklist.chkId;
  await app.services.staleMarker.follow();
  app.clock.advance(MINUTE_MS);
}, 120_000);
afterAll(() => app.close());

const what = (hypothesis: object, more: object = {}): Promise<Answer> =>
  app.ask('officer', 'what-changes-if', { if: hypothesis, ...more });
const recorded = async (): Promise<number> => {
  const [{ size }] = await app.database.admin.query('SELECT count(*)::integer AS size FROM ledger.fact');
  return size as number;
};

describe('what changes if', () => {
  it('another version of a checklist were in force: which verdicts flip, by which rules', async () => {
    const [latest] = await app.database.admin.query<{ document: string }[]>(
      'SELECT document FROM assay.checklist_version WHERE chk_id = $1 ORDER BY version DESC LIMIT 1',
      [chkId],
    );
    const { policies, title, freshness } = JSON.parse(latest!.document);
    const published = await app.command('officer', 'publish-checklist', {
      ...{ chkId, title, freshness },
      policies: policies.map(({ policyId, version, parameters }: Answer) => ({
        ...{ policyId, version },
        parameters: 'coverage_floor' in parameters ? { ...parameters, coverage_floor: 0 } : parameters,
      })),
    });
    expect(published).toMatchObject({ __typename: 'ChecklistVersion' });
    const before = await recorded();
    const answer = await what({ checklistVersion: { chkId, version: published.version } });
    expect(answer).toMatchObject({ __typename: 'WhatChangesIf', judged: 2, unjudged: 0, totalCount: 2 });
    expect(answer.flips).toEqual([
      {
        ...{ gateId: 'GATE_RELEASE', artId: failing.artId, artefactDigest: failing.digest },
        ...{ decisionId: decision.id, before: 'FAIL', after: 'PASS' },
        rules: [expect.objectContaining({ ruleId: 'coverage-floor', before: 'FAIL', after: 'PASS' })],
      },
    ]);
    expect(await recorded()).toBe(before); // asked, not decided
  });

  it('a waiver were approved, and then if it were revoked', async () => {
    const waiver = await app.command('lead', 'request-waiver', waiverFor(app, failing, 'coverage-floor'));
    const approved = await what({ waiver: { waiverId: waiver.id, as: 'APPROVED' } });
    expect(approved.flips).toMatchObject([
      { decisionId: decision.id, before: 'FAIL', after: 'PASS_WITH_WAIVERS' },
    ]);
    expect((await what({ waiver: { waiverId: waiver.id, as: 'REVOKED' } })).flips).toEqual([]);
    await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    expect((await what({ waiver: { waiverId: waiver.id, as: 'APPROVED' } })).flips).toEqual([]);
    const revoked = await what({ waiver: { waiverId: waiver.id, as: 'REVOKED' } });
    expect(revoked.flips).toMatchObject([{ before: 'PASS_WITH_WAIVERS', after: 'FAIL' }]);
  });

  it('an advisory came out: only for versions in its range', async () => {
    const [{ org_id: orgId }] = await app.database.admin.query(
      `SELECT org_id FROM assay.organisation WHERE slug = 'demo'`,
    );
    const pack = readPack(app.platform.config.root, 'supply-chain');
    expect(await app.services.publishing.publishPack(orgId, pack, 'system')).toMatchObject({ ok: true });
    const policies = [{ policyId: 'supply-chain', version: await latestOf('supply-chain') }];
    const title = { en: 'Supply', nl: 'Keten' };
    const { version } = await app.command('officer', 'publish-checklist', {
      chkId: 'CHK_SUPPLY',
      title,
      policies,
    });
    await app.command('officer', 'define-gate', {
      ...{ gateId: 'GATE_SUPPLY', project: 'shop', title: 'Supply', locus: 'PR', chkId: 'CHK_SUPPLY' },
      checklistVersion: version as number,
      ...{ ownerRole: 'SEC', maxRunMs: 60_000, slaMs: 60_000, pauseMs: 3_600_000, expectedVersion: 0 },
      retry: { count: 0, firstBackOffMs: 1_000, maxBackOffMs: 10_000 },
      escalation: [],
    });
    await app.command('service', 'evaluate-gate', { gateId: 'GATE_SUPPLY', ...passing });
    await app.services.staleMarker.follow();
    const advisory = { id: 'CVE-2026-9999', purl: 'pkg:npm/a', introduced: '0.5', severity: 'CRITICAL' };
    const ask = (change: object): Promise<Answer> =>
      what({ advisory: { ...advisory, ...change } }, { gateId: 'GATE_SUPPLY' });
    const hit = await ask({ fixed: '1.0.1' });
    expect(hit.flips).toMatchObject([
      { gateId: 'GATE_SUPPLY', after: 'FAIL', rules: [{ ruleId: 'vulnerability-severity', after: 'FAIL' }] },
    ]);
    expect((await ask({ fixed: '1.0.0' })).flips).toEqual([]);
    expect((await ask({ purl: 'pkg:npm/b' })).flips).toEqual([]);
    expect((await ask({ severity: 'NONE', fixed: '1.0.1' })).flips).toEqual([]);
  });

  it('nothing that there is: says which', async () => {
    expect(await what({ checklistVersion: { chkId: 'CHK_NO', version: 1 } })).toMatchObject({
      __typename: 'ChecklistNotFound',
    });
    expect(await what({ policyVersion: { policyId: 'no', version: '1.0.0' } })).toMatchObject({
      __typename: 'PolicyNotPublished',
    });
    expect(await what({ waiver: { waiverId: randomUUID(), as: 'REVOKED' } })).toMatchObject({
      __typename: 'WaiverNotFound',
    });
    expect(await what({ advisory: { id: 'CVE-2026-1', purl: 'lodash', severity: 'HIGH' } })).toMatchObject({
      __typename: 'InvalidInput',
      path: 'advisory.purl',
    });
  });

  it('the same version of a policy: nothing flips; in pages, each looked at once', async () => {
    const policyId = 'secure-release';
    const version = await latestOf(policyId);
    let judged = 0;
    for (let after: string | undefined; ;) {
      const page = await what(
        { policyVersion: { policyId, version } },
        { first: 1, gateId: 'GATE_RELEASE', after },
      );
      expect(page).toMatchObject({ flips: [], totalCount: 2 });
      judged += page.judged as number;
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(judged).toBe(2);
  });
});

async function latestOf(policyId: string): Promise<string> {
  const [row] = await app.database.admin.query<{ version: string }[]>(
    'SELECT version FROM assay.policy_version WHERE policy_id = $1 ORDER BY published_at DESC LIMIT 1',
    [policyId],
  );
  return row!.version;
}
