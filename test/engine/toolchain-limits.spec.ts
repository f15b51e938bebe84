import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RegoSource } from '../../src/rego/compiler.port.js';
import { OpaToolchain, type OpaOptions } from '../../src/rego/opa/opa.io.js';
import { runTool } from '../../src/rego/opa/opa-process.io.js';
import { residentByPs, residentBytes } from '../../src/rego/opa/resident-size.io.js';
import { opaProgram, problemOf, regoFolder, valueOf } from './kit.js';

const source = (path: string, text: string): RegoSource => ({ path, text });
const aToolchain = (options: Partial<OpaOptions> = {}): OpaToolchain =>
  new OpaToolchain({ program: opaProgram(), regoFolder, ...options });
const MODULE = source('a.rego', 'package a\n\nx := input.n + 1\n');
const LIMITS = { timeMs: 20_000, outputBytes: 1_000_000, memoryBytes: 2 ** 30 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-toolchain-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** An `opa` that writes down how it is called before it does what it is asked: counts runs, mocks nothing. */
function countingOpa(): { program: string; runs: () => string[] } {
  const [program, log] = [join(folder, 'opa'), join(folder, 'runs')];
  writeFileSync(program, `#!/bin/sh\necho "$1" >> '${log}'\nexec '${opaProgram()}' "$@"\n`);
  chmodSync(program, 0o755);
  writeFileSync(log, '');
  return {
    program,
    runs: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}

describe('limits of an authoring call', () => {
  it('stop what wants more memory than it may have', async () => {
    const greedy = source(
      'a_test.rego',
      'package a_test\n\ntest_x if count(numbers.range(1, 30000000)) == 30000000\n',
    );
    const outcome = await aToolchain({ memoryLimitBytes: 200 * 2 ** 20 }).test([greedy]);
    expect(problemOf(outcome)).toEqual({ kind: 'OpaLimitExceeded', command: 'test', limit: 'memory' });
  });

  it('stop what says too much', async () => {
    const run = { file: '/bin/sh', folder, args: ['-c', 'yes'], limits: { ...LIMITS, outputBytes: 10_000 } };
    expect(await runTool(run)).toEqual({ kind: 'stopped', limit: 'output' });
  });

  it('end whatever the program has started as well', async () => {
    const args = ['-c', 'sleep 300 & echo $! > child; wait'];
    expect(await runTool({ file: '/bin/sh', folder, args, limits: { ...LIMITS, timeMs: 300 } })).toEqual({
      kind: 'stopped',
      limit: 'time',
    });
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    // A zombie awaiting its reaper is dead as well.
    const state = execFileSync('sh', ['-c', `ps -o stat= -p ${String(child)} || true`]).toString();
    expect(state.trim()).toMatch(/^(Z.*)?$/);
  });

  it('are measured by /proc and by ps alike', async () => {
    const [one, other] = [(await residentBytes(process.pid))!, (await residentByPs(process.pid))!];
    expect(Math.abs(one - other) / one).toBeLessThan(0.3);
    expect(await residentBytes(2 ** 22 + 1)).toBeUndefined();
    expect(await residentByPs(2 ** 22 + 1)).toBeUndefined();
  });

  it('leave room for so many calls at once, and tell the others at once', async () => {
    const busy = aToolchain({ atOnce: 1, mayWait: 2 });
    expect((await busy.version()).ok).toBe(true);
    const calls = [1, 2, 3, 4, 5].map((n) => busy.check([source('a.rego', `package a\n\nx := ${n}\n`)]));
    const results = await Promise.all(calls);
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    expect(results.filter(({ ok }) => !ok)).toEqual([
      { ok: false, problem: { kind: 'OpaBusy', running: 1, waiting: 2 } },
      { ok: false, problem: { kind: 'OpaBusy', running: 1, waiting: 2 } },
    ]);
    expect((await busy.check([MODULE])).ok).toBe(true);
  });
});

describe('answers are kept', () => {
  it('by content: neither order nor repetition runs the program again, a change does', async () => {
    const { program, runs } = countingOpa();
    const counted = aToolchain({ program });
    const other = source('b.rego', 'package b\n\ny := 1\n');
    await counted.check([MODULE, other]);
    await counted.check([other, MODULE]);
    await counted.format([MODULE, other]);
    expect(valueOf(await counted.format([other, MODULE])).map(({ path }) => path)).toEqual([
      'b.rego',
      'a.rego',
    ]);
    expect(runs()).toEqual(['version', 'check', 'fmt']);
    await counted.check([MODULE, source('b.rego', 'package b\n\ny := 2\n')]);
    await counted.evaluate({ files: [MODULE], entrypoint: 'a/x', input: { n: 1 } });
    await counted.evaluate({ files: [MODULE], entrypoint: 'a/x', input: { n: 2 } });
    await counted.evaluate({ files: [MODULE], entrypoint: 'a/x', input: { n: 1 } });
    expect(runs()).toEqual(['version', 'check', 'fmt', 'check', 'eval', 'eval']);
  });

  it('also when they are mistakes, but not when they are limits', async () => {
    const { program, runs } = countingOpa();
    const counted = aToolchain({ program });
    for (let n = 0; n < 2; n++)
      expect(problemOf(await counted.check([source('a.rego', 'package a\n\nx := nope(1)\n')])).kind).toBe(
        'RegoInvalid',
      );
    expect(runs()).toEqual(['version', 'check']);
    const endless = source(
      'a_test.rego',
      'package a_test\n\ntest_x if numbers.range(1, 30000)[a] + numbers.range(1, 30000)[b] == 1\n',
    );
    const hurried = aToolchain({ program, timeLimitMs: 1_000 });
    for (let n = 0; n < 2; n++) expect((await hurried.test([endless])).ok).toBe(false);
    expect(runs().filter((run) => run === 'test')).toHaveLength(2);
  });

  it('not when they depend on the clock, unless an instant is given', async () => {
    const { program, runs } = countingOpa();
    const counted = aToolchain({ program });
    const files = [source('a.rego', 'package a\n\nx := format_int(time.now_ns(), 10)\n')];
    const first = valueOf(await counted.evaluate({ files, entrypoint: 'a/x' }));
    expect(valueOf(await counted.evaluate({ files, entrypoint: 'a/x' }))).not.toBe(first);
    for (let n = 0; n < 2; n++) await counted.evaluate({ files, entrypoint: 'a/x', instant: 5 });
    expect(runs().filter((run) => run === 'eval')).toHaveLength(3);
  });

  it('and shared by equal calls at the same time', async () => {
    const { program, runs } = countingOpa();
    const counted = aToolchain({ program });
    const order = { files: [MODULE], entrypoints: ['a/x'] };
    const bundles = await Promise.all([1, 2, 3, 4].map(() => counted.build(order)));
    expect(new Set(bundles.map((bundle) => valueOf(bundle).digest)).size).toBe(1);
    expect(runs()).toEqual(['version', 'check', 'build']);
  });

  it('within bounds', async () => {
    const { program, runs } = countingOpa();
    const small = aToolchain({ program, cacheBytes: 20_000 });
    const files = (n: number): RegoSource[] => [
      source('a.rego', `package a\n\n# ${'x'.repeat(1_500)}\nx := ${n}\n`),
    ];
    for (let n = 0; n < 20; n++) await small.format(files(n));
    await small.format(files(19));
    expect(runs().filter((run) => run === 'fmt')).toHaveLength(20);
    await small.format(files(0));
    expect(runs().filter((run) => run === 'fmt')).toHaveLength(21);
  });

  it('on disk for bundles, where every digest is checked again', async () => {
    const { program, runs } = countingOpa();
    const cacheFolder = join(folder, 'cache');
    const order = { files: [MODULE, source('data.json', '{"k": 1}')], entrypoints: ['a/x'] };
    const built = valueOf(await aToolchain({ program, cacheFolder }).build(order));
    const again = valueOf(await aToolchain({ program, cacheFolder }).build(order));
    expect(again).toEqual(built);
    expect(runs().filter((run) => run === 'build')).toHaveLength(1);

    const wasm = readdirSync(cacheFolder).find((name) => name.endsWith('.wasm'))!;
    const bytes = readFileSync(join(cacheFolder, wasm));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(join(cacheFolder, wasm), bytes);
    expect(valueOf(await aToolchain({ program, cacheFolder }).build(order)).digest).toBe(built.digest);
    expect(runs().filter((run) => run === 'build')).toHaveLength(2);

    // Another bundle under this one's name is whole, and still not what was asked for.
    const other = { ...order, files: [source('a.rego', 'package a\n\nx := 7\n'), order.files[1]!] };
    await aToolchain({ program, cacheFolder }).build(other);
    const key = wasm.replace('.wasm', '');
    const stranger = readdirSync(cacheFolder).find(
      (name) => name.endsWith('.json') && !name.startsWith(key),
    )!;
    for (const kind of ['json', 'wasm'])
      cpSync(join(cacheFolder, stranger.replace('json', kind)), join(cacheFolder, `${key}.${kind}`));
    expect(valueOf(await aToolchain({ program, cacheFolder }).build(order)).digest).toBe(built.digest);
  });

  it('nowhere, when the folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    const order = { files: [MODULE], entrypoints: ['a/x'] };
    expect((await aToolchain({ cacheFolder: join(folder, 'file', 'cache') }).build(order)).ok).toBe(true);
  });
});

describe('a bundle is named by its sources alone', () => {
  const SOURCES = Array.from({ length: 5 }, (_, n) =>
    source(
      `lib/m${n}.rego`,
      `package m${n}\n\nx := sort([${n}, input["é"]])\n\ny contains k if some k in object.keys(data.k)\n`,
    ),
  );
  const ORDER = {
    files: [...SOURCES, source('data.json', '{"k": {"a": 1}}')],
    entrypoints: SOURCES.flatMap((_, n) => [`m${n}/x`, `m${n}/y`]),
  };

  it('twice, in another folder and order', async () => {
    const first = valueOf(await aToolchain({ cacheBytes: 0 }).build(ORDER));
    const copy = join(folder, 'elsewhere');
    mkdirSync(copy);
    for (const name of ['capabilities.json', 'toolchain.json'])
      cpSync(join(regoFolder, name), join(copy, name));
    const shuffled = { files: ORDER.files.toReversed(), entrypoints: ORDER.entrypoints.toReversed() };
    const second = valueOf(await aToolchain({ cacheBytes: 0, regoFolder: copy }).build(shuffled));
    expect(second.listing).toBe(first.listing);
    expect(second.digest).toBe(first.digest);
  });

  it('in another process, as another user, with another locale, zone, home and temporary folder', async () => {
    const { digest } = valueOf(await aToolchain({ cacheBytes: 0 }).build(ORDER));
    const compiled = pathToFileURL(join(regoFolder, '../dist/src/rego/opa/opa.io.js')).href;
    const script = `
      import { OpaToolchain } from ${JSON.stringify(compiled)};
      const toolchain = new OpaToolchain(${JSON.stringify({ program: opaProgram(), regoFolder })});
      const built = await toolchain.build(${JSON.stringify(ORDER)});
      process.stdout.write(built.value?.digest ?? JSON.stringify(built.problem));`;
    const temporary = mkdtempSync(join(tmpdir(), 'x '));
    chmodSync(temporary, 0o777);
    const isRoot = process.getuid?.() === 0;
    try {
      const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', HOME: temporary, TMPDIR: temporary, GOMAXPROCS: '1' },
        // Whoever is not root cannot become somebody else.
        ...(isRoot && canBeRunByAnyone(opaProgram()) && { uid: 65_534, gid: 65_534 }),
      }).toString();
      expect(printed).toBe(digest);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });
});

/** A program below root's home is closed to everybody else. */
function canBeRunByAnyone(program: string): boolean {
  try {
    execFileSync(program, ['version'], { uid: 65_534, gid: 65_534, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
