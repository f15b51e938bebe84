import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AccessRole } from '../../src/kernel/actor.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { GATE } from '../support/gate-runs.js';
import { evaluate, judgeableBuild, waiverFor, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

jest.setTimeout(240_000);
const ROLES = ['developer', 'officer', 'approver', 'auditor'] as const satisfies readonly AccessRole[];

let app: TestApplication;
let build: Build;
let decision: Answer;
let run: Answer;
let waiver: Answer;
let fixTaskId: string;
const CASE = 'PLACE-1';

beforeAll(async () => {
  app = await openTestApplication({ opaPath: process.env['ASSAY_TEST_OPA'] ?? '' });
  const { orgId } = await actorOf(app, 'admin');
  await app.services.organisations.createProject({ orgId, slug: 'other-shop', name: 'Other' });
  for (const project of ['shop', 'other-shop'])
    for (const role of ROLES) {
      const subject = `${project}-${role}`;
      const { id } = await told('admin', 'add-principal', {
        ...{ subject, kind: 'PERSON', displayName: subject, reason: 'Works there' },
      });
      await told('admin', 'give-grant', { principalId: id, role, project, reason: 'Works there' });
      await told('officer', 'change-process-role', { project, role: 'QA', principalId: id, assigned: true });
    }
  const { principalId } = await actorOf(app, 'lead');
  for (const role of ['QA', 'SEC', 'DEV'])
    await told('officer', 'change-process-role', { project: 'shop', role, principalId, assigned: true });
  const title = 'Of the shop';
  const work = { expectedVersion: 0, project: 'shop', kind: 'STORY', title, status: 'ACTIVE' };
  await told('developer', 'save-work-item', { caseId: CASE, ...work });
  build = await judgeableBuild(app);
  decision = await evaluate(app, build, { context: { caseId: CASE } });
  ({
    nodes: [run],
  } = await app.ask('auditor', 'gate-runs', { gateId: 'GATE_RELEASE' }));
  waiver = await told('lead', 'request-waiver', waiverFor(app, build, 'no-secrets'));
  await told('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
  const reject = { runId: run.id, note: 'Back', reasonCode: 'not-tested', remediation: 'RERUN' };
  const rejected = await told('lead', 'reject-run', { ...reject, context: { caseId: CASE } });
  fixTaskId = rejected.steps.at(-1).fixTaskId;
});
afterAll(() => app.close());

async function told(by: string, operation: string, input: object): Promise<Answer> {
  const answer = await app.command(by, operation, input);
  if ('code' in answer) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}

const input = (members: object) => ({ input: { idempotencyKey: randomUUID(), ...members } });
const note = 'Looked at';

/** What somebody with a role in the shop may ask about it, and somebody with the same role elsewhere may not. */
const OPERATIONS: Readonly<Record<string, readonly [role: (typeof ROLES)[number], variables: () => object]>> =
  {
    'gate-run': ['developer', () => ({ id: run.id })],
    'gate-runs': ['developer', () => ({ gateId: 'GATE_RELEASE' })],
    'resume-run': ['developer', () => input({ runId: run.id, note })],
    'override-run': ['developer', () => input({ runId: run.id, note })],
    'reject-run': [
      'developer',
      () => input({ runId: run.id, note, reasonCode: 'not-tested', remediation: 'RERUN' }),
    ],
    'verdict-at': [
      'developer',
      () => ({ gateId: 'GATE_RELEASE', ...build, asOf: new Date(app.clock.now()).toISOString() }),
    ],
    'evaluate-gates': ['developer', () => input({ questions: [{ gateId: 'GATE_RELEASE', ...build }] })],
    'define-gate': ['officer', () => input({ ...GATE, gateId: 'GATE_RELEASE', expectedVersion: 99 })],
    'request-waiver': ['developer', () => input({ ...waiverFor(app, build, 'coverage-floor') })],
    waivers: ['auditor', () => ({ gateId: 'GATE_RELEASE' })],
    'work-item': ['developer', () => ({ caseId: CASE })],
    conformance: ['developer', () => ({ caseId: CASE })],
    'fix-tasks': ['developer', () => ({ caseId: CASE })],
    'choose-route': ['developer', () => input({ caseId: CASE })],
    'record-step': [
      'developer',
      () => input({ caseId: CASE, actId: 'ACT_BUILD', event: 'STARTED', context: { role: 'DEV' } }),
    ],
    'state-criterion': [
      'developer',
      () => input({ caseId: CASE, criterionId: 'AC-1', expectedVersion: 0, text: 'It opens' }),
    ],
    'remediate-case': ['developer', () => input({ caseId: CASE })],
    'close-fix-task': ['developer', () => input({ fixTaskId, outcome: 'FIXED', note: 'Mended' })],
    'standing-decisions': ['auditor', () => ({ project: 'shop' })],
    'decision-picture': ['auditor', () => ({ id: decision.id })],
    kpis: ['auditor', () => ({ project: 'shop' })],
    scans: ['developer', () => build],
  };

const refusedTo = async (subject: string, operation: string, variables: object): Promise<boolean> => {
  const { errors } = await app.graphql(subject, operation, variables);
  const codes = (errors ?? []).map(({ extensions }) => extensions.code);
  if (codes.some((code) => code !== 'FORBIDDEN')) throw new Error(JSON.stringify(errors));
  return codes.length > 0;
};

describe('a role in one project', () => {
  it.each(Object.entries(OPERATIONS))(
    'is enough for %s there, and nowhere else',
    async (operation, [role, variables]) => {
      expect(await refusedTo(`other-shop-${role}`, operation, variables())).toBe(true);
      expect(await refusedTo(`shop-${role}`, operation, variables())).toBe(false);
    },
  );

  it('does not reach another project by naming one’s own', async () => {
    const own = { project: 'other-shop' };
    const forbidden: readonly [string, string, object][] = [
      // Would answer with how it stands: both sides of a conflict.
      ['other-shop-developer', 'save-work-item', input({ caseId: CASE, ...own, ...SAVED })],
      ['other-shop-officer', 'define-gate', input({ ...GATE, ...own, gateId: 'GATE_RELEASE' })],
      ['other-shop-developer', 'register-artefact', input({ ...build, ...own, name: 'x' })],
    ];
    for (const [subject, operation, variables] of forbidden)
      expect([operation, await refusedTo(subject, operation, variables)]).toEqual([operation, true]);
    const made: readonly [string, string, object][] = [
      ['other-shop-developer', 'save-work-item', input({ caseId: 'NEW-1', ...own, ...SAVED })],
      ['other-shop-officer', 'define-gate', input({ ...GATE, ...own, gateId: 'GATE_NEW' })],
      ['other-shop-developer', 'register-artefact', input({ ...build, artId: 'ART_NEW', ...own, name: 'x' })],
    ];
    for (const [subject, operation, variables] of made)
      expect([operation, await refusedTo(subject, operation, variables)]).toEqual([operation, false]);
  });

  it('does not reach another project by naming something of one’s own beside it', async () => {
    const gateId = 'GATE_NEW'; // defined above, in the other shop
    const asked = [
      ['evaluate-gates', input({ questions: [{ gateId, ...build }] })],
      ['evaluate-gates', input({ questions: [{ gateId, digest: build.digest }] })],
      [
        'request-waiver',
        input({ ...waiverFor(app, build, 'no-secrets'), selectors: [{ rule: 'no-secrets' }] }),
      ],
      [
        'request-waiver',
        input({
          ...waiverFor(app, build, 'no-secrets'),
          selectors: [{ rule: 'no-secrets' }, { gate: gateId }],
          renews: waiver.id,
        }),
      ],
      ['gate-runs', {}],
      ['waivers', {}],
      ['work-items', {}],
      ['standing-decisions', {}],
      ['kpis', {}],
    ] as const;
    for (const [operation, variables] of asked)
      expect([operation, await refusedTo('other-shop-developer', operation, variables)]).toEqual([
        operation,
        true,
      ]);
  });
});

const SAVED = { expectedVersion: 0, kind: 'STORY', title: 'Theirs', status: 'ACTIVE' };
