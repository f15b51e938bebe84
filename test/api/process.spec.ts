import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, uploadAll, type Build } from '../support/shop.js';
import { actorOf, AGENT } from '../support/whole-story.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
}, 120_000);
afterAll(() => app.close());

const kind = (name: string) => ({ kind: name });
const titled = (actId: string) => ({ actId, title: { en: actId, nl: actId } });

/** A specification, a build of it, and a release that the definition of done lets through. */
const ACTIVITIES = [
  {
    ...{ ...titled('ACT_SPECIFY'), role: 'PO', makes: [kind('SPEC')] },
    skips: [{ route: 'SINGLE_STORY', controls: [{ gateId: 'GATE_DOD', on: kind('BUILD') }] }],
  },
  { ...titled('ACT_BUILD'), role: 'DEV', needs: [kind('SPEC')], makes: [kind('BUILD')] },
  {
    ...{ ...titled('ACT_RELEASE'), role: 'OPS', needs: [kind('BUILD')] },
    gates: [{ gateId: 'GATE_DOD', on: kind('BUILD') }],
  },
];

const item = (caseId: string, more: object = {}) => ({
  ...{ caseId, expectedVersion: 0, project: 'shop', kind: 'STORY', title: `What ${caseId} is about` },
  ...{ status: 'ACTIVE', ...more },
});
const save = (caseId: string, more: object = {}): Promise<Answer> =>
  app.command('developer', 'save-work-item', item(caseId, more));
const step = (caseId: string, actId: string, event: string, more: object = {}): Promise<Answer> =>
  app.command('developer', 'record-step', { caseId, actId, event, ...more });
const conformance = (caseId: string): Promise<Answer> => app.ask('auditor', 'conformance', { caseId });
const codes = (judged: Answer): Answer =>
  Object.fromEntries(
    judged.activities.map((each: Answer) => [each.actId, each.deviations.map((one: Answer) => one.code)]),
  );

/** Done by whoever has the role; the clock moves, so that before and after can be told apart. */
async function act(caseId: string, actId: string, role: string, artefacts: object[] = []): Promise<void> {
  const context = { role, agent: AGENT };
  for (const event of ['STARTED', 'FINISHED']) {
    const done = await step(caseId, actId, event, {
      ...{ context, artefacts: event === 'FINISHED' ? artefacts : [] },
    });
    expect(done).toMatchObject({ __typename: 'ProcessStep', agent: AGENT, role });
    app.clock.advance(1_000);
  }
}

async function passed(gateId = 'GATE_DOD'): Promise<Build> {
  const build = await registerBuild(app);
  await uploadAll(app, build, Object.values(CLEAN));
  await app.normalise();
  expect(await evaluate(app, build, { gateId })).toMatchObject({ verdict: 'PASS' });
  app.clock.advance(1_000);
  return build;
}

const publish = (templateId: string, expectedVersion: number, more: object = {}): Promise<Answer> =>
  app.command('officer', 'publish-template', {
    ...{ templateId, expectedVersion, title: { en: 'Story', nl: 'Story' }, activities: ACTIVITIES, ...more },
  });

async function giveRoles(): Promise<void> {
  const { principalId } = await actorOf(app, 'developer');
  for (const role of ['PO', 'DEV', 'OPS'])
    await app.command('officer', 'change-process-role', {
      ...{ project: 'shop', role, principalId, assigned: true },
    });
  app.clock.advance(1_000);
}

describe('the tree of work items', () => {
  it('is project, feature and story, each below the other and nothing else', async () => {
    expect(await save('P-1', { kind: 'PROJECT' })).toMatchObject({ __typename: 'WorkItem', version: 1 });
    expect(await save('F-1', { kind: 'FEATURE', parentId: 'P-1' })).toMatchObject({ parentId: 'P-1' });
    expect(await save('S-1', { parentId: 'F-1', estimatedHours: 3.5 })).toMatchObject({
      ...{ estimatedHours: 3.5, title: 'What S-1 is about' },
    });
    expect(await save('S-2', { parentId: 'P-1' })).toMatchObject({
      ...{ __typename: 'ParentRefused', reasonCode: 'kind' },
    });
    expect(await save('S-3', { parentId: 'S-3' })).toMatchObject({ reasonCode: 'cycle' });
    expect(await save('S-4', { parentId: 'F-404' })).toMatchObject({ reasonCode: 'missing' });
    expect(await save('P-2', { kind: 'PROJECT', parentId: 'P-1' })).toMatchObject({ path: 'input.parentId' });
    const { parent, children } = await app.ask('auditor', 'work-item', { caseId: 'F-1' });
    expect([parent.caseId, children.map((child: Answer) => child.caseId)]).toEqual(['P-1', ['S-1']]);
  });

  it('is edited under an expected version, and a conflict shows both sides', async () => {
    await save('E-1', { estimatedHours: 1 });
    const mine = await save('E-1', { expectedVersion: 1, estimatedHours: 2 });
    expect(mine).toMatchObject({ version: 2, estimatedHours: 2 });
    const late = await save('E-1', { expectedVersion: 1, estimatedHours: 8 });
    expect(late).toMatchObject({
      ...{ __typename: 'WorkItemStale', expectedVersion: 1 },
      theirs: { version: 2, estimatedHours: 2, title: 'What E-1 is about' },
      yours: { version: 2, estimatedHours: 8 },
    });
    expect(await save('E-404', { expectedVersion: 3 })).toMatchObject({ theirs: null });
  });

  it('takes one of five equal commands, and one of five that differ', async () => {
    const same = { ...item('E-2'), idempotencyKey: 'once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.command('developer', 'save-work-item', same)),
    );
    expect(answers.map(({ version }: Answer) => version)).toEqual([1, 1, 1, 1, 1]);
    expect(await app.command('developer', 'save-work-item', { ...same, estimatedHours: 7 })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    const different = await Promise.all(
      [1, 2, 3, 4, 5].map((estimatedHours) => save('E-2', { expectedVersion: 1, estimatedHours })),
    );
    expect(different.filter(({ __typename }: Answer) => __typename === 'WorkItem')).toHaveLength(1);
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { caseId: 'E-2' } });
    expect(nodes).toHaveLength(2);
  });

  it('says what is wrong with what was sent, and where', async () => {
    for (const [more, path] of [
      [{ estimatedHours: -1 }, 'input.estimatedHours'],
      [{ estimatedHours: 0.001 }, 'input.estimatedHours'],
      [{ kind: 'FIX' }, 'input.kind'],
      [{ title: ' ' }, 'input.title'],
      [{ status: 'DONE' }, 'input.status'],
      [{ templateVersion: 1 }, 'input.templateId'],
      [{ caseId: 'with a blank' }, 'input.caseId'],
      [{ caseId: 'FIX-1' }, 'input.caseId'],
    ] as const)
      expect(await save('W-1', more)).toMatchObject({ __typename: 'InvalidInput', path });
    expect(await save('W-1', { templateId: 'TMP_NONE' })).toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    expect(await save('W-1', { project: 'none' })).toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    expect(await app.ask('auditor', 'work-item', { caseId: 'W-1' })).toBeNull();
  });

  it('is listed page by page, each case as it stands', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const page: Answer = await app.ask('auditor', 'work-items', { project: 'shop', first: 2, after });
      seen.push(...page.nodes.map((node: Answer) => `${node.caseId}@${String(node.version)}`));
      expect(page.totalCount).toBe(5);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toEqual(['E-1@2', 'E-2@2', 'F-1@1', 'P-1@1', 'S-1@1']);
    const { errors } = await app.graphql('auditor', 'work-items', { after: '!' });
    expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
    expect((await app.ask('auditor', 'work-items', { project: 'none' })).totalCount).toBe(0);
  });
});

describe('templates', () => {
  it('are versions that never change, published in order', async () => {
    expect(await publish('TMP_CASE', 0)).toMatchObject({
      version: 1,
      activities: ACTIVITIES.map(({ actId }) => ({ actId })),
    });
    expect(await publish('TMP_CASE', 0)).toMatchObject({
      ...{ __typename: 'TemplateStale', expectedVersion: 0, theirs: { templateId: 'TMP_CASE', version: 1 } },
      yours: { templateId: 'TMP_CASE', version: 1, activities: ACTIVITIES.map(({ actId }) => ({ actId })) },
    });
    expect(await publish('TMP_OTHER', 0, { activities: [ACTIVITIES[0]] })).toMatchObject({ version: 1 });
    expect(await publish('TMP_OTHER', 1, { activities: [ACTIVITIES[0]] })).toMatchObject({ version: 2 });
    const { totalCount, nodes } = await app.ask('auditor', 'templates');
    expect([totalCount, nodes]).toEqual([
      3,
      [
        { templateId: 'TMP_CASE', version: 1 },
        { templateId: 'TMP_OTHER', version: 2 },
        { templateId: 'TMP_STORY', version: 1 }, // as shipped
      ],
    ]);
    expect(await app.ask('auditor', 'template', { templateId: 'TMP_OTHER', version: 1 })).toMatchObject({
      version: 1,
    });
  });

  it('are refused with the place of the mistake', async () => {
    const [specify, build, release] = ACTIVITIES;
    for (const [activities, path] of [
      [[], 'input.activities'],
      [[build, build], 'input.activities.1.actId'],
      [[{ ...build, role: 'nobody' }], 'input.activities.0.role'],
      [[build, { ...release, needs: [] }], 'input.activities.1.gates.0.on'],
      [
        [{ ...specify, skips: [{ route: 'SMALL_FEATURE', controls: [] }] }],
        'input.activities.0.skips.0.controls',
      ],
      [[{ ...specify, skips: [{ route: 'STANDARD', controls: [] }] }], 'input.activities.0.skips.0.route'],
    ] as const)
      expect(await publish('TMP_WRONG', 0, { activities })).toMatchObject({
        __typename: 'InvalidInput',
        path,
      });
  });
});

describe('a case that goes by its template', () => {
  let build: Build;
  beforeAll(async () => {
    await giveRoles();
    await save('C-1', { templateId: 'TMP_CASE', estimatedHours: 16 });
    build = await passed();
    const spec = await registerBuild(app, { artId: 'ART_SPEC' });
    await act('C-1', 'ACT_SPECIFY', 'PO', [{ ...spec, kind: 'SPEC', artId: 'ART_SPEC' }]);
    await act('C-1', 'ACT_BUILD', 'DEV', [{ ...build, kind: 'BUILD' }]);
    await act('C-1', 'ACT_RELEASE', 'OPS');
  }, 60_000);

  it('is conformant, activity by activity', async () => {
    const judged = await conformance('C-1');
    expect(judged).toMatchObject({ conformant: true, templateVersion: 1, route: 'STANDARD', deviations: [] });
    expect(codes(judged)).toEqual({ ACT_SPECIFY: [], ACT_BUILD: [], ACT_RELEASE: [] });
    expect(judged.activities.map(({ state }: Answer) => state)).toEqual(['FINISHED', 'FINISHED', 'FINISHED']);
  });

  it('has no more to mend, and stays so when it is done', async () => {
    const asked = { caseId: 'C-1' };
    expect(await app.command('developer', 'remediate-case', asked)).toMatchObject({ fixTasks: [] });
    expect(await save('C-1', { expectedVersion: 1, templateId: 'TMP_CASE', status: 'DONE' })).toMatchObject({
      status: 'DONE',
    });
    expect(await conformance('C-1')).toMatchObject({ conformant: true });
    expect(await step('C-1', 'ACT_BUILD', 'STARTED')).toMatchObject({
      ...{ __typename: 'CaseClosed', status: 'DONE' },
    });
  });

  it('is not, once the checklist that its gate judged with is no longer in force', async () => {
    await save('C-1', { expectedVersion: 2, templateId: 'TMP_CASE' });
    await app.command('officer', 'publish-checklist', {
      chkId: 'CHK_DOD',
      title: { en: 'Done', nl: 'Klaar' },
      policies: [{ policyId: 'definition-of-done', version: '1.1.0', parameters: { coverage_floor: 71 } }],
    });
    await app.command('officer', 'activate-checklist', {
      ...{ chkId: 'CHK_DOD', version: 2, expectedActivation: 1, reason: 'Stricter' },
    });
    const judged = await conformance('C-1');
    expect(codes(judged)).toMatchObject({ ACT_RELEASE: ['drifted-checklist'] });
    expect(judged.activities[2].deviations[0].params).toEqual({
      ...{ gateId: 'GATE_DOD', used: 'CHK_DOD@1', inForce: 'CHK_DOD@2' },
    });
    await evaluate(app, build, { gateId: 'GATE_DOD', rejudge: true });
    expect(await conformance('C-1')).toMatchObject({ conformant: true });
  });
});

describe('a step that breaks its template', () => {
  it('is found, whatever was said of it, and mended by rule as linked fix tasks', async () => {
    await save('C-2', { templateId: 'TMP_CASE', estimatedHours: 16 });
    const build = await registerBuild(app);
    await act('C-2', 'ACT_RELEASE', 'DEV');
    await act('C-2', 'ACT_BUILD', 'DEV', [{ ...build, kind: 'BUILD' }]);
    const judged = await conformance('C-2');
    expect(judged.conformant).toBe(false);
    expect(codes(judged)).toEqual({
      ACT_SPECIFY: ['activity-missing'],
      ACT_BUILD: ['missing-artefact'],
      ACT_RELEASE: ['wrong-role', 'wrong-order', 'missing-artefact'],
    });
    const { fixTasks } = await app.command('developer', 'remediate-case', { caseId: 'C-2' });
    expect(fixTasks.map((fix: Answer) => [fix.actId, fix.reasonCode, fix.remediation])).toEqual([
      ['ACT_SPECIFY', 'activity-missing', 'REOPEN_STORY'],
      ['ACT_BUILD', 'missing-artefact', 'RERUN'],
      ['ACT_RELEASE', 'wrong-role', 'RERUN'],
      ['ACT_RELEASE', 'wrong-order', 'RERUN'],
      ['ACT_RELEASE', 'missing-artefact', 'RERUN'],
    ]);
    const again = await app.command('developer', 'remediate-case', { caseId: 'C-2' });
    expect(again.fixTasks).toEqual(fixTasks);
    const [first] = fixTasks;
    const close = { fixTaskId: first.fixTaskId, outcome: 'FIXED', note: 'Written after all' };
    const closed = await app.command('developer', 'close-fix-task', close);
    expect(closed).toMatchObject({ status: 'DONE', version: 2, viewerCan: [{ allowed: false }] });
    expect(await app.command('developer', 'close-fix-task', close)).toMatchObject({
      code: 'FIX_TASK_CLOSED',
    });
    const open = await app.ask('auditor', 'fix-tasks', { caseId: 'C-2', status: 'ACTIVE' });
    expect(open.totalCount).toBe(4);
    const { children, rework } = await app.ask('auditor', 'work-item', { caseId: 'C-2' });
    expect(children.map((child: Answer) => child.kind)).toEqual(Array(5).fill('FIX'));
    expect(rework).toEqual([{ gateId: null, count: 5 }]);
    // Still so, and its fix is closed: that is another round.
    const third = await app.command('developer', 'remediate-case', { caseId: 'C-2' });
    expect(third.fixTasks[0].fixTaskId).not.toBe(first.fixTaskId);
  });

  it('is one that acts in a role which nobody gave', async () => {
    const { principalId } = await actorOf(app, 'developer');
    const change = { project: 'shop', role: 'DEV', principalId };
    const withdraw = { ...change, assigned: false };
    expect(await app.command('officer', 'change-process-role', withdraw)).toMatchObject({ assigned: false });
    expect(
      (await app.ask('auditor', 'process-roles', { project: 'shop' })).map((each: Answer) => each.role),
    ).toEqual(['OPS', 'PO']);
    app.clock.advance(1_000);
    await save('C-3', { templateId: 'TMP_CASE' });
    await act('C-3', 'ACT_BUILD', 'DEV');
    expect(codes(await conformance('C-3')).ACT_BUILD).toContain('role-not-held');
    await app.command('officer', 'change-process-role', { ...change, assigned: true });
    app.clock.advance(1_000);
    expect(codes(await conformance('C-3')).ACT_BUILD).toContain('role-not-held'); // it was not held then
    expect(codes(await conformance('C-1')).ACT_BUILD).toEqual([]);
  });

  it('cannot be told of a case without a template, nor of one that is not there', async () => {
    expect(await conformance('P-1')).toMatchObject({ code: 'CASE_WITHOUT_TEMPLATE' });
    expect(await conformance('X-404')).toMatchObject({ code: 'CASE_NOT_FOUND' });
  });
});

describe('a fast route', () => {
  it('follows from the hours, and skips what its control stands in for', async () => {
    await save('R-1', { templateId: 'TMP_CASE', estimatedHours: 3 });
    expect(await app.command('developer', 'choose-route', { caseId: 'R-1' })).toMatchObject({
      ...{ route: 'SINGLE_STORY', event: 'CHOSEN', reasonCode: 'single-story', version: 1 },
      policyDigest: expect.stringMatching(/^sha256:/),
    });
    const bad = await registerBuild(app);
    await act('R-1', 'ACT_BUILD', 'DEV', [{ ...bad, kind: 'BUILD' }]);
    expect(codes(await conformance('R-1'))).toEqual({
      ACT_SPECIFY: ['skipped-without-control'],
      ACT_BUILD: ['missing-artefact'], // what a skip without its control makes is missing
      ACT_RELEASE: [],
    });
    const build = await passed();
    await act('R-1', 'ACT_BUILD', 'DEV', [{ ...build, kind: 'BUILD' }]);
    const judged = await conformance('R-1');
    expect(judged).toMatchObject({ conformant: true, route: 'SINGLE_STORY' });
    expect(judged.activities[0]).toMatchObject({ state: 'SKIPPED', controls: [{ gateId: 'GATE_DOD' }] });
  });

  it('ends in the open when the story grows, and can be chosen anew', async () => {
    await save('R-1', { expectedVersion: 1, templateId: 'TMP_CASE', estimatedHours: 4 });
    const { route } = await app.ask('auditor', 'work-item', { caseId: 'R-1' });
    expect(route).toMatchObject({
      ...{ route: 'SINGLE_STORY', fits: false },
      latest: { event: 'OUTGROWN', route: 'STANDARD', reasonCode: 'too-large' },
    });
    const grown = await conformance('R-1');
    expect([grown.conformant, grown.deviations.map(({ code }: Answer) => code)]).toEqual([
      false,
      ['route-outgrown'],
    ]);
    const { fixTasks } = await app.command('developer', 'remediate-case', { caseId: 'R-1' });
    expect(fixTasks).toMatchObject([{ reasonCode: 'route-outgrown', remediation: 'RE_SHARD' }]);
    await save('R-1', { expectedVersion: 2, templateId: 'TMP_CASE', estimatedHours: 2 });
    expect((await app.ask('auditor', 'work-item', { caseId: 'R-1' })).route).toMatchObject({
      ...{ fits: true, latest: { event: 'REGAINED' } },
    });
    await save('R-1', { expectedVersion: 3, templateId: 'TMP_CASE', estimatedHours: 9 });
    await app.command('developer', 'choose-route', { caseId: 'R-1' });
    expect(codes(await conformance('R-1')).ACT_SPECIFY).toEqual(['activity-missing']);
  });

  it('ends for a feature when it gets a fourth story', async () => {
    await save('R-2', { kind: 'FEATURE' });
    for (const story of ['R-2a', 'R-2b', 'R-2c']) await save(story, { parentId: 'R-2', estimatedHours: 20 });
    for (const caseId of ['R-2', 'R-2a'])
      expect(await app.command('developer', 'choose-route', { caseId })).toMatchObject({
        ...{ route: 'SMALL_FEATURE', stories: 3 },
      });
    await save('R-2d', { parentId: 'R-2', estimatedHours: 1 });
    for (const caseId of ['R-2', 'R-2a'])
      expect((await app.ask('auditor', 'work-item', { caseId })).route).toMatchObject({
        ...{ fits: false, latest: { event: 'OUTGROWN', stories: 4 } },
      });
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { caseId: 'R-2' } });
    expect(nodes.map((entry: Answer) => entry.kind)).toEqual([
      ...['work-item.saved', 'route.chosen', 'route.reviewed'],
    ]);
  });
});

describe('the process', () => {
  it('is read by auditors and changed by none of them', async () => {
    for (const [operation, input] of [
      ['save-work-item', item('Z-1')],
      ['choose-route', { caseId: 'S-1' }],
      ['remediate-case', { caseId: 'S-1' }],
      ['record-step', { caseId: 'S-1', actId: 'ACT_BUILD', event: 'STARTED' }],
    ] as const) {
      const { errors } = await app.graphql('auditor', operation, {
        input: { ...input, idempotencyKey: 'z' },
      });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    const mine = { templateId: 'TMP_MINE', expectedVersion: 0, title: { en: 'a', nl: 'b' } };
    const input = { ...mine, activities: ACTIVITIES, idempotencyKey: 'z' };
    const { errors } = await app.graphql('developer', 'publish-template', { input });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
