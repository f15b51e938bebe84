import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { RunLoop } from '../../src/app/queues/run-loop.io.js';
import { openQueues } from '../../src/app/queues/queues.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { GATE, brokenBuild, entriesOf, putBack, round } from '../support/gate-runs.js';
import { registerBuild, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

const NOTE = { note: 'Looked into' };

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
  for (const definition of [GATE, { ...GATE, gateId: 'GATE_ONCE', retry: { ...GATE.retry, count: 0 } }])
    expect(await app.command('officer', 'define-gate', definition)).toMatchObject({ __typename: 'Gate' });
  for (const [subject, role] of [
    ['lead', 'QA'],
    ['approver', 'PO'],
  ] as const) {
    const { principalId } = await actorOf(app, subject);
    const order = { project: 'shop', role, principalId, assigned: true };
    expect(await app.command('admin', 'change-process-role', order)).toMatchObject({ assigned: true });
  }
}, 120_000);
afterAll(() => app.close());

const ask = (build: Build, gateId = 'GATE_QA', more: object = {}): Promise<Answer> =>
  app.command('service', 'evaluate-gate', { gateId, ...build, ...more });
const runsOf = async (gateId: string, more: object = {}): Promise<Answer> =>
  app.ask('auditor', 'gate-runs', { gateId, ...more });
const newest = async (gateId = 'GATE_QA'): Promise<Answer> => {
  const { nodes } = await runsOf(gateId, { first: 1 });
  return app.ask('lead', 'gate-run', { id: nodes[0].id });
};
const kinds = (run: Answer): string[] => run.steps.map(({ kind }: Answer) => kind as string);
/** Until it waits for a person. */
async function paused(
  gateId = 'GATE_ONCE',
): Promise<{ run: Answer; mend: () => void; build: Build; artId: string }> {
  const broken = await brokenBuild(app);
  app.clock.advance(1_000);
  const decision = await ask(broken.build, gateId);
  expect(decision).toMatchObject({ __typename: 'Decision', verdict: 'ERROR' });
  const run = await newest(gateId);
  expect(run).toMatchObject({ state: 'PAUSED', artId: broken.artId });
  return { ...broken, run };
}

describe('a run that cannot judge for our own fault', () => {
  it('is tried again, each time later, each attempt counted, and then waits for its owner', async () => {
    const { build } = await brokenBuild(app);
    expect(await ask(build, 'GATE_QA', { context: { caseId: 'SHOP-9' } })).toMatchObject({
      verdict: 'ERROR',
    });
    const first = await newest();
    expect(first).toMatchObject({
      state: 'QUEUED',
      attempt: 1,
      attemptLimit: 3,
      caseId: 'SHOP-9',
      decision: null,
    });
    await round(app); // nothing is due yet
    expect((await newest()).attempt).toBe(1);
    const waits = [];
    for (let at = 0; at < 2; at++) {
      const { nextAttemptAt } = await newest();
      const waitMs = Date.parse(nextAttemptAt) - app.clock.now();
      waits.push(waitMs);
      app.clock.advance(waitMs);
      await round(app);
      await round(app);
    }
    expect(waits).toEqual([1_000, 2_000]);
    const run = await newest();
    expect(run).toMatchObject({
      state: 'PAUSED',
      attempt: 3,
      reasonCode: 'gate-run.error-verdict',
      late: false,
    });
    expect(run.dueAt).toBe(new Date(app.clock.now() + GATE.pauseMs).toISOString());
    expect(run.steps).toMatchObject([
      { kind: 'RETRIED', attempt: 1, stateBefore: 'RUNNING', stateAfter: 'QUEUED', by: null },
      { kind: 'RETRIED', attempt: 2, stateAfter: 'QUEUED' },
      { kind: 'PAUSED', attempt: 3, stateAfter: 'PAUSED', role: 'QA', dueAt: run.dueAt },
    ]);
    const errors = run.steps.map(({ decisionId }: Answer) => decisionId as string);
    expect(new Set(errors).size).toBe(3); // each attempt is a decision of its own
    const entries = await entriesOf(app, run.id);
    expect(entries.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['gate-run.retried', 'system'],
      ['gate-run.retried', 'system'],
      ['gate-run.paused', 'system'],
    ]);
    expect(entries[2]?.facts).toMatchObject({
      ...{ caseId: 'SHOP-9', gateId: 'GATE_QA', decisionId: errors[2], stateAfter: 'paused' },
      details: { runId: run.id, attempt: 3, attemptLimit: 3, role: 'QA', dueAt: run.dueAt },
    });
  });

  it('ends with a decision once an attempt succeeds, made by a real queue', async () => {
    const { build, mend } = await brokenBuild(app);
    app.clock.advance(1_000);
    await ask(build);
    const { id, nextAttemptAt } = await newest();
    mend();
    const logger = pino({ level: 'silent' });
    const queues = openQueues({ databaseUrl: app.platform.databaseUrl, logger });
    const loop = new RunLoop({ watch: app.services.gateRunWatch, gates: app.services.gates, queues, logger });
    loop.start();
    try {
      app.clock.advance(Date.parse(nextAttemptAt) - app.clock.now());
      const deadline = Date.now() + 20_000;
      while ((await newest()).state !== 'DECIDED' && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await loop.stop();
      await queues.close();
    }
    const run = await newest();
    expect(run).toMatchObject({ id, state: 'DECIDED', attempt: 2, decision: { verdict: 'PASS' } });
    expect(run.decision.runs).toEqual([{ id }]);
    expect(kinds(run)).toEqual(['RETRIED']);
  });

  it('is attempted once, however many workers come for it', async () => {
    const { build, mend } = await brokenBuild(app);
    app.clock.advance(1_000);
    await ask(build);
    const { id } = await newest();
    mend();
    app.clock.advance(1_000);
    const { orgId } = await actorOf(app, 'service');
    await Promise.all([1, 2, 3, 4, 5].map(() => app.services.gates.attempt(orgId, id)));
    expect(await newest()).toMatchObject({ id, state: 'DECIDED', attempt: 2 });
  });

  it('answers the same command with what it recorded, and begins no other run', async () => {
    const { build } = await brokenBuild(app);
    app.clock.advance(1_000);
    const key = { idempotencyKey: randomUUID() };
    const first = await ask(build, 'GATE_QA', key);
    const { totalCount } = await runsOf('GATE_QA');
    expect(await ask(build, 'GATE_QA', key)).toMatchObject({ id: first.id, reused: true });
    expect((await runsOf('GATE_QA')).totalCount).toBe(totalCount);
  });

  it('whose process died is found after its deadline, and tried again', async () => {
    const { build, mend } = await brokenBuild(app);
    mend();
    app.clock.advance(1_000);
    const key = { idempotencyKey: randomUUID() };
    await ask(build, 'GATE_QA', key);
    const { id } = await newest();
    // As a killed process leaves it: neither decision nor entry was committed.
    await app.database.admin.query(
      `UPDATE assay.gate_run SET state = 'running', decision_id = NULL, finished_at = NULL WHERE run_id = $1`,
      [id],
    );
    await round(app);
    expect((await newest()).state).toBe('RUNNING');
    app.clock.advance(GATE.maxRunMs + 11_000);
    await round(app);
    expect(await newest()).toMatchObject({ state: 'QUEUED', reasonCode: 'gate-run.timed-out' });
    app.clock.advance(1_000);
    await round(app);
    expect(await newest()).toMatchObject({ id, state: 'DECIDED', attempt: 2 });
  });
});

describe('a run that waits for a person', () => {
  it('is resumed by who holds the role that it waits for, for one more attempt', async () => {
    const { run, mend } = await paused();
    expect(run.viewerCan).toEqual([
      { action: 'resume', allowed: true, reasonCode: 'ok' },
      { action: 'override', allowed: true, reasonCode: 'ok' },
      { action: 'reject', allowed: true, reasonCode: 'ok' },
    ]);
    const refused = await app.command('developer', 'resume-run', { runId: run.id, ...NOTE });
    expect(refused).toMatchObject({ __typename: 'NotPermitted', refusal: { code: 'not-its-owner' } });
    const key = { runId: run.id, ...NOTE, idempotencyKey: randomUUID() };
    expect(await app.command('lead', 'resume-run', key)).toMatchObject({ state: 'QUEUED', attemptLimit: 2 });
    expect(await app.command('lead', 'resume-run', key)).toMatchObject({ state: 'QUEUED' });
    await round(app);
    expect(await newest('GATE_ONCE')).toMatchObject({ state: 'PAUSED', attempt: 2 });
    expect(await app.command('lead', 'resume-run', { ...key, idempotencyKey: randomUUID() })).toMatchObject({
      state: 'QUEUED',
    });
    mend();
    await round(app);
    const decided = await newest('GATE_ONCE');
    expect(decided).toMatchObject({ state: 'DECIDED', attempt: 3, decision: { verdict: 'PASS' } });
    expect(kinds(decided)).toEqual(['PAUSED', 'RESUMED', 'PAUSED', 'RESUMED']);
    expect(await app.command('lead', 'resume-run', { runId: run.id, ...NOTE })).toMatchObject({
      __typename: 'RunStateForbids',
      runState: 'DECIDED',
    });
    expect(await app.command('lead', 'reject-run', rejection(run.id))).toMatchObject({
      __typename: 'RunPassed',
    });
  });

  it('is sent back with a fix task that is linked to it, and counts as rework', async () => {
    const { run } = await paused();
    expect(await app.command('lead', 'reject-run', { ...rejection(run.id), note: ' ' })).toMatchObject({
      __typename: 'InvalidInput',
      path: 'input.note',
    });
    expect(
      await app.command('lead', 'reject-run', { ...rejection(run.id), reasonCode: 'Prose!' }),
    ).toMatchObject({
      path: 'input.reasonCode',
    });
    const order = { ...rejection(run.id), idempotencyKey: randomUUID() };
    const rejected = await app.command('lead', 'reject-run', order);
    const [, step] = rejected.steps;
    expect(rejected).toMatchObject({ state: 'REJECTED' });
    expect(step).toMatchObject({ kind: 'REJECTED', reasonCode: 'tool-broken', rework: 1 });
    expect(await app.command('lead', 'reject-run', order)).toMatchObject({ state: 'REJECTED' });
    const tasks = await app.database.admin.query(
      `SELECT fix_id, gate_id, art_id, remediation, reason_code FROM assay.fix_task WHERE run_id = $1`,
      [run.id],
    );
    expect(tasks).toEqual([
      {
        ...{ fix_id: step.fixTaskId, gate_id: 'GATE_ONCE', art_id: run.artId },
        ...{ remediation: 'rerun', reason_code: 'tool-broken' },
      },
    ]);
    expect((await entriesOf(app, run.id)).map(({ kind }) => kind as string)).toEqual([
      'gate-run.paused',
      'gate-run.rejected',
    ]);
    // The same ART_* again: another build of it.
    const again = await registerBuild(app, { artId: run.artId });
    app.clock.advance(1_000);
    expect(await ask(again, 'GATE_ONCE')).toMatchObject({ verdict: 'INDETERMINATE' });
    const judged = await newest('GATE_ONCE');
    expect(judged.state).toBe('DECIDED');
    expect((await app.command('lead', 'reject-run', rejection(judged.id))).steps).toMatchObject([
      { kind: 'REJECTED', rework: 2 },
    ]);
  });

  it('is overridden only where active waivers stand for all that was not judged', async () => {
    const { run, build } = await paused();
    const override = (subject = 'lead'): Promise<Answer> =>
      app.command(subject, 'override-run', { runId: run.id, ...NOTE });
    const refused = await override();
    expect(refused).toMatchObject({ __typename: 'OverrideNotCovered' });
    const rules = refused.rules.map(({ ruleId }: Answer) => ruleId as string);
    expect(rules.length).toBeGreaterThan(0);
    const waivers: string[] = [];
    for (const [at, rule] of rules.entries()) {
      const waiver = await app.command('officer', 'request-waiver', {
        selectors: [{ rule }, { gate: 'GATE_ONCE' }, { artefact: build }],
        severity: at === 0 ? 'HIGH' : 'CRITICAL', // the first one does not reach far enough
        effectiveUntil: new Date(app.clock.now() + 3 * DAY_MS).toISOString(),
        reason: 'The scanner is mended on Monday',
      });
      waivers.push(waiver.id);
      for (const subject of ['approver', 'second-approver'])
        await app.command(subject, 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    }
    expect(await override()).toMatchObject({ rules: [{ ruleId: rules[0], why: 'NOT_JUDGED' }] });
    const critical = await app.command('officer', 'request-waiver', {
      selectors: [{ rule: rules[0] }, { gate: 'GATE_ONCE' }, { artefact: build }],
      severity: 'CRITICAL',
      effectiveUntil: new Date(app.clock.now() + 3 * DAY_MS).toISOString(),
      reason: 'The scanner is mended on Monday',
    });
    await app.command('approver', 'approve-waiver', { waiverId: critical.id, note: 'Seen' });
    expect(await override()).toMatchObject({ __typename: 'OverrideNotCovered' }); // half approved
    await app.command('second-approver', 'approve-waiver', { waiverId: critical.id, note: 'Seen' });
    app.clock.advance(1_000);
    const overridden = await override();
    expect(overridden).toMatchObject({ state: 'OVERRIDDEN' });
    expect(overridden.steps.at(-1)).toMatchObject({
      kind: 'OVERRIDDEN',
      waiverIds: [...waivers.slice(1), critical.id].sort(),
    });
    const [, entry] = await entriesOf(app, run.id);
    expect(entry?.facts).toMatchObject({
      stateAfter: 'overridden',
      waiverIds: overridden.steps.at(-1).waiverIds,
    });
    expect((await newest('GATE_ONCE')).decision).toBeNull(); // no verdict was made of it
  });

  it('is not overridden on waivers that have ended', async () => {
    const { run, build } = await paused();
    const { rules } = await app.command('lead', 'override-run', { runId: run.id, ...NOTE });
    for (const { ruleId: rule } of rules) {
      const waiver = await app.command('officer', 'request-waiver', {
        selectors: [{ rule }, { gate: 'GATE_ONCE' }, { artefact: build }],
        severity: 'CRITICAL',
        effectiveUntil: new Date(app.clock.now() + 2 * DAY_MS).toISOString(),
        reason: 'For two days',
      });
      for (const subject of ['approver', 'second-approver'])
        await app.command(subject, 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    }
    app.clock.advance(2 * DAY_MS + 1);
    expect(await app.command('lead', 'override-run', { runId: run.id, ...NOTE })).toMatchObject({
      __typename: 'OverrideNotCovered',
      rules,
    });
  });
});

describe('a run that is late', () => {
  it('goes up the path, each step once, however many look after it', async () => {
    const { run } = await paused('GATE_ONCE');
    const watch = (): Promise<number[]> =>
      Promise.all([1, 2, 3, 4].map(() => app.services.gateRunWatch.escalate()));
    await watch();
    expect(kinds(await newest('GATE_ONCE'))).toEqual(['PAUSED']);
    app.clock.advance(GATE.pauseMs + 1);
    expect(await newest('GATE_ONCE')).toMatchObject({ late: true });
    await watch();
    app.clock.advance(600_000);
    await watch();
    app.clock.advance(DAY_MS);
    await watch();
    const late = await newest('GATE_ONCE');
    expect(late.steps.slice(1)).toMatchObject([
      { kind: 'ESCALATED', role: 'PM', stateBefore: 'PAUSED', stateAfter: 'PAUSED' },
      { kind: 'ESCALATED', role: 'PO' },
    ]);
    expect((await entriesOf(app, run.id)).map(({ kind }) => kind as string)).toEqual([
      'gate-run.paused',
      'gate-run.escalated',
      'gate-run.escalated',
    ]);
    // Whoever it was escalated to may deal with it too.
    expect(await app.command('approver', 'resume-run', { runId: run.id, ...NOTE })).toMatchObject({
      state: 'QUEUED',
    });
  });
});

describe('runs', () => {
  it('are listed by state, gate and owner, page by page', async () => {
    const all = await runsOf('GATE_ONCE');
    const read: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Answer = await runsOf('GATE_ONCE', { first: 2, after });
      read.push(...page.nodes.map(({ id }: Answer) => id as string));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(read).toEqual(all.nodes.map(({ id }: Answer) => id as string));
    expect(all.totalCount).toBe(read.length);
    const overridden = await app.ask('auditor', 'gate-runs', { state: 'OVERRIDDEN', ownerRole: 'QA' });
    expect(overridden.nodes).toMatchObject([{ state: 'OVERRIDDEN', gateId: 'GATE_ONCE' }]);
    expect((await app.ask('auditor', 'gate-runs', { ownerRole: 'SEC' })).nodes).toEqual([]);
    expect(await app.ask('auditor', 'gate-run', { id: randomUUID() })).toBeNull();
    expect(await app.command('lead', 'resume-run', { runId: randomUUID(), ...NOTE })).toMatchObject({
      __typename: 'GateRunNotFound',
    });
  });

  it('are what their entries say, and a step or state that was changed by hand is found', async () => {
    putBack();
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
    const admin = app.database.admin.createQueryRunner();
    try {
      await admin.query('SET session_replication_role = replica');
      await admin.query('ALTER TABLE assay.gate_run_step DISABLE TRIGGER ALL');
      for (const [deed, undo] of [
        [
          `SET reason_code = 'other' WHERE kind = 'paused'`,
          `SET reason_code = 'gate-run.error-verdict' WHERE kind = 'paused'`,
        ],
        [
          `SET rework = rework + 1 WHERE kind = 'rejected'`,
          `SET rework = rework - 1 WHERE kind = 'rejected'`,
        ],
      ] as const) {
        await admin.query(`UPDATE assay.gate_run_step ${deed}`);
        expect((await verifyLedger(app.platform)).accepted).toBe(false);
        await admin.query(`UPDATE assay.gate_run_step ${undo}`);
      }
      await admin.query(
        `UPDATE assay.gate_run SET state = 'overridden' WHERE state = 'rejected' AND decision_id IS NULL`,
      );
      expect((await verifyLedger(app.platform)).accepted).toBe(false);
    } finally {
      await admin.query('ALTER TABLE assay.gate_run_step ENABLE TRIGGER ALL');
      await admin.query('RESET session_replication_role');
      await admin.release();
    }
  });
});

const rejection = (runId: string) => ({ runId, ...NOTE, reasonCode: 'tool-broken', remediation: 'RERUN' });
