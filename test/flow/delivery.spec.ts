import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPack } from '../../src/app/compose/packs.io.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import type { Pack } from '../../src/policy/pack.js';
import { openTar } from '../../src/verifier/tar.io.js';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import { catchUp } from '../support/drift.js';
import { PackTaker } from '../support/export.js';
import { CLEAN, evaluate, registerBuild, uploadAll, type Build } from '../support/shop.js';
import { actorOf, AGENT } from '../support/whole-story.js';

/**
 * The customer's process, told once from its beginning to its end (customer.md): a story, the definition of done on
 * the developer's machine, the gates of product owner, project management, architecture and quality on the change,
 * security and non-functional requirements before the release; a failure that is sent back and mended, a waiver that
 * ends, and an auditor who believes nobody.
 */
const ROOT = join(import.meta.dirname, '../..');
const CASE = 'SHOP-42';
const FEATURE = 'SHOP-40';
const PEOPLE_GATES = ['PO', 'PM', 'ARCH'] as const;
const TEST_ID = 'shop.checkout > charges once';

let app: TestApplication;
const folder = mkdtempSync(join(tmpdir(), 'assay-delivery-'));
beforeAll(async () => {
  app = await openTestApplication();
}, 180_000);
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Time goes by between two things that people do. */
const later = (ms = MINUTE_MS): void => {
  app.clock.advance(ms);
};

/** A shipped pack with some of its rules only, under a name of its own. */
function part(pack: string, id: string, ruleIds: readonly string[], parameters: readonly string[]): Pack {
  const { manifest, dutch, files } = readPack(ROOT, pack);
  return {
    manifest: {
      ...manifest,
      ...{ id, version: '1.0.0' },
      rules: manifest.rules.filter((rule) => ruleIds.includes(rule.id)),
      parameters: Object.fromEntries(
        Object.entries(manifest.parameters).filter(([name]) => parameters.includes(name)),
      ),
    },
    dutch: Object.fromEntries(
      Object.entries(dutch).filter(([code]) => ruleIds.some((rule) => code.startsWith(`${rule}.`))),
    ),
    files: files.filter(
      ({ path }) => path.startsWith('lib/') || ruleIds.some((rule) => path.startsWith(`rules/${rule}/`)),
    ),
  };
}

/** Publishes a checklist's next version and has gates judge with it. */
async function inForce(
  chkId: string,
  parameters: Readonly<Record<string, object>>,
  before = 0,
): Promise<void> {
  const published = await app.command('officer', 'publish-checklist', {
    ...{ chkId, title: { en: chkId, nl: chkId } },
    policies: Object.entries(parameters).map(([pinned, values]) => {
      const [policyId, version] = pinned.split('@');
      return { policyId, version, parameters: values };
    }),
  });
  expect(published).toMatchObject({ __typename: 'ChecklistVersion', version: before + 1 });
  const activated = await app.command('officer', 'activate-checklist', {
    ...{ chkId, version: before + 1, expectedActivation: before, reason: 'The house begins' },
  });
  expect(activated.__typename).toBe('ChecklistVersion');
}

async function defineGate(gateId: string, chkId: string, ownerRole: string, locus: string): Promise<void> {
  const defined = await app.command('officer', 'define-gate', {
    ...{ gateId, project: 'shop', title: gateId, locus, chkId, ownerRole, maxRunMs: 30_000 },
    ...{ slaMs: 60_000, retry: { count: 2, firstBackOffMs: 1_000, maxBackOffMs: 8_000 } },
    ...{ escalation: [{ role: 'PM', afterMs: 3_600_000 }], expectedVersion: 0 },
  });
  expect(defined).toMatchObject({ __typename: 'Gate', gateId, ownerRole, locus });
}

const junit = (failing: boolean): string =>
  `<testsuites><testsuite name="shop.checkout" tests="2" failures="${failing ? 1 : 0}" errors="0" skipped="0">` +
  `<testcase classname="shop.checkout" name="charges once"/>` +
  `<testcase classname="shop.checkout" name="gives change">${failing ? '<failure message="2 is not 3"/>' : ''}</testcase>` +
  `</testsuite></testsuites>`;

const attestation = (role: string, by: string): string =>
  JSON.stringify({
    ...{ format: 'assay.attestation/1', checklistId: `CHK_${role}`, by },
    at: new Date(app.clock.now()).toISOString(),
    items: [{ itemId: 'agreed', answer: 'yes', note: 'Read it together' }],
  });

/** MIT for everything but one library, whose licence nobody allowed. */
const SBOM = CLEAN.sbom.replace('MIT', 'AGPL-3.0-only');
const loadTest = readFileSync(join(ROOT, 'test/fixtures/load-tests/reports/autocannon.json'));

async function step(actId: string, role: string, event: string, artefacts: object[] = []): Promise<void> {
  const context = { role, agent: AGENT };
  const recorded = await app.command('developer', 'record-step', {
    caseId: CASE,
    actId,
    event,
    artefacts,
    context,
  });
  expect(recorded).toMatchObject({ __typename: 'ProcessStep', actId, role });
  later();
}
async function act(actId: string, role: string, artefacts: object[] = []): Promise<void> {
  await step(actId, role, 'STARTED');
  await step(actId, role, 'FINISHED', artefacts);
}

async function build(reports: readonly (string | Buffer)[]): Promise<Build> {
  const made = await registerBuild(app, {
    agent: AGENT,
    context: { caseId: CASE, actId: 'ACT_BUILD', role: 'DEV' },
  });
  await uploadAll(app, made, reports);
  await app.normalise();
  later();
  return made;
}
const ask = async (gateId: string, about: Build, role: string, more: object = {}): Promise<Answer> => {
  const decision = await evaluate(app, about, { gateId, context: { caseId: CASE, role }, ...more });
  later();
  return decision;
};
const failing = (decision: Answer): string[] =>
  decision.rules.filter(({ outcome }: Answer) => outcome === 'FAIL').map(({ ruleId }: Answer) => ruleId);
const vouched = async (about: Build): Promise<void> => {
  await uploadAll(
    app,
    about,
    PEOPLE_GATES.map((role) => attestation(role, `the ${role}`)),
  );
  await app.normalise();
};

let first: Build;
let second: Build;
let waiverId: string;
let failedAtQa: Answer;

describe('a story on its way to production', () => {
  it('is planned: roles, a template, a tree of work, what must be true in the end', async () => {
    await inForceEverything();
    const { principalId } = await actorOf(app, 'developer');
    for (const role of ['PO', 'DEV', 'QA', 'OPS'])
      await app.command('officer', 'change-process-role', {
        project: 'shop',
        role,
        principalId,
        assigned: true,
      });
    const published = await app.command('officer', 'publish-template', {
      ...{ templateId: 'TMP_DELIVERY', expectedVersion: 0, title: { en: 'Delivery', nl: 'Levering' } },
      activities: activities(),
    });
    expect(published).toMatchObject({ __typename: 'ProcessTemplate', version: 1 });
    later();
    const save = (caseId: string, kind: string, more: object): Promise<Answer> =>
      app.command('developer', 'save-work-item', {
        ...{ caseId, kind, expectedVersion: 0, project: 'shop', title: caseId, status: 'ACTIVE', ...more },
      });
    await save('SHOP', 'PROJECT', {});
    await save(FEATURE, 'FEATURE', { parentId: 'SHOP' });
    expect(
      await save(CASE, 'STORY', { parentId: FEATURE, estimatedHours: 6, templateId: 'TMP_DELIVERY' }),
    ).toMatchObject({ __typename: 'WorkItem', caseId: CASE });
    await app.command('developer', 'state-criterion', {
      ...{
        caseId: CASE,
        criterionId: 'AC-1',
        expectedVersion: 0,
        text: 'A customer pays once',
        testIds: [TEST_ID],
      },
    });
    later();
    await act('ACT_SPECIFY', 'PO', [{ ...(await build([])), kind: 'SPEC' }]);
  });

  it('is done on the developer’s machine when CHK_DOD says so', async () => {
    first = await build([CLEAN.sast, CLEAN.secrets, CLEAN.coverage, SBOM, junit(true), loadTest]);
    await act('ACT_BUILD', 'DEV', [{ ...first, kind: 'BUILD' }]);
    expect(await ask('GATE_DOD', first, 'DEV')).toMatchObject({ verdict: 'PASS' });
  });

  it('passes the people’s gates when they have vouched for it, and not before', async () => {
    for (const role of PEOPLE_GATES)
      expect(await ask(`GATE_${role}`, first, role)).toMatchObject({ verdict: 'INDETERMINATE' });
    await vouched(first);
    for (const role of PEOPLE_GATES)
      expect(await ask(`GATE_${role}`, first, role)).toMatchObject({ verdict: 'PASS' });
  });

  it('fails at QA, is sent back, and the rework is a task that is linked and counted', async () => {
    failedAtQa = await ask('GATE_QA', first, 'QA');
    expect(failedAtQa).toMatchObject({ verdict: 'FAIL' });
    const { nodes } = await app.ask('auditor', 'gate-runs', { gateId: 'GATE_QA' });
    const [run] = nodes;
    const rejected = await app.command('developer', 'reject-run', {
      ...{ runId: run.id, note: 'The change is not given', reasonCode: 'test-failed', remediation: 'RERUN' },
      context: { caseId: CASE, role: 'QA' },
    });
    expect(rejected).toMatchObject({ __typename: 'GateRun', state: 'REJECTED' });
    const { nodes: tasks } = await app.ask('auditor', 'fix-tasks', { caseId: CASE });
    expect(tasks).toMatchObject([
      {
        gateId: 'GATE_QA',
        runId: run.id,
        artId: first.artId,
        reasonCode: 'test-failed',
        remediation: 'RERUN',
      },
    ]);
    const { rework } = await app.ask('auditor', 'work-item', { caseId: CASE });
    expect(rework).toMatchObject([{ gateId: 'GATE_QA', count: 1 }]);
    later();

    second = await build([CLEAN.sast, CLEAN.secrets, CLEAN.coverage, SBOM, junit(false), loadTest]);
    await app.command('service', 'relate-artefacts', { from: second, relation: 'SUPERSEDES', to: first });
    await act('ACT_BUILD', 'DEV', [{ ...second, kind: 'BUILD' }]);
    await vouched(second);
    for (const [gate, role] of [
      ['DOD', 'DEV'],
      ['PO', 'PO'],
      ['PM', 'PM'],
      ['ARCH', 'ARCH'],
      ['QA', 'QA'],
    ] as const)
      expect(await ask(`GATE_${gate}`, second, role)).toMatchObject({ verdict: 'PASS' });
    const closed = await app.command('developer', 'close-fix-task', {
      ...{ fixTaskId: tasks[0].fixTaskId, outcome: 'FIXED', note: 'The change is given' },
    });
    expect(closed).toMatchObject({ __typename: 'FixTask', status: 'DONE' });
  });

  it('meets the non-functional limits, and passes security only on a waiver that others approved', async () => {
    expect(await ask('GATE_NFR', second, 'QA')).toMatchObject({ verdict: 'PASS' });
    const refused = await ask('GATE_RELEASE', second, 'SEC');
    expect(refused.verdict).toBe('FAIL');
    expect(failing(refused)).toEqual(['licence-allow-list']);
    const asked = await app.command('lead', 'request-waiver', {
      selectors: [{ rule: 'licence-allow-list' }, { gate: 'GATE_RELEASE' }, { artefact: second }],
      ...{ severity: 'HIGH', effectiveUntil: new Date(app.clock.now() + 2 * DAY_MS).toISOString() },
      ...{ reason: 'A commercial licence is bought this week', context: { caseId: CASE, role: 'SEC' } },
    });
    expect(asked).toMatchObject({ __typename: 'Waiver', state: 'REQUESTED' });
    waiverId = asked.id;
    expect(await ask('GATE_RELEASE', second, 'SEC')).toMatchObject({ verdict: 'FAIL' });
    const own = await app.command('lead', 'approve-waiver', { waiverId, note: 'I think so myself' });
    expect(own.code).toBe('SELF_APPROVAL');
    const approved = await app.command('approver', 'approve-waiver', { waiverId, note: 'Legal agrees' });
    expect(approved).toMatchObject({ __typename: 'Waiver', state: 'ACTIVE' });
    later();
    expect(await ask('GATE_RELEASE', second, 'SEC')).toMatchObject({
      ...{ verdict: 'PASS_WITH_WAIVERS', verdictWithoutWaivers: 'FAIL', waiverIds: [waiverId] },
    });
  });

  it('is released, and went by its template: nobody declared that', async () => {
    await act('ACT_RELEASE', 'OPS');
    const conformance = await app.ask('auditor', 'conformance', { caseId: CASE });
    expect(conformance).toMatchObject({ __typename: 'CaseConformance', conformant: true });
    expect(conformance.activities.map(({ state }: Answer) => state)).toEqual([
      'FINISHED',
      'FINISHED',
      'FINISHED',
    ]);
  });

  it('is judged again by itself when its waiver ends, and no longer passes', async () => {
    later(3 * DAY_MS);
    await app.services.waiverClock.tick();
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { kind: 'waiver.expired' } });
    expect(nodes).toHaveLength(1);
    expect(await catchUp(app)).toBeGreaterThan(0);
    const standing = await current('GATE_RELEASE');
    expect(standing).toMatchObject({ artefactHash: second.digest, result: 'FAIL', stale: false });
    expect(await app.ask('auditor', 'waiver', { id: waiverId })).toMatchObject({ state: 'EXPIRED' });
  });

  it('passes without any waiver once it is mended', async () => {
    later();
    const mended = await build([
      CLEAN.sast,
      CLEAN.secrets,
      CLEAN.coverage,
      CLEAN.sbom,
      junit(false),
      loadTest,
    ]);
    expect(await ask('GATE_RELEASE', mended, 'SEC')).toMatchObject({ verdict: 'PASS', waiverIds: [] });
    const timeline = await app.ask('auditor', 'case-timeline', { caseId: CASE });
    expect(timeline.mermaid).toContain('GATE_QA');
    const [figures] = await app.ask('auditor', 'kpis', { project: 'shop' });
    expect(figures).toMatchObject({
      reworkCount: { state: 'MEASURED' },
      criteriaTestCoverage: { state: 'MEASURED', value: 1 },
      cycleTime: { state: 'MEASURED' },
    });
    expect(figures.reworkCount.value).toBeGreaterThanOrEqual(1);
  });

  it('can be verified by an auditor who takes the pack home', async () => {
    await app.integrate();
    const packs = new PackTaker(app);
    const { asked } = await packs.packOf({ projectId: 'shop' });
    const file = join(folder, 'pack.tar');
    writeFileSync(file, (await packs.get(asked.id).expect(200)).body as Buffer);
    const accepted = await verdictOn(file);
    expect(accepted.accepted).toBe(true);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(failedAtQa.artefactDigest.slice(7, 23));
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(file, bytes);
    expect((await verdictOn(file)).accepted).toBe(false);
    await app.integrate();
    expect(await verifyLedger(app.platform)).toMatchObject({ accepted: true });
  }, 60_000);
});

async function verdictOn(file: string): Promise<{ readonly accepted: boolean }> {
  const source = await openTar(file);
  try {
    return await verifyPack(source, nodeCrypto());
  } finally {
    source.close();
  }
}

async function current(gateId: string): Promise<Answer> {
  const { nodes } = await app.ask('auditor', 'status-index', { first: 200 });
  const about = nodes.filter((each: Answer) => each.gateId === gateId);
  return about.find((each: Answer) => each.artefactHash === second.digest);
}

async function inForceEverything(): Promise<void> {
  const officer = await actorOf(app, 'officer');
  for (const pack of [
    part(
      'release-readiness',
      'vouched',
      ['attested-items'],
      ['attested_items', 'attested_not_applicable_allowed'],
    ),
    part('release-readiness', 'tested', ['tests-pass'], ['tests_skipped_allowed', 'flaky_tests_block']),
    part('release-readiness', 'fast', ['load-test-limits'], ['load_failure_ceiling', 'load_metric_limits']),
  ]) {
    const published = await app.services.publishing.publishPack(officer.orgId as string, pack, 'system');
    expect(published).toMatchObject({ ok: true });
  }
  for (const role of PEOPLE_GATES) {
    await inForce(`CHK_${role}`, { 'vouched@1.0.0': { attested_items: { [`CHK_${role}`]: ['agreed'] } } });
    await defineGate(`GATE_${role}`, `CHK_${role}`, role, 'PR');
  }
  await inForce('CHK_QA', { 'tested@1.0.0': {} });
  await defineGate('GATE_QA', 'CHK_QA', 'QA', 'PR');
  await inForce('CHK_NFR', { 'fast@1.0.0': { load_failure_ceiling: 5 } });
  await defineGate('GATE_NFR', 'CHK_NFR', 'QA', 'RELEASE');
  const models = { models_allowed: [`${AGENT.modelName}@${AGENT.modelVersion}`] };
  await inForce('CHK_RELEASE', { 'secure-release@1.2.0': {}, 'model-governance@1.1.0': models }, 1);
  later();
}

function activities(): object[] {
  const titled = (actId: string) => ({ actId, title: { en: actId, nl: actId } });
  const kind = (name: string) => ({ kind: name });
  const gate = (gateId: string) => ({ gateId, on: kind('BUILD') });
  return [
    { ...titled('ACT_SPECIFY'), role: 'PO', makes: [kind('SPEC')] },
    { ...titled('ACT_BUILD'), role: 'DEV', needs: [kind('SPEC')], makes: [kind('BUILD')] },
    {
      ...{ ...titled('ACT_RELEASE'), role: 'OPS', needs: [kind('BUILD')] },
      gates: ['DOD', 'PO', 'PM', 'ARCH', 'QA', 'NFR', 'RELEASE'].map((name) => gate(`GATE_${name}`)),
    },
  ];
}
