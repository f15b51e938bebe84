import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';
import { archiveOf, handIn, requestScan } from './kit.js';

const LIMIT_MS = 60_000;
/** Of the queue `scan`: the first wait, and each twice the one before. */
const WAITS_MS = [1_000, 2_000];

let app: TestApplication;
let worker: Awaited<ReturnType<typeof openWorker>>;
beforeAll(async () => {
  app = await openTestApplication({ scannersDir: '/nothing/is/installed/here' });
  worker = await openWorker({ ...app.platform.config, logLevel: 'fatal' }); // what fails is meant to
});
afterAll(async () => {
  await worker.close();
  await app.close();
});

it(
  'scans whose evidence cannot be stored are tried again, later each time, and end with one result each',
  async () => {
    const build = await registerBuild(app);
    const source = await handIn(app, await archiveOf({ 'a.py': 'x = 1\n' }));
    const blobs = join(app.platform.config.dataDir, 'blobs');
    renameSync(blobs, `${blobs}.away`);
    writeFileSync(blobs, 'where the folder was'); // nobody can write below a file, not even root
    const scanners = ['bandit', 'detect-secrets', 'semgrep'];
    const asked = await requestScan(app, build, source, scanners);
    const tasks = async (): Promise<Answer[]> => (await app.ask('auditor', 'scan', { id: asked.id })).tasks;

    /** When each attempt began, by its number. */
    const begun: Record<string, Record<number, number>> = {};
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline;) {
      const runs = await app.database.admin.query<{ scanner: string; attempts: number; at: number }[]>(
        'SELECT scanner, attempts, extract(epoch FROM started_at)::float8 * 1000 AS at FROM assay.scan_run',
      );
      for (const { scanner, attempts, at } of runs) (begun[scanner] ??= {})[attempts] = at;
      if (runs.length === 3 && runs.every(({ attempts }) => attempts >= 3)) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    rmSync(blobs);
    renameSync(`${blobs}.away`, blobs);
    expect(Object.keys(begun).sort()).toEqual([...scanners].sort());
    for (const at of Object.values(begun))
      for (const [n, wait] of WAITS_MS.entries())
        expect((at[n + 2] ?? 0) - (at[n + 1] ?? 0)).toBeGreaterThanOrEqual(wait);

    for (const deadline = Date.now() + LIMIT_MS; ;) {
      if ((await tasks()).every(({ state }) => state === 'DONE')) break;
      if (Date.now() > deadline) throw new Error('waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const task of await tasks()) {
      expect(task).toMatchObject({ outcome: 'NOT_RUN' }); // nothing is installed, which is evidence too
      expect(task.attempts).toBeGreaterThanOrEqual(3);
    }
    const [counted] = await app.database.admin.query<Record<string, number>[]>(
      `SELECT (SELECT count(*)::int FROM assay.evidence) AS evidence,
              (SELECT count(*)::int FROM assay.scan_result) AS results,
              (SELECT count(DISTINCT scanner)::int FROM assay.scan_result) AS scanners,
              (SELECT count(*)::int FROM ledger.fact WHERE kind = 'scan.finished') AS finished`,
    );
    expect(counted).toEqual({ evidence: 3, results: 3, scanners: 3, finished: 3 });
  },
  3 * LIMIT_MS,
);
