import type { ACCESS_ROLES } from '../../src/kernel/actor.js';
import { archiveOf, handIn } from '../scan/kit.js';
import type { Answer, TestApplication } from './application.js';
import { brokenBuild, GATE } from './gate-runs.js';
import { aPolicy } from './policy-draft.js';
import { CLEAN, someDigest, uploadAll, waiverFor, type Build } from './shop.js';
import { actorOf } from './whole-story.js';

/** How much of everything there is to be, of what takes OPA a second or two each fewer. */
export interface Many {
  readonly count: number;
  readonly policies: number;
}

type Told = (by: string, operation: string, input: object) => Promise<Answer>;

/** Somebody with every access role there is: no field of the schema is closed to them. */
export async function addEverybody(app: TestApplication, roles: typeof ACCESS_ROLES): Promise<string> {
  const { orgId } = await actorOf(app, 'admin');
  const issuer = app.platform.config.jwtIssuer;
  const login = { subject: 'everybody', displayName: 'Everybody', kind: 'person' as const, issuer, orgId };
  const added = await app.services.organisations.addPrincipal(login);
  if (!added.ok) throw new Error(JSON.stringify(added.problem));
  for (const role of roles) await app.services.organisations.giveGrant(added.value, role);
  return login.subject;
}

/** So many more of each thing that a list can show. `round` tells one call from another. */
export async function manyMore(
  app: TestApplication,
  round: string,
  { count, policies }: Many,
): Promise<void> {
  // Each a second later than the one before: what is of one instant has the order of its ids, which is another each time.
  const told: Told = async (by, operation, input) => {
    app.clock.advance(1_000);
    const answer = await app.command(by, operation, input);
    if ('code' in answer) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const { principalId: lead } = await actorOf(app, 'lead');
  const holds = { project: 'shop', role: 'QA', principalId: lead, assigned: true };
  await told('officer', 'change-process-role', holds);
  if (round === 'A') await basis(told);
  await app.integrate();
  // First those without a decision: the last two are the ones that a list of two shows.
  const broken = await brokenBuild(app);
  for (let at = 0; at < count; at++) await paused(told, `${round}_${String(at)}`, broken.build);
  broken.mend();
  for (let at = 0; at < count; at++) {
    const name = `${round}_${String(at)}`;
    const build = await artefact(app, told, name);
    await story(told, name, build);
    await judged(app, told, name);
    await people(app, told, name);
    await told('data-protection', 'set-hold', { scope: { caseId: `C-${name}` }, reason: 'z' });
    await told('auditor', 'request-export', { projectId: 'shop', gateId: `GATE_MANY_${name}` });
    const source = await handIn(app, await archiveOf({ 'a.py': `print("${name}")\n` }));
    await told('service', 'request-scan', {
      artId: 'ART_MANY',
      digest: ONE_DIGEST,
      source,
      scanners: ['bandit'],
    });
  }
  await app.services.staleMarker.follow();
  for (let at = 0; at < policies; at++) await policy(told, `many-${round.toLowerCase()}-${String(at)}`);
}

/** A version that all scans are about: they are listed by it. */
export const ONE_DIGEST = `sha256:${'5'.repeat(64)}`;
export const FEATURE = 'MANY-FEATURE';

async function basis(told: Told): Promise<void> {
  await told('service', 'register-artefact', { project: 'shop', artId: 'ART_MANY', digest: ONE_DIGEST });
  await told('developer', 'save-work-item', {
    ...{
      caseId: FEATURE,
      expectedVersion: 0,
      project: 'shop',
      kind: 'FEATURE',
      title: 'Many',
      status: 'ACTIVE',
    },
  });
}

let reported = 0;

async function artefact(app: TestApplication, told: Told, name: string): Promise<Build> {
  const build = { artId: 'ART_MANY', digest: someDigest() };
  await told('service', 'register-artefact', { project: 'shop', name: `Many ${name}`, ...build });
  const reports = [CLEAN.sast, CLEAN.coverage].map((text) => `${text.trimEnd()}${' '.repeat(++reported)}`);
  await uploadAll(app, { artId: 'ART_MANY', digest: ONE_DIGEST }, reports);
  await told('service', 'relate-artefacts', {
    ...{ from: build, relation: 'SUPERSEDES', to: { artId: 'ART_MANY', digest: ONE_DIGEST } },
  });
  await app.normalise();
  return build;
}

async function story(told: Told, name: string, build: Build): Promise<void> {
  const caseId = `MANY-${name}`;
  const title = { en: 'Many', nl: 'Veel' };
  const templateId = `TMP_MANY_${name}`;
  const ref = { kind: 'BUILD' };
  await told('officer', 'publish-template', {
    ...{ templateId, expectedVersion: 0, title },
    activities: [{ actId: 'ACT_BUILD', title, role: 'DEV', makes: [ref] }],
  });
  await told('developer', 'save-work-item', {
    ...{ caseId, expectedVersion: 0, project: 'shop', kind: 'STORY', parentId: FEATURE, title: name },
    ...{ status: 'ACTIVE', estimatedHours: 1, templateId },
  });
  await told('developer', 'choose-route', { caseId });
  const criterion = { caseId, criterionId: 'AC-1', expectedVersion: 0, text: 'It opens' };
  await told('developer', 'state-criterion', { ...criterion, testIds: ['shop.spec > opens'] });
  const step = { caseId, actId: 'ACT_BUILD', context: { role: 'DEV' } };
  await told('developer', 'record-step', { ...step, event: 'STARTED' });
  await told('developer', 'record-step', { ...step, event: 'FINISHED', artefacts: [{ ...build, ...ref }] });
}

/** A run that waits for a person. */
async function paused(told: Told, name: string, broken: Build): Promise<void> {
  const gateId = `GATE_PAUSED_${name}`;
  const retry = { ...GATE.retry, count: 0 };
  await told('officer', 'define-gate', { ...GATE, gateId, retry });
  await told('service', 'evaluate-gate', { gateId, ...broken });
}

/** A gate, its decision, and the run that led to it, sent back: a step of the run, and a fix task of the story. */
async function judged(app: TestApplication, told: Told, name: string): Promise<void> {
  const build = { artId: 'ART_MANY', digest: ONE_DIGEST };
  const gateId = `GATE_MANY_${name}`;
  await told('officer', 'define-gate', { ...GATE, gateId, title: name });
  const context = { caseId: `MANY-${name}` };
  await told('service', 'evaluate-gate', { gateId, ...build, context });
  const { nodes } = await app.ask('auditor', 'gate-runs', { gateId });
  await told('lead', 'reject-run', {
    ...{ runId: nodes[0].id, note: 'Back', reasonCode: 'not-tested', remediation: 'RERUN', context },
  });
  const asked = await told('lead', 'request-waiver', {
    ...waiverFor(app, build, 'no-secrets'),
    selectors: [{ rule: 'no-secrets' }, { gate: gateId }, { artefact: build }],
  });
  await told('approver', 'approve-waiver', { waiverId: asked.id, note: 'Seen' });
  await told('lead', 'request-waiver', { ...waiverFor(app, build, 'coverage-floor'), renews: asked.id });
}

async function people(app: TestApplication, told: Told, name: string): Promise<void> {
  const add = (subject: string) =>
    told('admin', 'add-principal', { subject, kind: 'PERSON', displayName: name, reason: 'More to do' });
  const { id: principalId } = await add(`stays-${name}`);
  await told('admin', 'give-grant', { principalId, role: 'approver', reason: 'More to do' });
  await told('officer', 'change-process-role', { project: 'shop', role: 'QA', principalId, assigned: true });
  const until = new Date(app.clock.now() + 86_400_000).toISOString();
  await told('approver', 'delegate-waiver-approval', { delegate: principalId, until, reason: 'Away' });
  const { id: goes } = await add(`goes-${name}`);
  await told('data-protection', 'erase-person', {
    principalId: goes,
    reason: 'They asked',
    reference: 'R-1',
  });
}

/** A policy that was reviewed and published, with a next draft of it. */
async function policy(told: Told, policyId: string): Promise<void> {
  const save = (expectedVersion: number) =>
    told('officer', 'save-policy-draft', { policyId, expectedVersion, files: aPolicy(policyId) });
  await save(0);
  const { id: reviewId } = await told('officer', 'request-policy-review', {
    ...{ policyId, expectedVersion: 1, note: 'n' },
  });
  await told('approver', 'review-policy', { reviewId, outcome: 'APPROVE', comment: 'Read' });
  const { version } = await told('second-officer', 'publish-policy', { reviewId });
  await save(1);
  const chkId = `CHK_${policyId.toUpperCase().replaceAll('-', '_')}`;
  await told('officer', 'publish-checklist', {
    ...{ chkId, title: { en: 'Many', nl: 'Veel' }, policies: [{ policyId, version }] },
  });
  const activate = { chkId, version: 1, expectedActivation: 0, reason: 'Now' };
  await told('officer', 'activate-checklist', activate);
  await told('officer', 'activate-checklist', { ...activate, expectedActivation: 1 });
}
