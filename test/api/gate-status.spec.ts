import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import { composeServices } from '../../src/app/compose/services.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { brokenBuild, GATE, putBack } from '../support/gate-runs.js';
import {
  CLEAN,
  evaluate,
  registerBuild,
  report,
  REPORTS,
  someDigest,
  uploadAll,
  type Build,
} from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

jest.setTimeout(60_000);
const QUERY = readFileSync(join(import.meta.dirname, '../../graphql/operations/gate-status.graphql'), 'utf8');

let app: TestApplication;
const clients: Client[] = [];
beforeAll(async () => {
  app = await openTestApplication();
  const services = composeServices({
    ...app.platform,
    config: { ...app.platform.config, opaPath: process.env['ASSAY_TEST_OPA'] },
  });
  const { root, jwtIssuer: issuer } = app.platform.config;
  const organisation = { ...DEMO_SETUP.organisation, slug: 'rival', name: 'Rival' };
  await applySetup(services, { ...DEMO_SETUP, organisation }, { root, issuer, logger: app.platform.logger });
  await services.close();
});
afterAll(async () => {
  putBack();
  for (const client of clients) await client.dispose();
  await app.close();
});

async function watching(
  subject: string,
  variables: Record<string, unknown>,
  org = 'demo',
): Promise<AsyncIterableIterator<Answer>> {
  const client = createClient({
    url: `${(await app.api.getUrl()).replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${app.tokenFor(subject, org)}` },
  });
  clients.push(client);
  return client.iterate({ query: QUERY, variables });
}

/** What is told next of which this is true; what was told before it, too. */
async function until(
  told: AsyncIterableIterator<Answer>,
  fits: (status: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const { value, done } = await told.next();
    if (done === true) throw new Error('the subscription ended');
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    if (fits(value.data.gateStatus)) return value.data.gateStatus;
  }
}
const about = ({ artId, digest }: Build, gateId = 'GATE_RELEASE') => ({ gateId, artId, digest });

describe('the status of a gate, over a WebSocket', () => {
  it('is told at once, at each decision, and when that becomes stale', async () => {
    const build = await registerBuild(app);
    const told = await watching('developer', about(build));
    const first = await until(told, () => true);
    expect(first).toEqual({
      ...{ gateId: 'GATE_RELEASE', artId: build.artId, artefactDigest: build.digest, seq: null },
      ...{ decisionId: null, verdict: null, verdictWithoutWaivers: null, asOf: null, validUntil: null },
      ...{ stale: false, run: null },
    });
    await uploadAll(app, build, REPORTS.map(report));
    await app.normalise();
    const decision = await evaluate(app, build);
    const judged = await until(told, ({ verdict }) => verdict !== null);
    expect(judged).toMatchObject({
      ...{ decisionId: decision.id, verdict: decision.verdict, asOf: decision.asOf, stale: false },
      run: { state: 'DECIDED', attempt: 1 },
    });
    const { nodes } = await app.ask('auditor', 'ledger', {
      filter: { gateId: 'GATE_RELEASE', artefactDigest: build.digest },
      first: 200,
    });
    expect(judged.seq).toBe(nodes.at(-1).seq);

    await uploadAll(app, build, [CLEAN.sast]);
    await app.normalise();
    await app.services.staleMarker.follow();
    const stale = await until(told, (status) => status.stale);
    expect(stale).toMatchObject({ decisionId: decision.id });
    expect(stale.seq).toBeGreaterThan(judged.seq);
    const again = await evaluate(app, build);
    expect(await until(told, ({ decisionId }) => decisionId === again.id)).toMatchObject({ stale: false });
  });

  it('is heard, not only seen when looking from time to time', async () => {
    const build = await registerBuild(app);
    await uploadAll(app, build, REPORTS.map(report));
    await app.normalise();
    const told = await watching('developer', about(build));
    await until(told, () => true);
    const times: number[] = [];
    for (let at = 0; at < 7; at++) {
      const { id } = await evaluate(app, build, { rejudge: true });
      const began = performance.now();
      await until(told, (status) => status.decisionId === id || status.seq > 0);
      times.push(performance.now() - began);
      app.clock.advance(1);
    }
    // Looking takes two seconds; hearing, and a rest of a tenth. One may be missed between a look and the next wait.
    expect(times.sort((a, b) => a - b)[3]).toBeLessThan(1_500);
  });

  it('tells of a run that waits for a person, and what came of it', async () => {
    const { principalId } = await actorOf(app, 'lead');
    const role = { project: 'shop', role: 'QA', principalId, assigned: true };
    await app.command('officer', 'change-process-role', role);
    const gateId = 'GATE_WATCHED';
    await app.command('officer', 'define-gate', { ...GATE, gateId, retry: { ...GATE.retry, count: 0 } });
    const { build, mend } = await brokenBuild(app);
    const told = await watching('auditor', about(build, gateId));
    await until(told, ({ run }) => run === null);
    await app.command('service', 'evaluate-gate', about(build, gateId));
    const paused = await until(told, ({ run }) => run?.state === 'PAUSED');
    expect(paused).toMatchObject({ verdict: 'ERROR', run: { steps: [{ kind: 'PAUSED' }] } });
    mend();
    const reject = { runId: paused.run.id, note: 'Back', reasonCode: 'not-tested', remediation: 'RERUN' };
    await app.command('lead', 'reject-run', reject);
    expect(await until(told, ({ run }) => run.state === 'REJECTED')).toMatchObject({
      run: { reasonCode: 'not-tested', steps: [{ kind: 'PAUSED' }, { kind: 'REJECTED' }] },
    });
  });

  it('is nothing to another organisation, whose own gate has the same name', async () => {
    const build = await registerBuild(app);
    for (const digest of [build.digest, someDigest()]) {
      const told = await watching('auditor', { ...about(build), digest }, 'rival');
      expect((await told.next()).value.data).toEqual({ gateStatus: null });
      expect((await told.next()).done).toBe(true);
    }
    const own = await watching('auditor', about(build));
    expect(await until(own, () => true)).toMatchObject({ artefactDigest: build.digest });
  });

  it('is refused to whoever may not read decisions', async () => {
    const told = await watching('data-protection', about(await registerBuild(app)));
    const refused: unknown = await told.next().catch((error: unknown) => error);
    expect(JSON.stringify(refused)).toContain('decision.read: role-lacks-permission');
  });
});
