import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { ofOne } from '../../src/app/database/on-behalf-of.js';
import { escalationsFrom } from '../../src/gate/run/run.js';
import { PgGateRunStore } from '../../src/gate/run/run.store.pg.js';
import type { RunStart } from '../../src/gate/run/run.store.js';
import { digestFrom } from '../../src/kernel/digest.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { GATE } from '../support/gate-runs.js';
import { registerBuild } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
}, 120_000);
afterAll(() => app.close());

const steps = async (id: string): Promise<[string, string][]> => {
  const run = await app.ask('auditor', 'gate-run', { id });
  return run.steps.map(({ kind, role }: { kind: string; role: string }) => [kind, role]);
};

describe('a run that escalated and was given up', () => {
  it('goes on along the path from when it is taken up again, having escalated before it was given up', async () => {
    const build = await registerBuild(app);
    const path = { ...GATE, gateId: 'GATE_PATH', maxRunMs: 60_000, slaMs: 10_000 };
    const escalation = ['PM', 'PO', 'ARCH'].map((role, at) => ({ role, afterMs: (at + 1) * 20_000 }));
    await app.command('officer', 'define-gate', { ...path, escalation });
    const { orgId, principalId } = await actorOf(app, 'service');
    const runId = randomUUID();
    const of = { runId, attempt: 1 };
    const start = (at: number): RunStart => ({
      ...{ runId, orgId, gateId: 'GATE_PATH', artId: build.artId, artefactDigest: digestFrom(build.digest) },
      ...{
        ownerRole: 'QA',
        requestedBy: principalId,
        attemptLimit: 1,
        startedAt: at,
        deadlineAt: at + 60_000,
      },
      ...{ dueAt: at + 10_000, escalationsAt: escalationsFrom({ escalation }, at + 10_000) },
      ...{ question: { context: {} }, entryKey: randomBytes(16) },
    });
    const stored = async <T>(work: (store: PgGateRunStore) => Promise<T>): Promise<T> =>
      app.platform.database.transaction((manager) => work(new PgGateRunStore(ofOne(manager, orgId))));
    await stored((store) => store.beginAll(orgId, [start(app.clock.now())]));
    app.clock.advance(30_000);
    await app.services.gateRunWatch.escalate();
    expect(await steps(runId)).toEqual([['ESCALATED', 'PM']]);
    await stored((store) => store.end(orgId, of, app.clock.now(), null));

    app.clock.advance(3_600_000);
    const again = app.clock.now();
    expect(await stored((store) => store.beginAll(orgId, [start(again)]))).toEqual(['begun']);
    expect(await stored((store) => store.lock(orgId, runId))).toMatchObject({
      ...{ state: 'running', escalated: 1, dueAt: again + 10_000, nextEscalationAt: again + 50_000 },
    });
    app.clock.advance(49_999);
    await app.services.gateRunWatch.escalate();
    expect(await steps(runId)).toHaveLength(1);
    app.clock.advance(1);
    await app.services.gateRunWatch.escalate();
    expect(await steps(runId)).toEqual([
      ['ESCALATED', 'PM'],
      ['ESCALATED', 'PO'],
    ]);

    // Given up again and again, its path ends where it ends.
    app.clock.advance(20_000);
    await app.services.gateRunWatch.escalate();
    await stored((store) => store.end(orgId, of, app.clock.now(), null));
    await stored((store) => store.beginAll(orgId, [start(app.clock.now())]));
    expect(await stored((store) => store.lock(orgId, runId))).toMatchObject({
      ...{ state: 'running', escalated: 3, nextEscalationAt: null },
    });
    await stored((store) => store.end(orgId, of, app.clock.now(), null));
  });
});
