import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { archiveOf, handIn, work } from '../scan/kit.js';
import type { Answer, TestApplication } from './application.js';
import { PackTaker } from './export.js';
import { brokenBuild, GATE } from './gate-runs.js';
import { aPolicy } from './policy-draft.js';
import { evaluate, registerBuild, report, REPORTS, uploadAll, waiverFor, type Build } from './shop.js';

/** An AI agent, as it says itself. */
export const AGENT = {
  agentId: 'builder-7',
  modelName: 'some-model',
  modelVersion: '2026-10',
  temperature: '0.2',
  presetId: 'careful',
  promptHash: `sha256:${'ab'.repeat(32)}`,
} as const;

/** What every command of the story says of where it happens. */
export const CONTEXT = { caseId: 'SHOP-7', actId: 'ACT_BUILD', role: 'DEV', agent: AGENT } as const;

export interface Told {
  readonly build: Build;
  readonly decision: Answer;
  readonly exportId: string;
  /** Somebody who was erased. */
  readonly erased: string;
}

/**
 * A story in which everything happens that can: each kind of entry but `log.continued`, each row of each table. Every
 * command says where in the process it happens, and an agent gives it.
 */
export async function tellEverything(app: TestApplication): Promise<Told> {
  await scannedOnce(app);
  const { build, decision } = await judged(app);
  await runsLife(app);
  await policyLife(app);
  await checklistLife(app);
  await worked(app, build);
  await administered(app);
  const erased = await protection(app);
  await app.integrate();
  return { build, decision, erased, exportId: await exported(app, build) };
}

const told = async (app: TestApplication, by: string, operation: string, input: object): Promise<Answer> => {
  const answer = await app.command(by, operation, { context: CONTEXT, ...input });
  if ('code' in answer) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
};

async function judged(app: TestApplication): Promise<{ build: Build; decision: Answer }> {
  const build = await registerBuild(app, { agent: AGENT, context: CONTEXT });
  const { agent, ...where } = CONTEXT;
  await uploadAll(app, build, REPORTS.map(report), { ...where, ...agent });
  await app.normalise();
  const waiver = (ruleId: string) =>
    told(app, 'lead', 'request-waiver', { ...waiverFor(app, build, ruleId), context: CONTEXT });
  const first = await waiver('coverage-floor');
  await told(app, 'approver', 'approve-waiver', { waiverId: first.id, note: 'Seen' });
  const decision = await evaluate(app, build, { context: CONTEXT });
  const second = await waiver('no-secrets');
  await told(app, 'approver', 'refuse-waiver', { waiverId: second.id, note: 'No' });
  await told(app, 'officer', 'revoke-waiver', { waiverId: first.id, note: 'Over' });
  await waiverLife(app, build);
  await app.services.staleMarker.follow(); // what the decision rested on is gone
  const denied = await app.graphql('developer', 'erase-person', {
    input: { principalId: randomUUID(), reason: 'x', idempotencyKey: randomUUID() },
  });
  if (denied.errors?.[0]?.extensions.code !== 'FORBIDDEN') throw new Error('a developer may erase');
  return { build, decision };
}

/**
 * What a run goes through that cannot judge: tried again, handed to a person, tried once more, late, let go on upon
 * waivers; and one that was decided and is sent back. Time goes by for a worker of its own, as below.
 */
async function runsLife(app: TestApplication): Promise<void> {
  const { principalId } = await actorOf(app, 'lead');
  for (const role of ['QA', 'SEC'])
    await told(app, 'officer', 'change-process-role', { project: 'shop', role, principalId, assigned: true });
  const gateId = 'GATE_TRIED_AGAIN';
  const retry = { ...GATE.retry, count: 1 };
  await told(app, 'officer', 'define-gate', { ...GATE, gateId, retry });
  const { agent, ...where } = CONTEXT;
  const said = { ...where, ...agent };
  const { build, mend } = await brokenBuild(app, { agent, context: CONTEXT }, said);
  await told(app, 'service', 'evaluate-gate', { gateId, ...build });
  const { nodes } = await app.ask('auditor', 'gate-runs', { gateId });
  const run = { runId: nodes[0].id, note: 'Seen' };
  await workerAfter(app, 60_000);
  await told(app, 'lead', 'resume-run', run);
  await workerAfter(app, 2 * 60_000);
  await workerAfter(app, GATE.pauseMs + 3 * 60_000);
  const refused = await app.command('lead', 'override-run', run);
  for (const { ruleId: rule } of refused.rules) {
    const waiver = await told(app, 'officer', 'request-waiver', {
      selectors: [{ rule }, { gate: gateId }, { artefact: build }],
      ...{ severity: 'CRITICAL', reason: 'The disk is mended on Monday' },
      effectiveUntil: new Date(app.clock.now() + 2 * 86_400_000).toISOString(),
    });
    for (const subject of ['approver', 'second-approver'])
      await told(app, subject, 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
  }
  await told(app, 'lead', 'override-run', run);
  mend();
  const { nodes: judgedRuns } = await app.ask('auditor', 'gate-runs', { gateId: 'GATE_RELEASE' });
  await told(app, 'lead', 'reject-run', {
    ...{ runId: judgedRuns[0].id, note: 'Back', reasonCode: 'not-tested', remediation: 'RERUN' },
  });
}

/** One round of a worker that lives so much later. */
async function workerAfter(app: TestApplication, ms: number): Promise<void> {
  const later = app.workerServices({ clock: { now: () => app.clock.now() + ms } });
  await later.gateRunWatch.endDead();
  await later.gateRunWatch.escalate();
  for (const { orgId, runId } of await later.gateRunWatch.due()) await later.gates.attempt(orgId, runId);
  await later.close();
}

/** What waivers go through beside that: taken back, approved in another's place, late, over, continued. */
async function waiverLife(app: TestApplication, build: Build): Promise<void> {
  const ask = (more: object = {}) =>
    told(app, 'lead', 'request-waiver', {
      ...waiverFor(app, build, 'no-secrets'),
      context: CONTEXT,
      ...more,
    });
  const taken = await ask();
  await told(app, 'lead', 'withdraw-waiver', { waiverId: taken.id, note: 'No need' });
  const delegation = await told(app, 'approver', 'delegate-waiver-approval', {
    delegate: (await actorOf(app, 'officer')).principalId,
    ...{ until: new Date(app.clock.now() + 86_400_000).toISOString(), reason: 'Away' },
  });
  const { evidence } = await app.ask('auditor', 'artefact', { digest: build.digest });
  const effectiveUntil = new Date(app.clock.now() + 60_000).toISOString();
  const granted = await ask({ effectiveUntil, attachments: [evidence[0].digest] });
  await told(app, 'officer', 'approve-waiver-as-delegate', {
    ...{ waiverId: granted.id, delegationId: delegation.id, note: 'Seen' },
  });
  await told(app, 'approver', 'withdraw-waiver-delegation', { delegationId: delegation.id, note: 'Back' });
  await ask({ renews: granted.id });
  // Time goes by for these two alone: a test of its own clock must not be a day ahead of everything else.
  const later = app.workerServices({ clock: { now: () => app.clock.now() + 25 * 3_600_000 } });
  await later.waiverClock.tick();
  await later.close();
}

/** A build of its own: whether the scanner is there depends on the machine, and the decision must not. */
async function scannedOnce(app: TestApplication): Promise<void> {
  const build = await registerBuild(app, { agent: AGENT, context: CONTEXT });
  const source = await handIn(app, await archiveOf({ 'a.py': 'print(1)\n' }));
  await told(app, 'service', 'request-scan', { ...build, source, scanners: ['bandit'] });
  await work(app);
}

async function policyLife(app: TestApplication): Promise<void> {
  const policyId = 'agents';
  const save = (expectedVersion: number) =>
    told(app, 'officer', 'save-policy-draft', { policyId, expectedVersion, files: aPolicy(policyId) });
  await save(0);
  await told(app, 'officer', 'discard-policy-draft', { policyId, expectedVersion: 1 });
  await save(2);
  await app.ask('officer', 'check-policy-draft', { policyId });
  const ask = () =>
    told(app, 'officer', 'request-policy-review', { policyId, expectedVersion: 3, note: 'n' });
  const sentBack = await ask();
  const comment = 'Read';
  await told(app, 'approver', 'review-policy', {
    reviewId: sentBack.id,
    outcome: 'REQUEST_CHANGES',
    comment,
  });
  const { id: reviewId } = await ask();
  await told(app, 'approver', 'review-policy', { reviewId, outcome: 'APPROVE', comment });
  await told(app, 'second-officer', 'publish-policy', { reviewId });
  await told(app, 'officer', 'retire-policy', { policyId, version: '1.0.0', reason: 'Replaced' });
}

async function checklistLife(app: TestApplication): Promise<void> {
  const chkId = 'CHK_SMALL';
  const published = await told(app, 'officer', 'publish-checklist', {
    chkId,
    title: { en: 'Small', nl: 'Klein' },
    policies: [{ policyId: 'model-governance', version: await latest(app, 'model-governance') }],
  });
  const activate = (version: number, expectedActivation: number) =>
    told(app, 'officer', 'activate-checklist', { chkId, version, expectedActivation, reason: 'Now' });
  await activate(published.version, 0);
  const gate = {
    ...{
      gateId: 'GATE_SMALL',
      title: 'Small',
      locus: 'PR' as const,
      chkId,
      checklistVersion: 1,
      ownerRole: 'QA',
    },
    ...{ maxRunMs: 60_000, orgId: '', projectId: '' },
  } as const;
  const officer = await actorOf(app, 'officer');
  const [project] = await app.services.principals.projects(officer.orgId);
  if (!project) throw new Error('the organisation has no project');
  const { agent, ...where } = CONTEXT;
  for (const expectedVersion of [0, 1]) {
    const defined = await app.services.gateDefinitions.define(
      {
        gate: { ...gate, orgId: officer.orgId, projectId: project.projectId },
        expectedVersion,
        context: { ...where, actingAgent: agent },
        idempotencyKey: `small ${String(expectedVersion)}`,
      },
      officer,
    );
    if (!defined.ok) throw new Error(JSON.stringify(defined.problem));
  }
}

/** Somebody is let in, shut out and let in again; a role in one project, and one with a rate that ends. */
async function administered(app: TestApplication): Promise<void> {
  const added = await told(app, 'admin', 'add-principal', {
    ...{ subject: 'pipeline-2', kind: 'SERVICE', displayName: 'Second pipeline', reason: 'More to do' },
  });
  const principalId = added.id as string;
  const give = (more: object) =>
    told(app, 'admin', 'give-grant', { principalId, reason: 'More to do', ...more });
  const grant = await give({ role: 'service', requestsPerMinute: 600 });
  await give({ role: 'auditor', project: 'shop', unrecordedPolicies: ['access'] });
  await told(app, 'officer', 'evaluate-policy', {
    ...{ policyId: 'access', version: await latest(app, 'access'), input: { permission: 'gate.read' } },
    entrypoint: 'assay/access/authorise/decision',
  });
  await told(app, 'admin', 'revoke-grant', { grantId: grant.id, reason: 'Too fast' });
  await told(app, 'admin', 'disable-principal', { principalId, expectedVersion: 0, reason: 'Too fast' });
  await told(app, 'admin', 'enable-principal', { principalId, expectedVersion: 1, reason: 'Repaired' });
}

/** A story that breaks its template, outgrows its route and is mended. */
async function worked(app: TestApplication, build: Build): Promise<void> {
  const by = (operation: string, input: object) => told(app, 'developer', operation, input);
  const ref = { kind: 'BUILD' };
  await told(app, 'officer', 'publish-template', {
    ...{ templateId: 'TMP_SMALL', expectedVersion: 0, title: { en: 'Small', nl: 'Klein' } },
    activities: [{ actId: 'ACT_BUILD', title: { en: 'Build', nl: 'Bouw' }, role: 'DEV', makes: [ref] }],
  });
  const { principalId } = await actorOf(app, 'developer');
  const role = { project: 'shop', role: 'DEV', principalId };
  await told(app, 'officer', 'change-process-role', { ...role, assigned: true });
  await told(app, 'officer', 'change-process-role', { ...role, assigned: false });
  const save = (expectedVersion: number, estimatedHours: number) =>
    by('save-work-item', {
      ...{ caseId: CONTEXT.caseId, expectedVersion, estimatedHours, project: 'shop', kind: 'STORY' },
      ...{ title: 'Somebody wants a shop', status: 'ACTIVE', templateId: 'TMP_SMALL' },
    });
  await save(0, 3);
  await by('choose-route', { caseId: CONTEXT.caseId });
  const criterion = { caseId: CONTEXT.caseId, criterionId: 'AC-1', expectedVersion: 0, text: 'It opens' };
  await by('state-criterion', { ...criterion, testIds: ['shop.spec > opens'] });
  const step = { caseId: CONTEXT.caseId, actId: CONTEXT.actId };
  await by('record-step', { ...step, event: 'STARTED' });
  await by('record-step', { ...step, event: 'FINISHED', artefacts: [{ ...build, ...ref }] });
  const next = await registerBuild(app, { agent: AGENT, context: CONTEXT });
  await told(app, 'service', 'relate-artefacts', { from: next, relation: 'SUPERSEDES', to: build });
  await save(1, 30);
  const { fixTasks } = await by('remediate-case', { caseId: CONTEXT.caseId });
  const [fix] = fixTasks;
  await by('close-fix-task', { fixTaskId: fix.fixTaskId, outcome: 'FIXED', note: 'Mended' });
}

async function latest(app: TestApplication, policyId: string): Promise<string> {
  const [row]: { version: string }[] = await app.database.admin.query(
    'SELECT version FROM assay.policy_version WHERE policy_id = $1 ORDER BY published_at DESC LIMIT 1',
    [policyId],
  );
  if (!row) throw new Error(`${policyId} is not published`);
  return row.version;
}

/** As the guard would establish it of a token. */
export async function actorOf(app: TestApplication, subject: string): Promise<Answer> {
  const issuer = app.platform.config.jwtIssuer;
  const found = await app.services.principals.byClaims({ issuer, subject, org: 'demo' });
  if (!found) throw new Error(subject);
  const { orgId, principalId, kind, roles } = found;
  return { orgId, principalId, kind, roles, authTime: Math.floor(app.clock.now() / 1000), amr: ['demo'] };
}

async function protection(app: TestApplication): Promise<string> {
  const hold = await told(app, 'data-protection', 'set-hold', {
    scope: { caseId: 'C-1' },
    until: new Date(app.clock.now() + 86_400_000).toISOString(),
    ...{ reason: 'x', reference: 'M-1' },
  });
  await told(app, 'data-protection', 'lift-hold', { holdId: hold.id, reason: 'y' });
  await told(app, 'data-protection', 'set-hold', { scope: { caseId: 'C-2' }, reason: 'z' });
  const { principalId } = await actorOf(app, 'second-approver');
  await told(app, 'data-protection', 'erase-person', { principalId, reason: 'They asked', reference: 'R-1' });
  return principalId;
}

async function exported(app: TestApplication, build: Build): Promise<string> {
  const packs = new PackTaker(app);
  const asked = await told(app, 'auditor', 'request-export', {
    ...{ projectId: 'shop', gateId: 'GATE_RELEASE', artefactDigest: build.digest },
    previousCheckpoint: (await app.ask('auditor', 'checkpoint')).note,
  });
  await app.makePacks();
  await packs.get(asked.id).expect(200);
  await request(app.server).get('/health/live').expect(200);
  await app.integrate();
  return asked.id as string;
}
