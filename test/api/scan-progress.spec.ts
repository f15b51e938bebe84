import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { archiveOf, handIn, requestScan, shopFiles } from '../scan/kit.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';

jest.setTimeout(120_000);

const QUERY = readFileSync(
  join(import.meta.dirname, '../../graphql/operations/scan-progress.graphql'),
  'utf8',
);

let app: TestApplication;
const clients: Client[] = [];
beforeAll(async () => {
  // Without scanners each task ends at once, with evidence that it did not run: that is progress too.
  app = await openTestApplication({ scannersDir: '/nonexistent' });
});
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await app.close();
});

async function watching(subject: string, id: string): Promise<AsyncIterableIterator<Answer>> {
  const client = createClient({
    url: `${(await app.api.getUrl()).replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${app.tokenFor(subject)}` },
  });
  clients.push(client);
  return client.iterate({ query: QUERY, variables: { id } });
}
const ask = async (scanners: readonly string[]): Promise<Answer> =>
  requestScan(app, await registerBuild(app), await handIn(app, await archiveOf(shopFiles())), scanners);
const doneOf = (event: Answer): number => event.data.scanProgress.progress.done;

describe('the progress of a scan, over a WebSocket', () => {
  it('is told at once, scanner by scanner, and at its end; then the subscription completes', async () => {
    const { id, tasks } = await ask(['bandit', 'gitleaks', 'syft']);
    const progress = await watching('auditor', id);
    const { value: first } = await progress.next();
    expect(first.data.scanProgress).toMatchObject({ id, progress: { done: 0, total: 3, etaMs: null } });
    const told: Answer[] = [first];
    for (const [at, { seq }] of tasks.entries()) {
      await app.services.scanWorker.runEntry(seq);
      while (doneOf(told.at(-1)) <= at) told.push((await progress.next()).value);
    }
    expect(told.at(-1).data.scanProgress).toMatchObject({
      progress: { done: 3, total: 3, etaMs: 0 },
      tasks: ['bandit', 'gitleaks', 'syft'].map((scanner) => ({
        ...{ scanner, state: 'DONE', attempts: 1, outcome: 'NOT_RUN' },
        evidenceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      })),
    });
    expect((await progress.next()).done).toBe(true);
    const steps = told.map(doneOf);
    expect(steps).toEqual([...steps].sort());
    expect(new Set(told.map((each) => JSON.stringify(each.data.scanProgress.tasks))).size).toBe(told.length);
  });

  it('is heard, not only seen when looking from time to time, and says how long it may take', async () => {
    const { id } = await ask(['bandit']);
    const now = new Date(app.clock.now());
    await app.database.admin.query(
      // How long it took before: a minute.
      `INSERT INTO assay.scan_result (scan_id, scanner, org_id, evidence_id, outcome, started_at, finished_at, entry_key)
       SELECT scan_id, scanner, org_id, evidence_id, 'FINISHED', $2::timestamptz - interval '1 minute', $2, $3
         FROM assay.scan s, LATERAL (SELECT evidence_id FROM assay.evidence e WHERE e.org_id = s.org_id LIMIT 1) e
        WHERE s.scan_id = $1`,
      [(await ask(['bandit'])).id, now, Buffer.alloc(32, 7)],
    );
    const progress = await watching('auditor', id);
    const { value: first } = await progress.next();
    expect(first.data.scanProgress).toMatchObject({ progress: { done: 0, etaMs: 60_000 } });
    const times: number[] = [];
    for (let attempts = 1; attempts <= 7; attempts += 1) {
      const began = performance.now();
      await app.database.admin.transaction(async (manager) => {
        await manager.query(
          `INSERT INTO assay.scan_run (scan_id, scanner, org_id, attempts, started_at)
           SELECT scan_id, scanner, org_id, $2, $3 FROM assay.scan WHERE scan_id = $1
           ON CONFLICT (scan_id, scanner) DO UPDATE SET attempts = $2`,
          [id, attempts, now],
        );
        await manager.query(`SELECT pg_notify('assay_progress', 'scan:' || $1)`, [id]);
      });
      const { value } = await progress.next();
      expect(value.data.scanProgress.tasks).toMatchObject([{ state: 'RUNNING', attempts }]);
      times.push(performance.now() - began);
    }
    times.sort((one, other) => one - other);
    expect(times[3]).toBeLessThan(1_000); // looking from time to time would take two seconds
    await progress.return?.();
  });

  it('is null, and then over, for what this organisation did not ask for', async () => {
    const told: Answer[] = [];
    for await (const event of await watching('auditor', '11111111-1111-4111-8111-111111111111'))
      told.push(event);
    expect(told).toEqual([{ data: { scanProgress: null } }]);
  });
});
