import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices, type Services } from '../../src/app/compose/services.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';
import { evidenceOf, work } from './kit.js';
import { sandboxModes } from './support.js';

const SCANNERS_DIR = process.env['ASSAY_TEST_SCANNERS'] ?? '';
const canScan =
  sandboxModes().length > 0 &&
  existsSync(SCANNERS_DIR) &&
  readdirSync(SCANNERS_DIR).some((name) => name.startsWith('bandit-'));

(canScan ? describe : describe.skip)('a scanner on a commit of a local repository', () => {
  const checkouts = mkdtempSync(join(tmpdir(), 'assay-checkouts-'));
  const shop = join(checkouts, 'shop');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-C', shop, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  const commit = (text: string): string => {
    writeFileSync(join(shop, 'price.py'), text);
    git('add', '--all');
    git('commit', '--quiet', '-m', 'x');
    return git('rev-parse', 'HEAD');
  };
  let app: TestApplication;
  let services: Services;
  beforeAll(async () => {
    mkdirSync(shop);
    git('init', '--quiet', '--initial-branch=main');
    app = await openTestApplication({ scannersDir: SCANNERS_DIR });
    const config = { ...app.platform.config, checkoutsFolder: checkouts };
    services = composeServices({ ...app.platform, config });
  });
  afterAll(async () => {
    await services.preparedSources.close();
    await app.close();
    rmSync(checkouts, { recursive: true, force: true });
  });

  it('sees what the commit holds, and neither what came later nor what lies in the folder', async () => {
    const flawed = commit('import hashlib\n\n\ndef key(x):\n    return hashlib.md5(x)\n');
    const mended = commit('def key(x):\n    return x\n');
    writeFileSync(join(shop, 'not_committed.py'), 'import hashlib\nhashlib.md5(b"x")\n');
    const found: Record<string, readonly unknown[]> = {};
    for (const hex of [flawed, mended]) {
      const digest = `gitCommit:${hex}`;
      const build = await registerBuild(app, { artId: 'ART_CHECKOUT', name: 'A checkout', digest });
      const asked = await app.command('service', 'request-scan', {
        ...{ ...build, source: digest, checkout: 'shop', scanners: ['bandit'] },
      });
      await work(app, services);
      const [task] = (await app.ask('auditor', 'scan', { id: asked.id })).tasks;
      expect(task).toMatchObject({ state: 'DONE', outcome: 'FINISHED', attempts: 1 });
      const evidence = await evidenceOf(app, task.evidenceId);
      expect(evidence).toMatchObject({ state: 'COMPLETE', kinds: ['sast'], source: 'scan/bandit' });
      found[hex] = evidence.document.findings.map((one: { path: string; startLine: number }) => [
        one.path,
        one.startLine,
      ]);
    }
    expect(found[flawed]).toContainEqual(['price.py', 5]);
    expect(found[mended]).toEqual([]);
    expect(git('status', '--short')).toBe('?? not_committed.py'); // nothing of ours was left there
  }, 180_000);
});
