import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild, type Build } from '../support/shop.js';
import { WaiverSteps } from '../support/waivers.js';

let app: TestApplication;
let steps: WaiverSteps;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  steps = new WaiverSteps(app);
  build = await registerBuild(app);
}, 60_000);
afterAll(() => app.close());

describe('approving in another’s place', () => {
  it('is recorded with the person in whose place it was done', async () => {
    const given = await steps.delegate('approver', 'officer');
    expect(given).toMatchObject({ state: 'ACTIVE', delegator: await steps.id('approver') });
    const { id } = await steps.request(build);
    const from = await steps.lastSeq();
    const approved = await steps.asDelegate('officer', given.id, id);
    expect(approved).toMatchObject({
      state: 'ACTIVE',
      approvals: [
        {
          approvedBy: await steps.id('officer'),
          delegatedFrom: await steps.id('approver'),
          authenticationMethods: ['demo'],
        },
      ],
    });
    const [entry] = await steps.entriesSince(from);
    const clear = JSON.stringify(entry.statement);
    expect(clear).toContain(given.id);
    expect(clear).not.toContain(await steps.id('approver'));
    expect(clear).toMatch(/"delegator":"p_[0-9a-f]{32}"/);
  });

  it('gives nobody what the delegator could not do: no way round the four eyes', async () => {
    // A lead asks; the approver who delegates to the lead would let them approve their own request.
    const toLead = await steps.delegate('approver', 'lead');
    const own = await steps.request(build, {}, 'lead');
    expect(await steps.asDelegate('lead', toLead.id, own.id)).toMatchObject({ __typename: 'SelfApproval' });
    // The lead delegates to somebody else, who approves what the lead asked for.
    const byLead = await steps.delegate('lead', 'officer');
    expect(await steps.asDelegate('officer', byLead.id, own.id)).toMatchObject({
      __typename: 'SelfApproval',
    });
  });

  it('counts one authority once, in person or through others', async () => {
    const two = { severity: 'CRITICAL' };
    const given = await steps.delegate('approver', 'officer');
    const { id } = await steps.request(build, two);
    await steps.review('approve-waiver', id, 'approver');
    expect(await steps.asDelegate('officer', given.id, id)).toMatchObject({ __typename: 'AlreadyApproved' });
    const other = await steps.request(build, two);
    await steps.asDelegate('officer', given.id, other.id);
    expect(await steps.review('approve-waiver', other.id, 'approver')).toMatchObject({
      __typename: 'AlreadyApproved',
    });
    expect(await steps.review('approve-waiver', other.id, 'second-approver')).toMatchObject({
      state: 'ACTIVE',
    });
  });

  it('cannot be passed on, is for persons, and not for oneself', async () => {
    const refusalOf = async (by: string, to: string): Promise<Answer> =>
      (await steps.delegate(by, to)).refusal;
    await steps.delegate('approver', 'officer');
    const passing = await app.graphql('officer', 'delegate-waiver-approval', {
      input: {
        ...{ delegate: await steps.id('developer'), until: steps.inDays(1), reason: 'x' },
        idempotencyKey: 'chain',
      },
    });
    expect(passing.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await refusalOf('approver', 'service')).toMatchObject({ code: 'delegate-not-a-person' });
    expect(await refusalOf('approver', 'approver')).toMatchObject({ code: 'delegate-is-delegator' });
    expect(await steps.delegate('approver', 'officer', { until: steps.inDays(31) })).toMatchObject({
      refusal: { code: 'delegation-too-long' },
    });
    expect(
      await app.command('approver', 'delegate-waiver-approval', {
        ...{ delegate: '00000000-0000-4000-8000-000000000000', until: steps.inDays(1), reason: 'x' },
      }),
    ).toMatchObject({ __typename: 'DelegateNotFound' });
  });

  it('holds inside its window only, until it is withdrawn, and for the delegate alone', async () => {
    const later = await steps.delegate('approver', 'officer', { from: steps.inDays(1) });
    const { id } = await steps.request(build, { effectiveUntil: steps.inDays(20) });
    expect(await steps.asDelegate('officer', later.id, id)).toMatchObject({
      __typename: 'DelegationNotInForce',
      delegationState: 'PENDING',
    });
    expect(await steps.asDelegate('second-officer', later.id, id)).toMatchObject({
      __typename: 'DelegationNotFound',
    });
    app.clock.advance(8 * DAY_MS);
    expect(await steps.asDelegate('officer', later.id, id)).toMatchObject({ delegationState: 'EXPIRED' });
    const now = await steps.delegate('approver', 'officer');
    const withdraw = (by: string): Promise<Answer> =>
      app.command(by, 'withdraw-waiver-delegation', { delegationId: now.id, note: 'Back again' });
    expect(await withdraw('second-approver')).toMatchObject({ __typename: 'DelegationNotFound' });
    expect(await withdraw('approver')).toMatchObject({ state: 'WITHDRAWN' });
    expect(await withdraw('approver')).toMatchObject({ delegationState: 'WITHDRAWN' });
    expect(await steps.asDelegate('officer', now.id, id)).toMatchObject({ delegationState: 'WITHDRAWN' });
    const listed = await app.ask('auditor', 'waiver-delegations', {
      delegate: await steps.id('officer'),
      state: 'WITHDRAWN',
      first: 10,
    });
    expect(listed.nodes.map((each: Answer) => each.id)).toContain(now.id);
  });
});

describe('a fresh, strong login', () => {
  it('can be demanded of approvers, and what falls short is said', async () => {
    await steps.accessWith({
      approval_login_minutes: { high: 15 },
      approval_login_methods: { high: ['hwk', 'mfa'] },
    });
    const { id } = await steps.request(build);
    const approve = (login: { minutesAgo?: number; amr?: string[] }): Promise<Answer> =>
      steps.withLogin('approver', login, 'approve-waiver', { waiverId: id, note: 'Seen' });
    expect(await approve({ minutesAgo: 16, amr: ['pwd'] })).toMatchObject({
      __typename: 'FreshLoginRequired',
      code: 'FRESH_LOGIN_REQUIRED',
      maxAgeMinutes: 15,
      methods: ['hwk', 'mfa'],
      missing: ['amr', 'auth_time'],
    });
    expect(await approve({ minutesAgo: 1, amr: ['pwd'] })).toMatchObject({ missing: ['amr'] });
    expect(await approve({ minutesAgo: 20, amr: ['hwk'] })).toMatchObject({ missing: ['auth_time'] });
    expect(await approve({})).toMatchObject({ missing: ['amr', 'auth_time'] });
    expect((await steps.show(id)).approvals).toEqual([]);
    const from = await steps.lastSeq();
    expect(await approve({ minutesAgo: 15, amr: ['pwd', 'mfa'] })).toMatchObject({ state: 'ACTIVE' });
    const [entry] = await steps.entriesSince(from);
    const facts = entry.statement.predicate['urn:assay:facts:v1'];
    expect(facts).toMatchObject({
      amr: ['pwd', 'mfa'],
      details: { login: { maxAgeMinutes: 15, methods: ['hwk', 'mfa'] } },
    });
    expect((await steps.show(id)).approvals).toMatchObject([{ authenticationMethods: ['pwd', 'mfa'] }]);
  });

  it('is not asked where the policy names no such severity', async () => {
    const { id } = await steps.request(build, { severity: 'MEDIUM' });
    const note = { waiverId: id, note: 'Seen' };
    expect(await steps.withLogin('approver', {}, 'approve-waiver', note)).toMatchObject({ state: 'ACTIVE' });
  });
});

it('after all of this the rows are what the entries say', async () => {
  await app.integrate();
  expect((await verifyLedger(app.platform)).findings).toEqual([]);
}, 60_000);
