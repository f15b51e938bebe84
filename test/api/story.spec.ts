import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  START,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import {
  evaluate,
  judgeableBuild,
  registerBuild,
  report,
  REPORTS,
  uploadAll,
  waiverFor,
  type Build,
} from '../support/shop.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

const review = (waiverId: string) => ({ waiverId, note: 'Looked at it together with the team' });
const outcomes = (decision: Answer): Record<string, string> =>
  Object.fromEntries(decision.rules.map(({ ruleId, outcome }: Answer) => [ruleId, outcome]));
const entriesOf = async (filter: object = {}) =>
  (await app.ask('auditor', 'ledger', { filter, first: 200 })).nodes;
const rowsOf = async (decisionId: string) =>
  app.database.admin.query('SELECT verdict, document_digest FROM assay.decision WHERE decision_id = $1', [
    decisionId,
  ]);

describe('the straight line', () => {
  const FAILING = ['sast-severity', 'licence-allow-list', 'coverage-floor'];
  let build: Build;
  let failed: Answer;
  let passed: Answer;
  const waivers: Record<string, string> = {};

  it('takes the reports of real tools, and decides nothing before they are normalised', async () => {
    build = await registerBuild(app);
    const receipts = await uploadAll(app, build, REPORTS.map(report));
    const pending = await evaluate(app, build);
    expect(pending).toMatchObject({ __typename: 'EvidencePending', code: 'EVIDENCE_PENDING' });
    expect([...pending.awaited].sort()).toEqual(receipts.map(({ digest }) => digest).sort());
    expect(await entriesOf({ artefactDigest: build.digest, kind: 'decision.recorded' })).toEqual([]);
    await app.normalise();
    const { evidence } = await app.ask('auditor', 'artefact', { digest: build.digest });
    expect(evidence.map(({ format, state }: Answer) => `${format} ${state}`).sort()).toEqual([
      'coverage.py COMPLETE',
      'cyclonedx COMPLETE',
      'go-coverprofile COMPLETE',
      ...Array<string>(3).fill('sarif COMPLETE'),
    ]);
    const measured = evidence.flatMap(({ coverage }: Answer) => (coverage ? [coverage] : []));
    expect(measured.map(({ basis, covered, total }: Answer) => [basis, covered, total]).sort()).toEqual([
      ['BLOCK_STATEMENT', 7, 16],
      ['LINE', 19, 35],
    ]);
    expect(measured.every(({ name }: Answer) => name === 'coverage.statements')).toBe(true);
  });

  it('fails the flawed shop, and says for each finding which rule, where, how bad and by which evidence', async () => {
    failed = await evaluate(app, build);
    expect(failed).toMatchObject({
      __typename: 'Decision',
      verdict: 'FAIL',
      verdictWithoutWaivers: 'FAIL',
      reused: false,
      checklist: { chkId: 'CHK_RELEASE', version: 1 },
    });
    expect(outcomes(failed)).toEqual({
      'required-evidence': 'PASS',
      'sast-severity': 'FAIL',
      'licence-allow-list': 'FAIL',
      'licence-deny-list': 'NOT_APPLICABLE',
      'coverage-floor': 'FAIL',
      'no-secrets': 'PASS',
      'agent-header-complete': 'NOT_APPLICABLE',
      'model-allow-list': 'NOT_APPLICABLE',
      'prompt-recorded': 'NOT_APPLICABLE',
    });
    const fired = failed.rules.filter(({ ruleId }: Answer) => FAILING.includes(ruleId));
    const wheres = fired.flatMap(({ violations }: Answer) => violations.map(({ where }: Answer) => where));
    expect(wheres).toEqual([
      'pricing/invoice.py:9',
      'pricing/voucher.py:8',
      'storefront/labels.js:8',
      'storefront/promotions.js:6',
      'pkg:npm/ua-parser-js@2.0.10',
      null,
      null,
    ]);
    for (const rule of fired) {
      expect(rule.remediation).not.toBe('');
      for (const violation of rule.violations) {
        expect(violation).toMatchObject({
          severity: expect.stringMatching(/^(HIGH|MEDIUM)$/),
          waivedBy: null,
        });
        expect(failed.evidence).toContain(violation.evidence);
      }
    }
  });

  it('has the decision and its entry on record by the time it answers', async () => {
    const decision = await evaluate(app, build, { rejudge: true });
    expect(await rowsOf(decision.id)).toEqual([
      { verdict: 'FAIL', document_digest: decision.documentDigest },
    ]);
    expect(await entriesOf({ decisionId: decision.id })).toMatchObject([
      { kind: 'decision.recorded', seq: decision.ledgerEntry.seq, leafHash: decision.ledgerEntry.leafHash },
    ]);
  });

  it('lets a developer ask for waivers, which excuse nothing yet', async () => {
    for (const ruleId of FAILING) {
      const waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, ruleId));
      expect(waiver).toMatchObject({ __typename: 'Waiver', state: 'REQUESTED', requiredApprovals: 1 });
      waivers[ruleId] = waiver.id;
    }
    expect(await evaluate(app, build)).toMatchObject({ verdict: 'FAIL', waiverIds: [] });
  });

  it('refuses the approval of whoever asked, and of a role that may not approve', async () => {
    const waiverId = waivers['sast-severity'] ?? '';
    expect(await app.command('lead', 'approve-waiver', review(waiverId))).toMatchObject({
      __typename: 'SelfApproval',
      code: 'SELF_APPROVAL',
    });
    const input = { ...review(waiverId), idempotencyKey: randomUUID() };
    for (const person of ['developer', 'officer', 'auditor', 'admin', 'service']) {
      const { data, errors } = await app.graphql(person, 'approve-waiver', { input });
      expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['FORBIDDEN']]);
    }
    const { nodes } = await app.ask('lead', 'waivers', { state: 'REQUESTED' });
    expect(nodes[0].viewerCan).toContainEqual({
      action: 'approve',
      allowed: false,
      reasonCode: 'self-approval',
    });
  });

  it('passes with waivers once another person has approved, and still shows what would have failed', async () => {
    app.clock.advance(MINUTE_MS);
    for (const waiverId of Object.values(waivers))
      expect(await app.command('approver', 'approve-waiver', review(waiverId))).toMatchObject({
        __typename: 'Waiver',
        state: 'ACTIVE',
        approvals: [{ at: '2026-11-21T09:01:00.000Z' }],
      });
    passed = await evaluate(app, build);
    expect(passed).toMatchObject({
      verdict: 'PASS_WITH_WAIVERS',
      verdictWithoutWaivers: 'FAIL',
      reused: false,
      waiverIds: Object.values(waivers).sort(),
    });
    for (const ruleId of FAILING) {
      const rule = passed.rules.find((each: Answer) => each.ruleId === ruleId);
      expect(rule).toMatchObject({ outcome: 'WAIVED', outcomeWithoutWaivers: 'FAIL' });
      for (const { waivedBy } of rule.violations) expect(waivedBy).toBe(waivers[ruleId]);
    }
  });

  it('answers the recorded decision when asked again, and records nothing', async () => {
    const { totalCount } = await app.ask('auditor', 'ledger', {});
    app.clock.advance(MINUTE_MS);
    const again = await evaluate(app, build);
    expect(again).toMatchObject({ id: passed.id, reused: true, documentDigest: passed.documentDigest });
    expect((await app.ask('auditor', 'ledger', {})).totalCount).toBe(totalCount);
    expect(await app.ask('auditor', 'decision', { id: passed.id })).toMatchObject({
      verdict: 'PASS_WITH_WAIVERS',
      ledgerEntry: { seq: passed.ledgerEntry.seq, kind: 'decision.recorded' },
    });
  });

  it('fails again after the last instant of the waivers', async () => {
    const until = START + 3 * DAY_MS;
    app.clock.advance(until - app.clock.now());
    expect(await evaluate(app, build)).toMatchObject({
      id: passed.id,
      validUntil: '2026-11-24T09:00:00.001Z',
    });
    app.clock.advance(1);
    expect(await evaluate(app, build)).toMatchObject({ verdict: 'FAIL', reused: false, waiverIds: [] });
    const { nodes } = await app.ask('auditor', 'waivers', { state: 'EXPIRED' });
    expect(nodes).toHaveLength(FAILING.length);
  });

  it('judges as of the past with the waivers that held then', async () => {
    const asked = async (asOf: number) =>
      (await evaluate(app, build, { asOf: new Date(asOf).toISOString() })).verdict;
    expect(await asked(START + MINUTE_MS - 1)).toBe('FAIL');
    expect(await asked(START + MINUTE_MS)).toBe('PASS_WITH_WAIVERS');
    expect(await asked(START + 3 * DAY_MS)).toBe('PASS_WITH_WAIVERS');
    expect(await evaluate(app, build, { asOf: '2026-12-24T00:00:00Z' })).toMatchObject({
      __typename: 'AsOfInFuture',
      now: '2026-11-24T09:00:00.001Z',
    });
  });

  it('judges as of the past with what had been handed in by then', async () => {
    const late = await registerBuild(app);
    const registered = app.clock.now();
    app.clock.advance(MINUTE_MS);
    await uploadAll(app, late, [report('bandit.sarif')]);
    await app.normalise();
    const outcomeOf = async (asOf: number): Promise<Answer> => {
      const decision = await evaluate(app, late, { asOf: new Date(asOf).toISOString() });
      return decision.rules?.find(({ ruleId }: Answer) => ruleId === 'sast-severity').outcome;
    };
    expect(await outcomeOf(registered)).toBe('INDETERMINATE');
    expect(await outcomeOf(registered + MINUTE_MS)).toBe('FAIL');
    expect(await evaluate(app, late, { asOf: new Date(registered - 1).toISOString() })).toMatchObject({
      __typename: 'ArtefactNotFound',
    });
  });

  it('lists every step in the ledger, without anybody’s name', async () => {
    const about = await entriesOf({ artefactDigest: build.digest });
    const kinds = about.map(({ kind }: Answer) => kind);
    expect(kinds.slice(0, 13)).toEqual([
      'artefact.registered',
      ...Array<string>(6).fill('evidence.received'),
      ...Array<string>(6).fill('evidence.normalised'),
    ]);
    const waiver = await entriesOf({ waiverId: waivers['coverage-floor'] });
    expect(waiver.map(({ kind }: Answer) => kind)).toEqual(
      expect.arrayContaining(['waiver.requested', 'waiver.approved', 'decision.recorded']),
    );
    const all = JSON.stringify(await entriesOf());
    for (const name of ['Dana', 'Lou', 'Ada', 'The fix is released', 'together with the team'])
      expect(all).not.toContain(name);
  });

  it('is accepted by the verifier, under a tree head that covers all of it', async () => {
    await app.integrate();
    const { size } = await app.ask('auditor', 'checkpoint');
    const { totalCount } = await app.ask('auditor', 'ledger', {});
    expect(size).toBe(totalCount);
    expect(await verifyLedger(app.platform)).toMatchObject({
      accepted: true,
      size,
      notYetCovered: 0,
      findings: [],
    });
  });
});

describe('what can be judged', () => {
  it('is nothing without evidence: the verdict is INDETERMINATE and names what is missing', async () => {
    const decision = await evaluate(app, await registerBuild(app));
    expect(decision.verdict).toBe('INDETERMINATE');
    const gaps = decision.rules.flatMap((rule: Answer) => rule.gaps);
    expect(gaps.map(({ message }: Answer) => message.code)).toContain('required-evidence.evidence-missing');
  });

  it('is not enough when one kind of evidence is missing', async () => {
    const build = await registerBuild(app);
    await uploadAll(app, build, [report('gitleaks.sarif'), report('sbom.cdx.json')]);
    await app.normalise();
    const decision = await evaluate(app, build);
    expect(outcomes(decision)).toMatchObject({
      'required-evidence': 'INDETERMINATE',
      'sast-severity': 'INDETERMINATE',
      'coverage-floor': 'INDETERMINATE',
      'no-secrets': 'PASS',
    });
  });

  it('goes stale: what old evidence found stays found, what it did not find proves nothing', async () => {
    const build = await judgeableBuild(app);
    app.clock.advance(31 * DAY_MS);
    const decision = await evaluate(app, build);
    expect(outcomes(decision)).toMatchObject({
      'required-evidence': 'INDETERMINATE',
      'sast-severity': 'FAIL',
      'no-secrets': 'INDETERMINATE',
    });
  });

  it('is each build for itself: a waiver for one does not excuse another', async () => {
    const [first, second] = [await judgeableBuild(app), await judgeableBuild(app)];
    const waiver = await app.command('lead', 'request-waiver', waiverFor(app, first, 'licence-allow-list'));
    await app.command('approver', 'approve-waiver', review(waiver.id));
    expect(outcomes(await evaluate(app, first))['licence-allow-list']).toBe('WAIVED');
    expect(outcomes(await evaluate(app, second))['licence-allow-list']).toBe('FAIL');
  });

  it('never counts the approval of the artefact’s author, nor a revoked waiver', async () => {
    const { principalId } = await app.ask('approver', 'viewer');
    const build = await registerBuild(app, { artId: 'ART_BY_ADA', authorId: principalId });
    await uploadAll(app, build, REPORTS.map(report));
    await app.normalise();
    const asked = { ...waiverFor(app, build, 'licence-allow-list'), severity: 'CRITICAL' };
    const waiver = await app.command('lead', 'request-waiver', asked);
    expect(waiver.requiredApprovals).toBe(2);
    expect(await app.command('approver', 'approve-waiver', review(waiver.id))).toMatchObject({
      __typename: 'ApproverIsAuthor',
    });
    const another = await app.command('lead', 'request-waiver', waiverFor(app, build, 'licence-allow-list'));
    await app.command('second-approver', 'approve-waiver', review(another.id));
    expect(outcomes(await evaluate(app, build))['licence-allow-list']).toBe('WAIVED');
    app.clock.advance(1);
    expect(await app.command('officer', 'revoke-waiver', review(another.id))).toMatchObject({
      state: 'REVOKED',
    });
    expect(outcomes(await evaluate(app, build))['licence-allow-list']).toBe('FAIL');
    expect(await app.command('officer', 'revoke-waiver', review(another.id))).toMatchObject({
      __typename: 'WaiverNotOpen',
      state: 'REVOKED',
    });
  });
});
