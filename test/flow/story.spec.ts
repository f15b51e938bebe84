import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/app/platform/process-list.io.js';
import { redisIsAvailable, startRedis } from '../support/redis.js';
import { readRunState, type RunState } from '../../src/app/platform/run-state.io.js';

const ROOT = join(import.meta.dirname, '../..');
/** Cold start, demo and restart together take about 15 s on a quiet machine. */
const LIMIT_MS = 120_000;

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** The real product: `npm start`'s own script, its three doors, BullMQ, PostgreSQL and OPA. */
function story(redis?: { readonly url: string }): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'assay story '));
  const environment = () => ({
    PATH: process.env['PATH'],
    ASSAY_DATA_DIR: dataDir,
    ASSAY_OPA: process.env['ASSAY_TEST_OPA'],
    NO_COLOR: '1',
    ...(redis && { REDIS_URL: redis.url }),
  });
  let product: ChildProcess;
  let screen = '';

  async function start(): Promise<RunState> {
    screen = '';
    product = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs')], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [product.stdout, product.stderr])
      stream?.on('data', (chunk: Buffer) => (screen += chunk.toString()));
    const deadline = Date.now() + LIMIT_MS / 2;
    // The last line of the first screen: a pipe hands the screen on in whatever pieces it likes.
    while (!/Assay is ready[^]*-d '\{"query":.*\}'\n/.test(screen)) {
      if (product.exitCode !== null || Date.now() > deadline) throw new Error(`not ready:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const state = readRunState(dataDir);
    if (!state) throw new Error('ready, and no run.json');
    return state;
  }

  async function run(...args: string[]): Promise<Ran> {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return { code: child.exitCode, output };
  }

  const verify = (): Promise<Ran> => run('scripts/assay.mjs', 'ledger', 'verify');
  const treeSize = ({ output }: Ran): number => Number(/tree of (\d+) entries/.exec(output)?.[1]);

  beforeAll(async () => {
    await start();
  }, LIMIT_MS);
  afterAll(async () => {
    if (product.exitCode === null && product.kill('SIGTERM')) await once(product, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }, LIMIT_MS);

  it('shows a verdict first: FAIL, its reasons, the tree head, and how to verify it', () => {
    expect(screen).toContain('FAIL  GATE_RELEASE  ART_FLAWED_SHOP');
    expect(screen).toContain('ESLint reports security/detect-child-process');
    expect(screen).toContain('is under AGPL-3.0-or-later');
    expect(screen).toMatch(/its signed tree head:\n +│ log-[0-9a-f]{12}\.assay\.localhost\n +│ \d+\n/);
    expect(screen).toContain('npx assay ledger verify');
    expect(screen).toMatch(/auditor +Aude Auditor +eyJ/);
  });

  it(
    'tells the whole story: a failure, a waiver, a pass, and tampering that is found',
    async () => {
      const demo = await run('scripts/demo.mjs');
      expect(demo.output).toContain('SelfApproval: Whoever requests a waiver cannot approve it.');
      expect(demo.output).toContain('PASS_WITH_WAIVERS  GATE_RELEASE');
      expect(demo.output).toContain('without waivers: FAIL');
      expect(demo.output.match(/: refused$/gm)).toHaveLength(6);
      expect(demo.output).toContain('and the ledger verifies again.');
      expect(demo.code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'recovers unaided from kill -9, and has forgotten nothing',
    async () => {
      const before = await verify();
      expect(before).toMatchObject({ code: 0, output: expect.stringContaining('accepted') });
      const { postgres } = readRunState(dataDir) ?? {};
      product.kill('SIGKILL');
      await once(product, 'exit');
      await start();
      const after = await verify();
      expect(after).toMatchObject({ code: 0, output: expect.stringContaining('accepted') });
      expect(treeSize(after)).toBeGreaterThanOrEqual(treeSize(before));
      expect(screen).toContain('FAIL  GATE_RELEASE'); // the recorded verdict, not another judgement
      expect(postgres?.pid).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'stops everything on Ctrl-C, PostgreSQL last',
    async () => {
      const state = readRunState(dataDir);
      product.kill('SIGINT');
      await once(product, 'exit');
      expect(product.exitCode).toBe(0);
      const pids = [...Object.values(state?.doors ?? {}), state?.postgres?.pid ?? 0];
      expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
      expect(readRunState(dataDir)).toBeUndefined();
    },
    LIMIT_MS,
  );
}

describe('the whole product', () => {
  story();
});

// The same once more takes half a minute; what the queues do on Redis is test/store/queues.spec.ts, in every run.
const onRedis = redisIsAvailable() && process.env['ASSAY_LONG'] === '1' ? describe : describe.skip;
onRedis('the whole product on Redis (only with ASSAY_LONG=1, and redis-server or REDIS_URL)', () => {
  const redis = { url: '', stop: (): Promise<void> => Promise.resolve() };
  beforeAll(async () => {
    Object.assign(redis, await startRedis());
  });
  afterAll(() => redis.stop());
  story(redis);
});
