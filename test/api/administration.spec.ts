import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
  await app.services.organisations.createProject({
    orgId: (await idOf('admin')).orgId,
    slug: 'other-shop',
    name: 'Another shop',
  });
}, 120_000);
afterAll(() => app.close());

const reason = 'Ticket 7';
const idOf = async (subject: string): Promise<{ orgId: string; principalId: string }> => {
  const issuer = app.platform.config.jwtIssuer;
  const found = await app.services.principals.byClaims({ issuer, subject, org: 'demo' });
  if (!found) throw new Error(subject);
  return found;
};
const add = (subject: string, kind = 'PERSON'): Promise<Answer> =>
  app.command('admin', 'add-principal', { subject, kind, displayName: `Somebody ${subject}`, reason });
const give = (principalId: string, role: string, more: object = {}): Promise<Answer> =>
  app.command('admin', 'give-grant', { principalId, role, reason, ...more });
const rolesOf = async (subject: string): Promise<string[]> => (await app.ask(subject, 'viewer')).roles;
const codeOf = async (subject: string, query: string): Promise<string | undefined> =>
  JSON.parse((await app.post(app.tokenFor(subject), { query })).text).errors?.[0]?.extensions.code;

describe('a principal', () => {
  it('is let in once it is added, and may do nothing before a role is given', async () => {
    expect(await codeOf('newcomer', '{ viewer { roles } }')).toBe('UNAUTHENTICATED');
    const added = await add('newcomer');
    expect(added).toMatchObject({ __typename: 'Principal', standing: 'ENABLED', version: 0, roles: [] });
    expect(await codeOf('newcomer', '{ gates { gateId } }')).toBe('FORBIDDEN');
    expect(await give(added.id, 'developer')).toMatchObject({ __typename: 'Grant', role: 'developer' });
    expect(await codeOf('newcomer', '{ gates { gateId } }')).toBeUndefined();
    expect(await rolesOf('newcomer')).toEqual(['developer']);
  });

  it('is added once, and told apart from one that is known', async () => {
    const idempotencyKey = randomUUID();
    const input = { subject: 'twice', kind: 'PERSON', displayName: 'Twice', reason };
    const [first, again] = [
      await app.command('admin', 'add-principal', { ...input, idempotencyKey }),
      await app.command('admin', 'add-principal', { ...input, idempotencyKey }),
    ];
    expect(again.id).toBe(first.id);
    const other = { ...input, displayName: 'Another', idempotencyKey };
    expect((await app.command('admin', 'add-principal', other)).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await app.command('admin', 'add-principal', input)).toMatchObject({
      code: 'PRINCIPAL_KNOWN',
      principalId: first.id,
    });
  });

  it('that is shut out is refused with its valid token, and let in again with what it held', async () => {
    const { id: principalId } = await add('suspect');
    await give(principalId, 'auditor');
    const change = (operation: string, expectedVersion: number): Promise<Answer> =>
      app.command('admin', operation, { principalId, expectedVersion, reason });
    expect(await change('disable-principal', 0)).toMatchObject({ standing: 'DISABLED', version: 1 });
    expect(await codeOf('suspect', '{ viewer { roles } }')).toBe('UNAUTHENTICATED');
    expect(await change('enable-principal', 0)).toMatchObject({
      ...{ code: 'PRINCIPAL_STALE', expectedVersion: 0, currentVersion: 1 },
      ...{ yours: 'ENABLED', theirs: 'DISABLED', changedBy: (await idOf('admin')).principalId },
    });
    expect(await change('enable-principal', 1)).toMatchObject({ standing: 'ENABLED', version: 2 });
    expect(await rolesOf('suspect')).toEqual(['auditor']);
  });

  it.each([
    ['a subject with a space', { subject: 'a b' }, 'input.subject'],
    ['an issuer that is no URI', { issuer: 'nobody' }, 'input.issuer'],
    ['no name', { displayName: ' ' }, 'input.displayName'],
    ['no reason', { reason: '' }, 'input.reason'],
  ])('with %s is refused, and told where', async (_what, change, path) => {
    const input = { subject: 'wrong', kind: 'PERSON', displayName: 'Wrong', reason, ...change };
    expect(await app.command('admin', 'add-principal', input)).toMatchObject({ code: 'INVALID_INPUT', path });
  });
});

describe('a grant', () => {
  it("is refused to oneself, whoever one is, with the policy's reason", async () => {
    const { principalId } = await idOf('admin');
    expect(await give(principalId, 'approver')).toMatchObject({
      code: 'NOT_PERMITTED',
      refusal: { code: 'own-grant' },
    });
    expect(await rolesOf('admin')).toEqual(['admin']);
  });

  it('of the last administrator stays, and so does the last administrator', async () => {
    const admin = await idOf('admin');
    const { nodes } = await app.ask('admin', 'grants', { principalId: admin.principalId, role: 'admin' });
    const last = { code: 'NOT_PERMITTED', refusal: { code: 'last-administrator' } };
    const revoke = (subject: string): Promise<Answer> =>
      app.command(subject, 'revoke-grant', { grantId: nodes[0].id, reason });
    expect(await revoke('admin')).toMatchObject(last);
    expect(nodes[0].viewerCan).toEqual([
      { action: 'revoke', allowed: false, reasonCode: 'last-administrator' },
    ]);

    const { id: second } = await add('second-admin');
    await give(second, 'admin');
    // Each removes the other at the same time: one of them is refused.
    const theirs = await app.ask('admin', 'grants', { principalId: second, role: 'admin' });
    const remove = async (subject: string, grantId: string): Promise<Answer> => {
      const input = { grantId, reason, idempotencyKey: randomUUID() };
      const { data, errors } = await app.graphql(subject, 'revoke-grant', { input });
      return errors?.[0]?.extensions.code ?? data.revokeGrant;
    };
    const both = await Promise.all([
      remove('second-admin', nodes[0].id),
      remove('admin', theirs.nodes[0].id),
    ]);
    // Who comes too late is no administrator any more, or is refused as the last one.
    const outcomes = both.map((each) => each.refusal?.code ?? each.__typename ?? each);
    expect(outcomes.toSorted()[1]).toMatch(/^(last-administrator|FORBIDDEN|Grant)$/);
    expect(outcomes.filter((each) => each === 'Grant')).toHaveLength(1);
    const { nodes: left } = await app.ask('auditor', 'grants', { role: 'admin' });
    expect(left).toHaveLength(1);
    // Whoever is left gives it back, so that the other tests have their administrator.
    if (left[0].principalId === second)
      await app.command('second-admin', 'give-grant', {
        ...{ principalId: admin.principalId, role: 'admin', reason },
      });
  });

  it('ends when it is revoked: at once, once, and on record', async () => {
    const { id: principalId } = await add('leaver');
    const grant = await give(principalId, 'developer');
    expect(await give(principalId, 'developer')).toMatchObject({ code: 'GRANT_STANDS', grantId: grant.id });
    const revoke = (): Promise<Answer> =>
      app.command('admin', 'revoke-grant', { grantId: grant.id, reason: 'They left' });
    expect((await revoke()).revokedBy).toBe((await idOf('admin')).principalId);
    expect(await revoke()).toMatchObject({ code: 'GRANT_OVER', grantId: grant.id });
    expect(await codeOf('leaver', '{ gates { gateId } }')).toBe('FORBIDDEN');
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { kind: 'grant.revoked' }, first: 200 });
    expect(nodes.at(-1).facts).toMatchObject({
      ...{ result: 'REVOKED', stateBefore: 'IN_FORCE', stateAfter: 'REVOKED' },
      details: { role: 'developer', grantId: grant.id },
    });
    expect(JSON.stringify(nodes)).not.toContain('They left');
    const listed = await app.ask('auditor', 'grants', { principalId, inForce: false });
    expect(listed.nodes.map(({ id }: Answer) => id)).toEqual([grant.id]);
    expect((await app.ask('auditor', 'grants', { principalId })).totalCount).toBe(0);
  });

  it('that was revoked does not come back with the set-up', async () => {
    const developer = await idOf('second-officer');
    const { nodes } = await app.ask('admin', 'grants', { principalId: developer.principalId });
    await app.command('admin', 'revoke-grant', { grantId: nodes[0].id, reason });
    const { seedDemo } = await import('../../src/app/seed/seed.io.js');
    const { config } = app.platform;
    await seedDemo({ ...app.platform, config: { ...config, opaPath: process.env['ASSAY_TEST_OPA'] } });
    expect((await app.ask('admin', 'grants', { principalId: developer.principalId })).totalCount).toBe(0);
  });

  it.each([
    [
      'a role that the table lacks',
      'person',
      { role: 'wizard' },
      { code: 'INVALID_INPUT', path: 'input.role' },
    ],
    ['a project that is not there', 'person', { project: 'none' }, { code: 'PROJECT_NOT_FOUND' }],
    [
      'a rate for a person',
      'person',
      { requestsPerMinute: 10 },
      { refusal: { code: 'rate-not-for-person' } },
    ],
    ['approving, for an agent', 'agent', { role: 'approver' }, { refusal: { code: 'role-not-for-kind' } }],
    ['nobody', 'nobody', {}, { code: 'PRINCIPAL_NOT_FOUND' }],
  ])('of %s is refused', async (_what, whom, change, problem) => {
    const ids: Record<string, () => Promise<string>> = {
      person: async () => (await idOf('developer')).principalId,
      agent: async () => (await add(`agent-${randomUUID()}`, 'AGENT')).id,
      nobody: () => Promise.resolve(randomUUID()),
    };
    const principalId = (await ids[whom]?.()) ?? '';
    expect(await give(principalId, 'officer', change)).toMatchObject(problem);
  });
});

describe('a role in one project', () => {
  let principalId: string;
  beforeAll(async () => {
    ({ id: principalId } = await add('contractor'));
    await give(principalId, 'developer', { project: 'shop' });
  });

  it('lets its holder work there, and nowhere else', async () => {
    expect(await codeOf('contractor', '{ gate(gateId: "GATE_RELEASE") { gateId } }')).toBeUndefined();
    const register = (project: string): Promise<Answer> =>
      app.graphql('contractor', 'register-artefact', {
        input: {
          ...{ project, artId: `ART_${project.toUpperCase()}`, idempotencyKey: randomUUID() },
          digest: `sha256:${'c'.repeat(64)}`,
        },
      });
    expect((await register('shop')).errors).toBeUndefined();
    expect((await register('other-shop')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await codeOf('contractor', '{ gates { gateId } }')).toBe('FORBIDDEN'); // of all projects
  });

  it('counts for what lies in both places only when it is named', async () => {
    const build = await registerBuild(app);
    const evaluate = (input: object): Promise<Answer> =>
      app.graphql('contractor', 'evaluate-gate', {
        input: { gateId: 'GATE_RELEASE', digest: build.digest, idempotencyKey: randomUUID(), ...input },
      });
    expect((await evaluate({ artId: build.artId })).errors).toBeUndefined();
    expect((await evaluate({})).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is told to its holder, and why', async () => {
    const viewer = await app.ask('contractor', 'viewer');
    expect(viewer).toMatchObject({ roles: [], permissions: [] });
    expect(viewer.projectRoles).toMatchObject([{ project: { slug: 'shop' }, roles: ['developer'] }]);
    expect(viewer.projectRoles[0].permissions).toContain('gate.evaluate');
    const { data } = JSON.parse(
      (await app.post(app.tokenFor('contractor'), { query: '{ projects { slug } }' })).text,
    );
    expect(data.projects).toEqual([{ slug: 'shop' }]);
  });

  it('does not let an administrator of a project give roles beyond it', async () => {
    const { id } = await add('project-admin');
    await give(id, 'admin', { project: 'shop' });
    const input = { principalId, role: 'auditor', reason };
    expect((await app.command('project-admin', 'give-grant', { ...input, project: 'shop' })).__typename).toBe(
      'Grant',
    );
    for (const project of [undefined, 'other-shop'])
      expect(
        (
          await app.graphql('project-admin', 'give-grant', {
            input: { ...input, project, idempotencyKey: randomUUID() },
          })
        ).errors?.[0]?.extensions.code,
      ).toBe('FORBIDDEN');
  });
});

describe('explainAccess', () => {
  it('names the rule, the role, its grant and the reason', async () => {
    const allowed = await app.ask('developer', 'explain-access', { permission: 'gate.evaluate' });
    expect(allowed).toMatchObject({
      ...{ allowed: true, reason: { code: 'ok', text: 'Permitted.' }, remedy: null },
      rule: { policyId: 'access', ruleId: 'authorise', title: 'Who may do what' },
      roles: [{ role: 'developer', permits: true, grants: [{ project: null }] }],
    });
    const denied = await app.ask('developer', 'explain-access', { permission: 'waiver.approve' });
    expect(denied).toMatchObject({
      ...{ allowed: false, reason: { code: 'role-lacks-permission' }, roles: [{ permits: false }] },
      remedy: expect.stringContaining('Ask an administrator'),
    });
    const [published]: { digest: string }[] = await app.database.admin.query(
      `SELECT digest FROM assay.policy_version WHERE policy_id = 'access' AND version = $1`,
      [denied.rule.policyVersion],
    );
    expect(denied.rule.policyDigest).toBe(published?.digest);
  });

  it('is about others for those who may ask, and about a project where one is named', async () => {
    const { principalId } = await idOf('contractor');
    const ask = (by: string, project?: string): Promise<Answer> =>
      app.ask(by, 'explain-access', { permission: 'waiver.request', principalId, project });
    expect(await ask('developer')).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await ask('auditor')).toMatchObject({ allowed: false, reason: { code: 'no-role' } });
    expect(await ask('auditor', 'shop')).toMatchObject({ allowed: true, project: { slug: 'shop' } });
    expect(await ask('auditor', 'other-shop')).toMatchObject({ allowed: false });
    expect(await ask('auditor', 'nowhere')).toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    expect(await app.ask('auditor', 'explain-access', { permission: 'reactor.shutdown' })).toMatchObject({
      ...{ code: 'INVALID_INPUT', path: 'permission' },
    });
  });
});

describe('the lists', () => {
  it('come in pages that together are all of it', async () => {
    for (const operation of ['principals', 'grants']) {
      const whole = await app.ask('admin', operation, { first: 200 });
      const ids: string[] = [];
      for (let after: string | null = null; ;) {
        const page: Answer = await app.ask('admin', operation, { first: 3, after });
        ids.push(...page.nodes.map(({ id }: Answer) => id));
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor;
      }
      expect(ids).toEqual(whole.nodes.map(({ id }: Answer) => id));
      expect(ids).toHaveLength(whole.totalCount);
      expect((await app.graphql('admin', operation, { after: 'x' })).errors?.[0]?.extensions.code).toBe(
        'BAD_REQUEST',
      );
    }
  });
});

it('all of it can be rebuilt from the ledger', async () => {
  await app.integrate();
  expect((await verifyLedger(app.platform)).findings).toEqual([]);
});
