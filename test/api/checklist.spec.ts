import { randomUUID } from 'node:crypto';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, type Build } from '../support/shop.js';

const TITLE = { en: 'Release', nl: 'Uitgave' };
const withFloor = (floor: unknown, more: object = {}): object => ({
  chkId: 'CHK_RELEASE',
  title: TITLE,
  policies: [
    { policyId: 'secure-release', version: '1.2.0', parameters: { coverage_floor: floor } },
    { policyId: 'model-governance', version: '1.1.0' },
  ],
  ...more,
});

const licences = (parameters: object) => ({ policyId: 'secure-release', version: '1.2.0', parameters });

describe('a checklist', () => {
  let app: TestApplication;
  let build: Build;
  const publish = (input: object, subject = 'officer'): Promise<Answer> =>
    app.command(subject, 'publish-checklist', input);
  const activate = (version: number, expectedActivation: number, more: object = {}): Promise<Answer> =>
    app.command('officer', 'activate-checklist', {
      chkId: 'CHK_RELEASE',
      version,
      expectedActivation,
      reason: 'Agreed with the auditor',
      ...more,
    });
  const orgId = async (): Promise<string> => {
    const [{ id }] = await app.database.admin.query<[{ id: string }]>(
      'SELECT org_id AS id FROM assay.organisation',
    );
    return id;
  };
  const entries = (): Promise<{ count: string }[]> =>
    app.database.admin.query('SELECT count(*) FROM ledger.entry');

  beforeAll(async () => {
    app = await openTestApplication();
    build = await judgeableBuild(app);
  });
  afterAll(() => app.close());

  it('is put in force by the installation, linked into one module', async () => {
    const { nodes, totalCount } = await app.ask('auditor', 'checklists', { active: true });
    expect(totalCount).toBe(4);
    expect(nodes.map((node: Answer) => [node.chkId, node.version, node.active, node.activation])).toEqual([
      ['CHK_ACCESS', 1, true, 1],
      ['CHK_DOD', 1, true, 1],
      ['CHK_PROCESS', 1, true, 1],
      ['CHK_RELEASE', 1, true, 1],
    ]);
    const release = nodes[3];
    expect(release.bundle).toMatch(/^sha256:/);
    expect(nodes[1].bundle).toBeNull();
    expect(release.viewerCan).toEqual([
      { action: 'activate', allowed: false, reasonCode: expect.any(String) },
    ]);
    const decision = await evaluate(app, build);
    expect(decision.checklist).toMatchObject({ version: 1 });
    const { activations } = await app.ask('auditor', 'activations', { chkId: 'CHK_RELEASE' });
    expect(activations.nodes).toMatchObject([
      { number: 1, version: 1, previousVersion: null, rollback: false, activatedBy: null, reason: null },
    ]);
  });

  it('published by an officer judges nothing yet', async () => {
    expect(await publish(withFloor(10, { freshness: { coverage: 3 } }))).toMatchObject({
      __typename: 'ChecklistVersion',
      version: 2,
      active: false,
      activeVersion: 1,
      activation: 1,
      parameters: { 'secure-release': { coverage_floor: 10 } },
      freshness: { coverage: 3 },
      bundle: expect.stringMatching(/^sha256:/),
    });
    expect((await evaluate(app, build)).checklist.version).toBe(1);
  });

  it('with content that was published before is that version', async () => {
    const before = await entries();
    expect(await publish(withFloor(10, { freshness: { coverage: 3 } }))).toMatchObject({ version: 2 });
    expect(await entries()).toEqual(before);
    const key = { idempotencyKey: randomUUID() };
    expect(await publish(withFloor(20, key))).toMatchObject({ version: 3 });
    expect(await publish(withFloor(20, key))).toMatchObject({ version: 3 });
    expect(await publish(withFloor(21, key))).toMatchObject({ __typename: 'IdempotencyConflict' });
  });

  it('gets numbers without gaps when several publish at once', async () => {
    const published = await Promise.all([31, 32, 33, 31].map((floor) => publish(withFloor(floor))));
    expect(new Set(published.map(({ version }) => version as number))).toEqual(new Set([4, 5, 6]));
  });

  it('is refused with every mistake in its place', async () => {
    const before = await entries();
    expect(
      await publish({
        chkId: 'CHK_RELEASE',
        title: TITLE,
        policies: [
          { policyId: 'secure-release', version: '1.2.0', parameters: { coverage_floor: 'high', floor: 1 } },
          { policyId: 'model-governance', version: '1.1.0', parameters: { models_allowed: [3] } },
        ],
      }),
    ).toMatchObject({
      __typename: 'ChecklistInvalid',
      code: 'CHECKLIST_INVALID',
      errors: [
        { path: 'policies.0.parameters.coverage_floor' },
        { path: 'policies.0.parameters.floor', message: 'no such parameter' },
        { path: 'policies.1.parameters.models_allowed.0' },
      ],
    });
    const misspelt = { ...withFloor(1), policies: [licences({ licences_denied: ['MIT', 'GPL-2.0-ony'] })] };
    expect(await publish(misspelt)).toMatchObject({
      __typename: 'ChecklistInvalid',
      errors: [
        {
          path: 'policies.0.parameters.licences_denied.1',
          message: '"GPL-2.0-ony" is no SPDX licence identifier; did you mean "GPL-2.0-only"?',
        },
      ],
    });
    const twice = { policyId: 'secure-release', version: '1.2.0' };
    expect(
      await publish({ ...withFloor(1), title: { en: '', nl: 'x' }, policies: [twice, twice] }),
    ).toMatchObject({ errors: [{ path: 'title.en' }, { path: 'policies.1.policyId' }] });
    expect(await publish(withFloor(1, { freshness: { sast: 0 } }))).toMatchObject({
      errors: [{ path: 'freshness.sast' }],
    });
    expect(await publish(withFloor(1, { freshness: [] }))).toMatchObject({
      __typename: 'InvalidInput',
      path: 'input.freshness',
    });
    expect(
      await publish({ ...withFloor(1), policies: [{ policyId: 'secure-release', version: '9.9.9' }] }),
    ).toMatchObject({
      __typename: 'PolicyNotPublished',
      policyVersion: '9.9.9',
      reasonCode: 'unknown',
    });
    expect(await entries()).toEqual(before);
  });

  it('of access pins what answers who may do what, and no other does', async () => {
    const judges = { policyId: 'secure-release', version: '1.2.0' };
    expect(await publish({ ...withFloor(1), chkId: 'CHK_ACCESS', policies: [judges] })).toMatchObject({
      errors: [{ path: 'policies.0.policyId', message: 'secure-release does not answer who may do what' }],
    });
    const [access] = (await app.ask('auditor', 'checklists', { chkId: 'CHK_ACCESS' })).nodes[0].policies;
    expect(await publish({ ...withFloor(1), policies: [access] })).toMatchObject({
      errors: [{ path: 'policies.0.policyId', message: 'access judges nothing' }],
    });
  });

  it('of access is not activated by whoever would lock themselves out with it', async () => {
    const { policies, parameters } = (await app.services.policyRead.checklist(
      await orgId(),
      'CHK_ACCESS',
    ))!.document.policies.reduce(
      (_, pin) => ({
        policies: [{ policyId: pin.policyId, version: pin.version }],
        parameters: pin.parameters,
      }),
      { policies: [] as object[], parameters: {} as Record<string, Answer> },
    );
    const roles = Object.entries(parameters['permissions'] as Record<string, string[]>);
    const permissions = Object.fromEntries(
      roles.map(([role, all]) => [role, all.filter((each) => each !== 'checklist.activate')]),
    );
    const locked = await publish({
      ...withFloor(1),
      chkId: 'CHK_ACCESS',
      policies: [{ ...policies[0], parameters: { permissions } }],
    });
    expect(locked).toMatchObject({ __typename: 'ChecklistVersion', version: 2 });
    expect(await activate(2, 1, { chkId: 'CHK_ACCESS' })).toMatchObject({
      __typename: 'AccessWouldBeLost',
      version: 2,
    });
    const harmless = { ...parameters['permissions'], developer: [] };
    const other = await publish({
      ...withFloor(1),
      chkId: 'CHK_ACCESS',
      policies: [{ ...policies[0], parameters: { permissions: harmless } }],
    });
    expect(await activate(other.version, 1, { chkId: 'CHK_ACCESS' })).toMatchObject({ activeVersion: 3 });
    expect(await activate(1, 2, { chkId: 'CHK_ACCESS' })).toMatchObject({ activeVersion: 1 });
  });

  it('is published and activated by officers only', async () => {
    for (const operation of ['publish-checklist', 'activate-checklist'])
      for (const subject of ['developer', 'approver', 'auditor', 'service']) {
        const input = operation.startsWith('publish')
          ? withFloor(50)
          : { chkId: 'CHK_RELEASE', version: 2, expectedActivation: 1, reason: 'x' };
        const { errors } = await app.graphql(subject, operation, {
          input: { idempotencyKey: randomUUID(), ...input },
        });
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      }
  });

  it('is activated by an officer, with a reason, at once', async () => {
    const key = { idempotencyKey: randomUUID() };
    expect(await activate(2, 1, key)).toMatchObject({ active: true, activeVersion: 2, activation: 2 });
    expect((await evaluate(app, build)).checklist.version).toBe(2);
    expect(await activate(2, 1, key)).toMatchObject({ active: true, activation: 2 });
    expect(await activate(3, 1, key)).toMatchObject({ __typename: 'IdempotencyConflict' });
  });

  it('activated by somebody else meanwhile is a conflict that says what stands', async () => {
    expect(await activate(3, 1)).toMatchObject({
      __typename: 'ActivationStale',
      code: 'ACTIVATION_STALE',
      expectedActivation: 1,
      actualActivation: 2,
      activeVersion: 2,
    });
    const answers = await Promise.all([3, 4, 5].map((version) => activate(version, 2)));
    expect(answers.map(({ __typename }) => __typename as string).sort()).toEqual([
      'ActivationStale',
      'ActivationStale',
      'ChecklistVersion',
    ]);
  });

  it('goes back to an earlier version, on record as such', async () => {
    expect(await activate(1, 3, { reason: 'Too strict' })).toMatchObject({ activeVersion: 1, activation: 4 });
    expect((await evaluate(app, build)).checklist.version).toBe(1);
    const { activations } = await app.ask('officer', 'activations', { chkId: 'CHK_RELEASE', first: 2 });
    expect(activations).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(activations.nodes[0]).toMatchObject({
      number: 4,
      version: 1,
      rollback: true,
      reason: 'Too strict',
      activatedBy: expect.any(String),
    });
    const after = activations.pageInfo.endCursor as string;
    const rest = await app.ask('officer', 'activations', { chkId: 'CHK_RELEASE', first: 2, after });
    expect(rest.activations.nodes.map((node: Answer) => node.number)).toEqual([2, 1]);
    const [{ statement }] = await app.database.admin.query<[{ statement: string }]>(
      `SELECT statement FROM ledger.fact WHERE kind = 'checklist.activated' ORDER BY seq DESC LIMIT 1`,
    );
    expect(statement).toContain('"rollback":true');
    expect(statement).toContain('"stateAfter":"CHK_RELEASE@1"');
    expect(statement).not.toContain('Too strict');
  });

  it.each([
    ['an unknown version', 99, {}, 'ChecklistNotFound'],
    ['no reason', 2, { reason: ' ' }, 'InvalidInput'],
  ])('is not activated with %s', async (_what, version, more, kind) => {
    expect(await activate(version, 4, more)).toMatchObject({ __typename: kind });
  });

  it('is listed in pages, with what the viewer can do', async () => {
    const first = await app.ask('officer', 'checklists', { chkId: 'CHK_RELEASE', first: 4 });
    expect(first).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: true } });
    expect(first.nodes.map((node: Answer) => node.version)).toEqual([6, 5, 4, 3]);
    expect(first.nodes[0].viewerCan).toEqual([{ action: 'activate', allowed: true, reasonCode: 'ok' }]);
    const after = first.pageInfo.endCursor as string;
    const rest = await app.ask('officer', 'checklists', { chkId: 'CHK_RELEASE', first: 4, after });
    expect(rest.nodes.map((node: Answer) => [node.version, node.active])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(rest.nodes[1].viewerCan[0].reasonCode).toBe('already-active');
    const { errors } = await app.graphql('officer', 'checklists', { after: 'nonsense' });
    expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  });
});
