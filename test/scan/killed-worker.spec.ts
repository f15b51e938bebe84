import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';
import { archiveOf, handIn, requestScan } from './kit.js';
import { sandboxModes } from './support.js';

const ROOT = join(import.meta.dirname, '../..');
const SCANNERS_DIR = process.env['ASSAY_TEST_SCANNERS'] ?? '';
const canScan =
  sandboxModes().length > 0 &&
  existsSync(SCANNERS_DIR) &&
  readdirSync(SCANNERS_DIR).some((name) => name.startsWith('bandit-'));
/** BullMQ gives a silent worker's job away after 30 s, and looks every 30 s. */
const LIMIT_MS = 5 * 60_000;
/** So many that the scan takes a while. */
const MANY = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [
    `p${String(index)}.py`,
    `import hashlib\n${'\n\ndef f(x):\n    return hashlib.md5(x)\n'.repeat(60)}`,
  ]),
);

/** Sandboxes of this machine that were made below a folder. */
const sandboxesBelow = (folder: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(join(folder, 'scan'))
      );
    } catch {
      return false;
    }
  });

(canScan ? describe : describe.skip)('a worker that is killed in the middle of a scan', () => {
  let app: TestApplication;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--unchecked']);
    if (built.status !== 0) throw new Error(built.stdout.toString());
    app = await openTestApplication({ scannersDir: SCANNERS_DIR });
  }, LIMIT_MS);
  afterAll(async () => {
    await endAll();
    await app.close();
  });

  const startWorker = (): ChildProcess => {
    const worker = spawn(process.execPath, [join(ROOT, 'dist/src/worker.js')], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: app.database.url,
        ASSAY_DEMO: 'true',
        ASSAY_DATA_DIR: app.platform.config.dataDir,
        ASSAY_SCANNERS_DIR: SCANNERS_DIR,
      },
    });
    workers.push(worker);
    return worker;
  };
  /** All that live, the one of the test before too. */
  const endAll = async (): Promise<void> => {
    for (const worker of workers) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
  };
  const scanning = (): string[] => sandboxesBelow(app.platform.config.dataDir);
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + LIMIT_MS; !(await condition());) {
      if (Date.now() > deadline) throw new Error('waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it(
    'takes the scan down with it; another one does it again, and there is one result',
    async () => {
      const build = await registerBuild(app);
      const source = await handIn(app, await archiveOf(MANY));
      const asked = await requestScan(app, build, source, ['bandit']);
      const task = async (): Promise<Answer> => (await app.ask('auditor', 'scan', { id: asked.id })).tasks[0];
      const first = startWorker();
      await until(() => scanning().length > 0);
      expect(await task()).toMatchObject({ state: 'RUNNING', attempts: 1 });
      first.kill('SIGKILL');
      await once(first, 'exit');
      await until(() => scanning().length === 0);
      expect(await task()).toMatchObject({ state: 'RUNNING', outcome: null });

      startWorker();
      await until(async () => (await task()).state === 'DONE');
      expect(await task()).toMatchObject({ outcome: 'FINISHED', attempts: 2 });
      const [counted] = await app.database.admin.query<Record<string, number>[]>(
        `SELECT (SELECT count(*)::int FROM assay.evidence) AS evidence,
                (SELECT count(*)::int FROM assay.scan_result) AS results,
                (SELECT count(*)::int FROM ledger.fact WHERE kind = 'scan.finished') AS finished,
                (SELECT count(*)::int FROM ledger.fact WHERE kind = 'evidence.received') AS received`,
      );
      expect(counted).toEqual({ evidence: 1, results: 1, finished: 1, received: 1 });
      // What the first one left on the disk, the second one removed.
      const left = readdirSync(join(app.platform.config.dataDir, 'scan'));
      expect(left.filter((name) => name.endsWith(`-${String(first.pid)}`))).toEqual([]);
    },
    2 * LIMIT_MS,
  );

  it(
    'leaves one result for each of several scanners, whichever were at work and whichever are not installed',
    async () => {
      const build = await registerBuild(app);
      const source = await handIn(app, await archiveOf({ ...MANY, 'other.py': 'x = 1\n' }));
      const scanners = ['bandit', 'detect-secrets', 'gitleaks', 'checkov'];
      const asked = await requestScan(app, build, source, scanners);
      const tasks = async (): Promise<Answer[]> => (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
      await endAll();
      const victim = startWorker();
      // Killed twice, in whatever it does then: once in a sandbox, once as soon as a first result stands.
      await until(() => scanning().length > 0);
      await endAll();
      await until(() => scanning().length === 0);
      const second = startWorker();
      await until(async () => (await tasks()).some(({ state }) => state === 'DONE'));
      await endAll();
      startWorker();
      await until(async () => (await tasks()).every(({ state }) => state === 'DONE'));
      expect([victim.signalCode, second.signalCode]).toEqual(['SIGKILL', 'SIGKILL']);

      const done = await tasks();
      expect(done.map(({ scanner }) => scanner).sort()).toEqual([...scanners].sort());
      expect(done.find(({ scanner }) => scanner === 'bandit')).toMatchObject({ outcome: 'FINISHED' });
      expect(new Set(done.map(({ evidenceId }) => evidenceId)).size).toBe(scanners.length);
      const counted = await app.database.admin.query<Record<string, unknown>[]>(
        `SELECT r.scanner, count(*)::int AS results, count(DISTINCT e.evidence_id)::int AS evidence,
                (SELECT count(*)::int FROM ledger.fact f
                  WHERE f.kind = 'scan.finished' AND f.statement::text LIKE '%' || r.evidence_id || '%') AS finished
           FROM assay.scan_result r JOIN assay.evidence e USING (evidence_id)
          WHERE r.scan_id = $1 GROUP BY r.scanner, r.evidence_id ORDER BY r.scanner`,
        [asked.id],
      );
      expect(counted).toEqual(
        [...scanners].sort().map((scanner) => ({ scanner, results: 1, evidence: 1, finished: 1 })),
      );
    },
    3 * LIMIT_MS,
  );
});
