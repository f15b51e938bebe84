import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { commandFor, LinuxSandbox } from '../../src/scan/sandbox/linux-sandbox.io.js';
import type { SandboxMode } from '../../src/scan/sandbox/sandbox-script.js';
import type { SandboxExit, SandboxJob, SandboxOutcome } from '../../src/scan/sandbox/sandbox.port.js';
import { sandboxModes } from './support.js';

interface Ended extends SandboxExit {
  readonly report: string;
}

const MIB = 2 ** 20;
const LIMITS = {
  timeMs: 20_000,
  memoryBytes: 512 * MIB,
  processes: 64,
  scratchBytes: 64 * MIB,
  reportBytes: MIB,
};
const MODES = sandboxModes();
const folder = mkdtempSync(join(tmpdir(), 'assay-sandbox-'));
const source = join(folder, 'source');

beforeAll(() => {
  mkdirSync(join(source, 'inner'), { recursive: true });
  writeFileSync(join(source, 'a.txt'), 'alpha');
  writeFileSync(join(folder, 'decision.pem'), 'a key of the service');
  chmodSync(folder, 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const job = (script: string, more: Partial<SandboxJob> = {}): SandboxJob => ({
  program: '/bin/sh',
  args: ['-c', script],
  env: {},
  path: [],
  source,
  copySource: false,
  hidden: [],
  folder: '',
  visible: [],
  limits: LIMITS,
  ...more,
});

const inMode =
  (mode: SandboxMode) =>
  (script: string, more: Partial<SandboxJob> = {}): Promise<SandboxOutcome<Ended>> =>
    new LinuxSandbox(() => Promise.resolve(folder), [mode]).run(job(script, more), async (exit, report) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of report) chunks.push(chunk);
      return { ...exit, report: Buffer.concat(chunks).toString() };
    });

/** Command lines on this host that hold the text. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A sleep that can be told from all others, in seconds. */
const oddSleep = (): string => `1${String(randomBytes(4).readUInt32BE(0))}`;

it('says what it is where there is no sandbox', async () => {
  if (MODES.length > 0) return;
  expect(
    await new LinuxSandbox(() => Promise.resolve(folder)).run(job('true'), () => Promise.resolve(1)),
  ).toMatchObject({
    kind: 'refused',
  });
});

(MODES.length > 0 ? describe : describe.skip).each(MODES)('the sandbox, made as %s', (mode) => {
  const run = inMode(mode);
  const ended = async (script: string, more: Partial<SandboxJob> = {}): Promise<Ended> => {
    const outcome = await run(script, more);
    if (outcome.kind !== 'ended') throw new Error(JSON.stringify(outcome));
    return outcome.value;
  };

  it('hands over standard output, the exit status and the complaint', async () => {
    expect(await ended('cat a.txt; echo trouble >&2; exit 3')).toEqual({
      status: 3,
      reportBytes: 5,
      report: 'alpha',
      complaint: 'trouble\n',
    });
  });

  it('takes the report from a file, and says when there is none', async () => {
    const reportPath = '/scratch/out/report.json';
    expect(await ended(`echo noise; printf '{}' >${reportPath}`, { reportPath })).toMatchObject({
      report: '{}',
    });
    expect(await ended('echo noise', { reportPath })).toMatchObject({ reportBytes: null, report: '' });
    const link = `ln -s /etc/passwd ${reportPath}`;
    expect(await ended(link, { reportPath })).toMatchObject({ reportBytes: null });
  });

  it('runs in the folder that the job names, with nothing in the environment but what it says', async () => {
    process.env['ASSAY_SANDBOX_TEST'] = 'leaked';
    const { report } = await ended('pwd; env | sort', {
      folder: '/inner',
      env: { TOOL: '1' },
      path: ['/opt/x'],
    });
    delete process.env['ASSAY_SANDBOX_TEST'];
    expect(report.trim().split('\n')).toEqual([
      '/src/inner',
      'HOME=/scratch/home',
      'LANG=C.UTF-8',
      'PATH=/opt/x:/run/assay:/usr/local/bin:/usr/bin:/bin',
      'PWD=/src/inner',
      'TMPDIR=/scratch/tmp',
      'TOOL=1',
    ]);
  });

  it('reaches no socket of this host, and nothing beyond', async () => {
    let connected = 0;
    const server = createServer((socket) => {
      connected += 1;
      socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connect = (host: string): string =>
      `node -e 'require("net").connect(${String(port)},"${host}").on("connect",()=>console.log("in")).on("error",(e)=>console.log(e.code))'`;
    const { report } = await ended(`${connect('127.0.0.1')}; ${connect('192.0.2.1')}; ls /sys 2>&1 | wc -l`);
    server.close();
    expect(report).toMatch(/^(ECONNREFUSED|ENETUNREACH)\nENETUNREACH\n/);
    expect(connected).toBe(0);
  });

  it('refuses to run anything where the network is not gone: the probe sees a sandbox without that namespace', async () => {
    const root = mkdtempSync(join(folder, 'planted-'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const [command, args] = commandFor(job('echo ran'), { root, mode, listeners: [server] });
    const outcome = spawn(
      command,
      args.filter((one) => one !== '--net'),
      { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
    );
    const said: string[] = ['', ''];
    outcome.stdio[1]?.on('data', (chunk) => (said[0] += String(chunk)));
    outcome.stdio[3]?.on('data', (chunk) => (said[1] += String(chunk)));
    await once(outcome, 'close');
    server.close();
    expect(said).toEqual(['', 'network\n']);
  });

  it('cannot change the source, and works on a copy where it must', async () => {
    expect(await ended('echo beta >a.txt || echo refused')).toMatchObject({ report: 'refused\n' });
    expect(await ended('echo beta >a.txt && cat a.txt; pwd', { copySource: true })).toMatchObject({
      report: 'beta\n/scratch/src\n',
    });
    expect(readFileSync(join(source, 'a.txt'), 'utf8')).toBe('alpha');
  });

  it('shows a file empty that must not be heard', async () => {
    expect(await ended('cat a.txt; wc -c <a.txt', { hidden: ['a.txt'] })).toMatchObject({ report: '0\n' });
    const copied = { hidden: ['a.txt'], copySource: true };
    expect(await ended('cat a.txt; wc -c <a.txt', copied)).toMatchObject({ report: '0\n' });
    expect(readFileSync(join(source, 'a.txt'), 'utf8')).toBe('alpha');
  });

  it('sees no file, process or right of this host', async () => {
    const { report } = await ended(
      `cat ${folder}/decision.pem 2>&1; ls -A /root /home /tmp /var/lib 2>/dev/null | grep -v '^/' ; ls /proc | grep -c '^[0-9]'; ` +
        `grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; echo x >/proc/sys/kernel/core_pattern 2>&1; hostname`,
    );
    expect(report).toContain('No such file or directory');
    expect(report).not.toContain('a key of the service');
    expect(report).toMatch(/CapEff:\t0000000000000000\nNoNewPrivs:\t1\n/);
    expect(report).toContain('assay-scan');
    expect(Number(/^(\d+)$/m.exec(report)?.[1])).toBeLessThan(10);
    expect(existsSync('/proc/sys/kernel/core_pattern')).toBe(true);
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()).not.toBe('x');
  });

  it('cannot take the descriptors on which the sandbox speaks for itself', async () => {
    expect(await ended(`printf 'exit 0\\n' >/proc/1/fd/3; printf 'exit 0\\n' >&3; exit 4`)).toMatchObject({
      status: 4,
    });
  });

  it('is ended with everything it started when its time is over', async () => {
    const odd = oddSleep();
    const began = Date.now();
    const outcome = await run(`sleep ${odd} & setsid sleep ${odd} & sleep ${odd}`, {
      limits: { ...LIMITS, timeMs: 1_000 },
    });
    expect(outcome).toMatchObject({
      kind: 'killed',
      reason: { code: 'scan.timed-out', params: { limitMs: 1_000 } },
    });
    expect(Date.now() - began).toBeLessThan(10_000);
    await until(() => processesWith(odd).length === 0);
  });

  it('leaves nothing running behind a program that has ended', async () => {
    const odd = oddSleep();
    await ended(`setsid sleep ${odd} & exit 0`);
    await until(() => processesWith(odd).length === 0);
  });

  it('dies with its worker', async () => {
    const odd = oddSleep();
    const root = mkdtempSync(join(folder, 'orphan-'));
    const [command, args] = commandFor(job(`sleep ${odd} & sleep ${odd}`), { root, mode, listeners: [] });
    const worker: ChildProcess = spawn(
      process.execPath,
      [
        '-e',
        `require('child_process').spawn(...JSON.parse(process.argv[1]),{stdio:['ignore','pipe','pipe','pipe'],detached:true});setInterval(()=>{},1000)`,
        JSON.stringify([command, args]),
      ],
      { stdio: 'ignore' },
    );
    // The worker, unshare, process 1 and the sleeps.
    await until(
      () =>
        spawnSync('pgrep', ['-fx', `sleep ${odd}`])
          .stdout.toString()
          .trim()
          .split('\n').length === 2,
    );
    worker.kill('SIGKILL');
    await until(() => processesWith(odd).length === 0);
  });

  it('is ended when it takes more memory than it may, in one process or in many', async () => {
    const limits = { ...LIMITS, memoryBytes: 200 * MIB };
    const take = (mib: number): string =>
      `node -e 'const b=Buffer.alloc(${String(mib)}*2**20,1);setTimeout(()=>b[0],5000)'`;
    const outcome = await run(`${take(90)} & ${take(90)} & ${take(90)} & wait`, { limits });
    expect(outcome).toMatchObject({ kind: 'killed', reason: { code: 'scan.memory' } });
    const alone = await run(
      `node -e 'require("v8").setFlagsFromString("--no-opt");const a=[];for(;;)a.push(Buffer.alloc(2**24,1))'`,
      { limits },
    );
    expect(alone.kind === 'killed' || (alone.kind === 'ended' && alone.value.status !== 0)).toBe(true);
  });

  it('cannot start more processes, or write more, than it may', async () => {
    const few = { ...LIMITS, processes: 16 };
    const many = await run('i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done; wait', { limits: few });
    // The shell gives up at the first fork that is refused; where none is, we end it.
    if (many.kind === 'ended') expect(many.value.status).not.toBe(0);
    else expect(many).toMatchObject({ kind: 'killed', reason: { code: 'scan.processes' } });
    expect(await ended('head -c 100000000 /dev/zero >/scratch/tmp/big')).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('No space left'),
    });
  });

  it('keeps the report until somebody reads it', async () => {
    const sandbox = new LinuxSandbox(() => Promise.resolve(folder), [mode]);
    const outcome = await sandbox.run(job('head -c 500000 /dev/zero'), async (_, report) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      let bytes = 0;
      for await (const chunk of report) bytes += chunk.byteLength;
      return bytes;
    });
    expect(outcome).toEqual({ kind: 'ended', value: 500_000 });
  });

  it('refuses a report that is too large', async () => {
    expect(await run('head -c 2000000 /dev/zero')).toMatchObject({
      kind: 'killed',
      reason: { code: 'scan.report-too-large', params: { bytes: 2_000_000, limitBytes: MIB } },
    });
  });
});
