import { spawn, type ChildProcess } from 'node:child_process';
import { lstatSync, mkdtempSync, readlinkSync, realpathSync, rmdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import type { Reason } from '../../formats/model/evidence-state.js';
import { useOfTree } from './process-tree.io.js';
import { sandboxCommand, sandboxScript, type SandboxMode, type ScriptSettings } from './sandbox-script.js';
import type { Sandbox, SandboxExit, SandboxJob, SandboxOutcome } from './sandbox.port.js';

/** Folders of a Linux system with programs and what they load. Configuration is not among them. */
const SYSTEM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const COMPLAINT_BYTES = 8 * 1024;
/** Mounts, node's start and the probe; more means that something hangs. */
const PREPARE_MS = 60_000;
const LOOK_MS = 200;
/** `unshare` and the script. */
const OWN_PROCESSES = 2;

/**
 * Scanners in namespaces of their own: users (unless we are root), processes, mounts, network, IPC and host name. Needs
 * Linux and util-linux. Where the kernel or the host forbids it the answer is `refused`, and nothing is run.
 */
export class LinuxSandbox implements Sandbox {
  /** `folder` answers where we may make empty mount points. `modes` are tried in turn, until one may be used. */
  constructor(
    private readonly folder: () => Promise<string>,
    private readonly modes: readonly SandboxMode[] = process.getuid?.() === 0 ? ['root', 'user'] : ['user'],
  ) {}

  async run<T>(
    job: SandboxJob,
    take: (exit: SandboxExit, report: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<SandboxOutcome<T>> {
    if (process.platform !== 'linux')
      return refused('scan.sandbox-unsupported', { platform: process.platform });
    const root = mkdtempSync(join(await this.folder(), 'root-'));
    const listeners = await listenOutside();
    try {
      let last: SandboxOutcome<T> = refused('scan.sandbox-refused', { detail: '' });
      for (const mode of this.modes) {
        const running = new RunningSandbox(job, commandFor(job, { root, mode, listeners }));
        last = await running.take(take);
        // Root of a container often may not mount, and may still make a namespace of users.
        if (last.kind !== 'refused' || last.reason.code !== 'scan.sandbox-refused') return last;
      }
      return last;
    } finally {
      for (const server of listeners) server.close();
      rmdirSync(root); // not recursive: what was mounted here was so in another namespace
    }
  }
}

const refused = (code: string, params: Reason['params']): { kind: 'refused'; reason: Reason } => ({
  kind: 'refused',
  reason: { code, params },
});

const killed = (reason: Reason): { kind: 'killed'; reason: Reason } => ({ kind: 'killed', reason });

export interface Place {
  readonly root: string;
  readonly mode: SandboxMode;
  readonly listeners: readonly Server[];
}

/** What is spawned for a job. */
export function commandFor(
  job: SandboxJob,
  { root, mode, listeners }: Place,
): readonly [string, readonly string[]] {
  const settings: ScriptSettings = {
    mode,
    root,
    system: SYSTEM_FOLDERS.flatMap(systemFolder),
    node: realpathSync(process.execPath),
    listening: listeners.map(addressOf),
  };
  return sandboxCommand(mode, sandboxScript(job, settings));
}

function systemFolder(path: string): ScriptSettings['system'] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  return found.isSymbolicLink() ? [{ path, linkTo: readlinkSync(path) }] : [{ path }];
}

/** What the sandbox must not reach: on loopback, and on the address that the network knows us by. */
async function listenOutside(): Promise<Server[]> {
  const outward = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find((one) => !one.internal && one.family === 'IPv4');
  const hosts = ['127.0.0.1', ...(outward ? [outward.address] : [])];
  return Promise.all(
    hosts.map(
      (host) =>
        new Promise<Server>((resolve, reject) => {
          const server = createServer((socket) => socket.destroy());
          server.once('error', reject);
          server.listen(0, host, () => {
            server.unref();
            resolve(server);
          });
        }),
    ),
  );
}

function addressOf(server: Server): string {
  const at = server.address();
  return at !== null && typeof at === 'object' ? `${at.address}:${String(at.port)}` : '';
}

/** One start of the script, from its first line on descriptor 3 to its end. */
class RunningSandbox {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  /** Node throws away what nobody has begun to read when a child ends. */
  private readonly output = new PassThrough();
  private complaint = Buffer.alloc(0);
  private killedFor: Reason | undefined;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly job: SandboxJob,
    [command, args]: readonly [string, readonly string[]],
  ) {
    // A group of its own, so that all of it is killed at once; nothing of our environment goes in.
    this.child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    this.child.stdout?.pipe(this.output);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.complaint = Buffer.from(error.message);
        resolve();
      });
      this.child.once('close', () => {
        resolve();
      });
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.complaint = Buffer.concat([this.complaint, chunk]).subarray(-COMPLAINT_BYTES);
    });
  }

  async take<T>(
    take: (exit: SandboxExit, report: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<SandboxOutcome<T>> {
    const { limits } = this.job;
    const lines = this.lines();
    try {
      this.killAfter(PREPARE_MS, 'scan.sandbox-slow', { limitMs: PREPARE_MS });
      const first = await next(lines);
      if (first !== 'ready') return await this.notReady(first);
      this.clearTimers();
      this.killAfter(limits.timeMs, 'scan.timed-out', { limitMs: limits.timeMs });
      this.watch(limits);
      const complaint = /^complaint ([A-Za-z0-9+/=]*)$/.exec((await next(lines)) ?? '')?.[1];
      const exit = /^exit (\d+)$/.exec((await next(lines)) ?? '')?.[1];
      const report = /^report (none|\d+)$/.exec((await next(lines)) ?? '')?.[1];
      this.clearTimers();
      if (complaint === undefined || exit === undefined || report === undefined) return await this.cutShort();
      const reportBytes = report === 'none' ? null : Number(report);
      if (reportBytes !== null && reportBytes > limits.reportBytes)
        return killed({
          code: 'scan.report-too-large',
          params: { bytes: reportBytes, limitBytes: limits.reportBytes },
        });
      const wrote = Buffer.from(complaint, 'base64').toString('utf8');
      const value = await take(
        { status: Number(exit), reportBytes, complaint: wrote },
        this.report(reportBytes),
      );
      return { kind: 'ended', value };
    } finally {
      this.clearTimers();
      this.kill();
      await this.gone();
    }
  }

  private lines(): AsyncIterator<string> {
    const control = this.child.stdio[3] as Readable | undefined;
    if (!control) return [][Symbol.iterator]() as unknown as AsyncIterator<string>;
    control.on('error', () => undefined);
    return createInterface({ input: control })[Symbol.asyncIterator]();
  }

  /** Exactly the bytes that were announced: fewer mean that it was ended while we read. */
  private async *report(announced: number | null): AsyncGenerator<Uint8Array> {
    let seen = 0;
    for await (const chunk of this.output as AsyncIterable<Buffer>) {
      seen += chunk.byteLength;
      yield chunk;
    }
    if (seen !== (announced ?? 0))
      throw new Error(`a report of ${String(announced)} bytes ended after ${String(seen)}`);
  }

  private async notReady(said: string | undefined): Promise<SandboxOutcome<never>> {
    this.kill();
    await this.gone();
    const detail = this.complaint.toString('utf8').trim().split('\n').slice(-3).join('; ').slice(0, 300);
    if (said === 'network') return refused('scan.sandbox-network', { detail });
    if (said === 'writable') return refused('scan.sandbox-writable', {});
    return this.killedFor
      ? { kind: 'refused', reason: this.killedFor }
      : refused('scan.sandbox-refused', { detail });
  }

  /**
   * When all of it has ended and its pipes are closed. A report that nobody reads any more must not keep its pipe
   * full: the end of a full pipe is never told.
   */
  private gone(): Promise<void> {
    this.child.stdout?.unpipe(this.output);
    this.child.stdout?.resume();
    return this.ended;
  }

  private async cutShort(): Promise<SandboxOutcome<never>> {
    await this.gone();
    return killed(this.killedFor ?? { code: 'scan.killed', params: {} });
  }

  private killAfter(ms: number, code: string, params: Reason['params']): void {
    this.timers.push(
      setTimeout(() => {
        this.killFor({ code, params });
      }, ms),
    );
  }

  private watch({ memoryBytes, processes }: SandboxJob['limits']): void {
    const look = (): void => {
      const used = useOfTree(this.child.pid ?? 0);
      if (used.memoryBytes > memoryBytes)
        this.killFor({ code: 'scan.memory', params: { limitBytes: memoryBytes } });
      // The kernel's own limit does not hold for the machine's root, nor per scan.
      if (used.processes > processes + OWN_PROCESSES)
        this.killFor({ code: 'scan.processes', params: { limit: processes } });
    };
    this.timers.push(setInterval(look, LOOK_MS));
  }

  private clearTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }

  private killFor(reason: Reason): void {
    this.killedFor ??= reason;
    this.kill();
  }

  /** `unshare` dies, process 1 inside dies with it, and the kernel ends everything else in there. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }
}

async function next(lines: AsyncIterator<string>): Promise<string | undefined> {
  const line = await lines.next();
  return line.done === true ? undefined : line.value;
}
