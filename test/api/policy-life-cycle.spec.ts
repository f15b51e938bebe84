import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { aPolicy, manifest, RULE, RULE_TEST } from '../support/policy-draft.js';

// The compiler runs many times, beside whatever else runs here.
jest.setTimeout(60_000);

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

async function addOfficer(subject: string): Promise<void> {
  const { organisations } = app.services;
  const { organisation } = await app.ask('officer', 'viewer');
  const found = await app.services.principals.organisationBySlug(organisation.slug);
  const added = (await organisations.addPrincipal({
    orgId: (found as Answer).orgId,
    issuer: app.platform.config.jwtIssuer,
    subject,
    displayName: 'Third Officer',
    kind: 'person',
  })) as Answer;
  await organisations.giveGrant(added.value, 'officer');
}

const save = (subject: string, policyId: string, expectedVersion: number, files: object) =>
  app.command(subject, 'save-policy-draft', { policyId, expectedVersion, files });
const request = (subject: string, policyId: string, expectedVersion: number) =>
  app.command(subject, 'request-policy-review', { policyId, expectedVersion, note: 'Ready, says Otis' });
const review = (subject: string, reviewId: string, outcome = 'APPROVE') =>
  app.command(subject, 'review-policy', { reviewId, outcome, comment: 'Read every line, says Sam' });
const publish = (subject: string, reviewId: string) => app.command(subject, 'publish-policy', { reviewId });
const allowed = ({ viewerCan }: Answer): Record<string, string> =>
  Object.fromEntries(viewerCan.map(({ action, reasonCode }: Answer) => [action, reasonCode]));

describe('the whole story', () => {
  const ID = 'agents';
  let reviewId: string;
  let digest: string;

  it('begins with a draft that may be half done', async () => {
    const saved = await save('officer', ID, 0, aPolicy(ID, { [RULE_TEST]: null }));
    expect(saved).toMatchObject({ __typename: 'PolicyDraft', version: 1, state: 'DRAFT' });
    const draft = await app.ask('auditor', 'policy-draft', { policyId: ID });
    expect(draft.files.map(({ path }: Answer) => path)).toEqual(
      aPolicy(ID, { [RULE_TEST]: null }).map(({ path }) => path),
    );
  });

  it('shows every mistake with its place, those of the manifest and those of Rego in one round', async () => {
    const broken = aPolicy(ID, {
      'policy.yaml': manifest(ID, 'one'),
      [RULE]: 'package assay.rules.agent_header_complete\n\nresult := nowhere\n',
    });
    expect(await save('officer', ID, 1, broken)).toMatchObject({ version: 2 });
    const checked = await app.ask('officer', 'check-policy-draft', { policyId: ID });
    expect(checked).toMatchObject({ __typename: 'PolicyInvalid', code: 'POLICY_INVALID' });
    expect(checked.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'policy.yaml', row: 2, column: 10, code: 'manifest_error' }),
        expect.objectContaining({ file: RULE, row: 3, code: 'rego_unsafe_var_error' }),
      ]),
    );
    expect(await request('officer', ID, 2)).toMatchObject({ __typename: 'PolicyInvalid' });
  });

  it('holds what the house demands against the draft: METADATA, Dutch, cases', async () => {
    const bare = aPolicy(ID, { 'messages.nl.yaml': '{}\n', 'cases/agent-header-complete.yaml': null });
    await save('officer', ID, 2, bare);
    const { errors } = await app.ask('officer', 'check-policy-draft', { policyId: ID });
    const said = errors.map(({ file, message }: Answer) => `${file}: ${message}`);
    expect(said).toContain('policy.yaml: messages.nl.yaml lacks agent-header-complete.field-missing');
    expect(said).toContain('policy.yaml: agent-header-complete has no case in which it passes');
  });

  it('gives a stale save both sides, and stores nothing', async () => {
    const theirs = aPolicy(ID, { 'README.md': 'theirs\n', 'policy.yaml': manifest(ID, '1.0.0', 'Theirs') });
    expect(await save('second-officer', ID, 3, theirs)).toMatchObject({ version: 4 });
    const yours = aPolicy(ID, { 'policy.yaml': manifest(ID, '1.0.0', 'Yours') });
    const stale = await save('officer', ID, 3, yours);
    expect(stale).toMatchObject({
      __typename: 'PolicyDraftStale',
      code: 'POLICY_DRAFT_STALE',
      expectedVersion: 3,
      currentVersion: 4,
    });
    const sides = stale.files.map(({ path, changedBy, change }: Answer) => [path, changedBy, change]);
    expect(sides).toEqual([
      ['README.md', 'THEIRS', 'ADDED'],
      ['policy.yaml', 'BOTH', 'CHANGED'],
    ]);
    expect(stale.files[1].theirs).toContain('Theirs');
    expect((await app.ask('auditor', 'policy-draft', { policyId: ID })).version).toBe(4);
  });

  it('does not ask for a review of what has no tests, whose tests fail, or do not reach everything', async () => {
    const at = async (version: number, changes: Record<string, string | null>) => {
      await save('officer', ID, version, aPolicy(ID, changes));
      return request('officer', ID, version + 1);
    };
    const test = (text: string) =>
      `package assay.rules.agent_header_complete_test\n\nimport data.assay.rules.agent_header_complete\n\n${text}\n`;
    const untouched = { [RULE_TEST]: test('test_one if agent_header_complete.demanded != set()') };
    expect(await at(4, untouched)).toMatchObject({
      __typename: 'PolicyCoverageTooLow',
      floor: 100,
      files: [{ file: RULE, percent: expect.any(Number) }],
    });
    expect(
      await at(5, { [RULE_TEST]: test('test_wrong if agent_header_complete.demanded == set()') }),
    ).toMatchObject({ __typename: 'PolicyTestsFailed', failed: [{ name: 'test_wrong', file: RULE_TEST }] });
    const report = await app.ask('officer', 'test-policy-draft', { policyId: ID });
    expect(report).toMatchObject({ passed: 0, failed: 1, coverage: null });
  });

  it('is checked and tested, with the coverage of every rule', async () => {
    expect(await save('officer', ID, 6, aPolicy(ID))).toMatchObject({ version: 7, state: 'DRAFT' });
    const checked = await app.ask('officer', 'check-policy-draft', { policyId: ID });
    expect(checked).toMatchObject({ __typename: 'PolicyDraftChecked', draft: { state: 'CHECKED' } });
    const report = await app.ask('officer', 'test-policy-draft', { policyId: ID });
    expect(report).toMatchObject({ failed: 0, coverage: { files: [{ file: RULE, percent: 100 }] } });
    expect(report.passed).toBeGreaterThan(3);
    expect(report.coverage.rules.every(({ covered }: Answer) => covered)).toBe(true);
  });

  it('goes to review, where no author approves', async () => {
    const asked = await request('officer', ID, 7);
    expect(asked).toMatchObject({ __typename: 'PolicyReview', state: 'OPEN', ordinal: 1, version: '1.0.0' });
    expect(asked.authors).toHaveLength(2);
    reviewId = asked.id;
    expect(await review('officer', reviewId)).toMatchObject({ code: 'REVIEWER_IS_AUTHOR' });
    // Whoever saved one version of it is an author, also if nothing of that is left.
    expect(await review('second-officer', reviewId)).toMatchObject({ code: 'REVIEWER_IS_AUTHOR' });
    expect(await publish('officer', reviewId)).toMatchObject({
      code: 'POLICY_NOT_APPROVED',
      approvals: 0,
      requiredApprovals: 1,
    });
    expect(allowed(await app.ask('officer', 'policy-review', { id: reviewId }))).toEqual({
      approve: 'reviewer-is-author',
      'request-changes': 'ok',
      publish: 'policy-not-approved',
    });
  });

  it('is approved by another, and published by somebody who wrote none of it', async () => {
    const given = await review('approver', reviewId);
    expect(given).toMatchObject({
      approvals: 1,
      note: 'Ready, says Otis',
      outcomes: [{ outcome: 'APPROVE', comment: 'Read every line, says Sam' }],
    });
    expect(await review('approver', reviewId)).toMatchObject({ code: 'ALREADY_REVIEWED' });
    expect(await publish('officer', reviewId)).toMatchObject({
      __typename: 'NotPermitted',
      refusal: { code: 'publisher-is-author' },
    });
    await addOfficer('third-officer');
    const published = await publish('third-officer', reviewId);
    expect(published).toMatchObject({ __typename: 'PolicyVersion', version: '1.0.0', state: 'PUBLISHED' });
    digest = published.digest;
    expect((await app.ask('auditor', 'policy-draft', { policyId: ID })).state).toBe('PUBLISHED');
    // Asked again it is the same version.
    expect((await publish('third-officer', reviewId)).digest).toBe(digest);
  });

  it('is found by digest and by its first digits, with all that its authors wrote and the library', async () => {
    for (const name of ['1.0.0', digest, digest.slice('sha256:'.length, 'sha256:'.length + 8)]) {
      const found = await app.ask('developer', 'policy-version', { policyId: ID, version: name });
      expect(found).toMatchObject({ version: '1.0.0', digest });
      const paths = found.sources.map(({ path }: Answer) => path);
      expect(paths).toEqual(expect.arrayContaining(['policy.yaml', RULE, RULE_TEST, 'lib/report.rego']));
    }
    const shipped = await app.ask('developer', 'policy-version', { policyId: 'access', version: '1.5.0' });
    expect(shipped.sources.map(({ path }: Answer) => path)).toContain('access/policy_publication.rego');
  });

  it('never changes: other content wants another number', async () => {
    const changed = aPolicy(ID, { 'policy.yaml': manifest(ID, '1.0.0', 'Changed') });
    expect(await save('officer', ID, 7, changed)).toMatchObject({
      version: 8,
      authors: [expect.any(String)],
    });
    expect(await request('officer', ID, 8)).toMatchObject({ code: 'POLICY_VERSION_TAKEN' });
    const diff = await app.ask('auditor', 'policy-diff', {
      policyId: ID,
      from: { publishedVersion: '1.0.0' },
      to: { draftVersion: 8 },
    });
    const changes = diff.files.filter(({ change }: Answer) => change !== 'REMOVED');
    expect(changes.map(({ path }: Answer) => path)).toEqual(['policy.yaml']);
  });

  it('begins anew: a later save closes a review, and who wrote none of the next version may review it', async () => {
    const next = (title: string) => aPolicy(ID, { 'policy.yaml': manifest(ID, '1.1.0', title) });
    await save('officer', ID, 8, next('One'));
    const first = await request('officer', ID, 9);
    expect(first.authors).toHaveLength(1);
    expect(await review('second-officer', first.id)).toMatchObject({ approvals: 1 });
    await save('officer', ID, 9, next('Two'));
    expect(await publish('second-officer', first.id)).toMatchObject({ code: 'POLICY_REVIEW_CLOSED' });
    const second = await request('officer', ID, 10);
    expect(await review('second-officer', second.id, 'REQUEST_CHANGES')).toMatchObject({
      state: 'CHANGES_REQUESTED',
    });
    expect(await review('approver', second.id)).toMatchObject({ code: 'POLICY_REVIEW_CLOSED' });
    const third = await request('officer', ID, 10);
    expect(await review('approver', third.id)).toMatchObject({ approvals: 1 });
    expect(await publish('second-officer', third.id)).toMatchObject({ version: '1.1.0' });
  });

  it('ends: a retired version keeps its content and is taken out of choice once', async () => {
    const retire = () =>
      app.command('officer', 'retire-policy', { policyId: ID, version: '1.0.0', reason: 'Replaced' });
    expect(await retire()).toMatchObject({ __typename: 'PolicyVersion', state: 'RETIRED', digest });
    expect(await retire()).toMatchObject({
      code: 'POLICY_STATE_FORBIDS',
      policyState: 'RETIRED',
      action: 'retire',
    });
    const retired = await app.services.draftRead.retirements((await orgId()) as string);
    expect(retired).toMatchObject([{ policyId: ID, version: '1.0.0', digest }]);
  });

  it('is on record: every step with its states, and no word of anybody', async () => {
    const { nodes } = await app.ask('auditor', 'ledger', { filter: {}, first: 200 });
    const steps = nodes.filter(({ kind, facts }: Answer) => kind.startsWith('policy.') && facts.stateAfter);
    const moves = new Set(
      steps.map(({ kind, facts }: Answer) => `${kind} ${facts.stateBefore} ${facts.stateAfter}`),
    );
    expect([...moves]).toEqual(
      expect.arrayContaining([
        'policy.draft-saved absent draft',
        'policy.review-requested checked in_review',
        'policy.reviewed in_review in_review',
        'policy.reviewed in_review checked',
        'policy.draft-saved published draft',
        'policy.retired published retired',
      ]),
    );
    expect(JSON.stringify(nodes)).not.toMatch(/says Otis|says Sam|Replaced/);
  });

  it('is what the ledger says, and a changed row is found', async () => {
    await app.integrate();
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
    const { admin } = app.database;
    await admin.query(`ALTER TABLE assay.policy_review DISABLE TRIGGER ALL`);
    await admin.query(`UPDATE assay.policy_review SET author_ids = author_ids[1:1] WHERE ordinal = 1`);
    await admin.query(`ALTER TABLE assay.policy_retirement DISABLE TRIGGER ALL`);
    await admin.query(`DELETE FROM assay.policy_retirement`);
    const { findings } = await verifyLedger(app.platform);
    expect(findings.map(({ detail }) => detail)).toEqual([
      expect.stringContaining(`policy-review/${reviewId}`),
      expect.stringContaining(`policy-retirement/${ID}@1.0.0`),
    ]);
  });
});

async function orgId(): Promise<unknown> {
  const [row] = await app.database.admin.query(`SELECT org_id FROM assay.policy_revision LIMIT 1`);
  return row.org_id;
}

describe('a draft', () => {
  it('is formatted on request, and saved only if asked', async () => {
    const ugly = aPolicy('ugly', {
      [RULE]: 'package assay.rules.agent_header_complete\n\n\n\nresult    := 1\n',
    });
    await save('officer', 'ugly', 0, ugly);
    const format = (keep: boolean) =>
      app.command('officer', 'format-policy-draft', { policyId: 'ugly', expectedVersion: 1, save: keep });
    const shown = await format(false);
    expect(shown).toMatchObject({ changed: [RULE], draft: { version: 1 } });
    expect(shown.files.find(({ path }: Answer) => path === RULE).text).toContain('\nresult := 1\n');
    expect(await format(true)).toMatchObject({ changed: [RULE], draft: { version: 2 } });
  });

  it('is thrown away, leaves the list, stays readable, and can be begun anew', async () => {
    await save('officer', 'idea', 0, aPolicy('idea'));
    const listed = async () =>
      (await app.ask('auditor', 'policy-drafts', {})).nodes.map(({ policyId }: Answer) => policyId);
    expect(await listed()).toContain('idea');
    const discarded = await app.command('officer', 'discard-policy-draft', {
      policyId: 'idea',
      expectedVersion: 1,
    });
    expect(discarded).toMatchObject({ version: 2, state: null, digest: null });
    expect(await listed()).not.toContain('idea');
    expect(await app.ask('auditor', 'policy-draft', { policyId: 'idea' })).toBeNull();
    const kept = await app.ask('auditor', 'policy-draft', { policyId: 'idea', version: 1 });
    expect(kept.files).toHaveLength(5);
    expect(await save('officer', 'idea', 0, aPolicy('idea'))).toMatchObject({ version: 3, state: 'DRAFT' });
  });

  it('is listed in pages, by state and by author', async () => {
    const first = await app.ask('auditor', 'policy-drafts', { first: 1 });
    expect(first).toMatchObject({ nodes: [{ policyId: 'agents' }], pageInfo: { hasNextPage: true } });
    const rest = await app.ask('auditor', 'policy-drafts', { after: first.pageInfo.endCursor });
    expect(rest.nodes).toHaveLength(first.totalCount - 1);
    const published = await app.ask('auditor', 'policy-drafts', { state: 'PUBLISHED' });
    expect(published.nodes).toMatchObject([{ policyId: 'agents' }]);
    const { principalId } = await app.ask('approver', 'viewer');
    expect((await app.ask('auditor', 'policy-drafts', { authorId: principalId })).totalCount).toBe(0);
  });

  it.each([
    [[{ path: '../etc/passwd', text: '' }], 'files.0.path'],
    [[{ path: 'run.sh', text: '' }], 'files.0.path'],
    [[], 'files'],
  ])('is refused as files: %j', async (files, path) => {
    expect(await save('officer', 'odd', 0, files)).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  it('belongs to its organisation', async () => {
    const { text } = await app.post(app.tokenFor('auditor', 'rival'), {
      query: '{ policyDrafts { totalCount } }',
    });
    expect(JSON.parse(text).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});
