import { spawn, type ChildProcess } from 'node:child_process';
import { residentBytes } from './resident-size.io.js';

/** One run of a tool. */
export interface ToolRun {
  readonly file: string;
  readonly args: readonly string[];
  /** Private to the run: also serves as its home directory. */
  readonly folder: string;
  readonly stdin?: string;
  readonly limits: ToolLimits;
}

export interface ToolLimits {
  readonly timeMs: number;
  readonly outputBytes: number;
  readonly memoryBytes: number;
}

export type ToolOutcome =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program, or it may not be run. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly limit: Limit };
type Limit = 'time' | 'output' | 'memory';

/** Most runs are over before the first look. */
const WATCH_EVERY_MS = 50;

/**
 * Runs a program without a shell and with a fixed environment: every flag of `opa` can also be set by a variable
 * (`OPA_BUILD_TARGET`, …), and the answer must not depend on ours. Killed, with whatever it started, when it
 * takes too long, says too much or grows too large: Go reserves address space far beyond what it uses, so a
 * limit on that (`ulimit -v`) would refuse honest work; its collector is told to stay below, and it is watched.
 * Throws when it ends by a signal we did not send.
 */
export function runTool(run: ToolRun): Promise<ToolOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.file, run.args, {
      cwd: run.folder,
      env: {
        HOME: run.folder,
        LC_ALL: 'C',
        TZ: 'UTC',
        // Regal asks a server whether there is a newer Regal, unless told not to.
        REGAL_DISABLE_VERSION_CHECK: 'true',
        // A third less time for a tenth more memory: most runs end before their garbage matters.
        GOGC: '400',
        GOMEMLIMIT: String(Math.floor(run.limits.memoryBytes * 0.8)),
      },
      stdio: 'pipe',
      shell: false,
      // A process group of its own, so that all of it can be ended.
      detached: process.platform !== 'win32',
    });
    let stopped: Limit | undefined;
    const stop = (limit: Limit): void => {
      stopped ??= limit;
      killGroup(child);
    };
    const timer = setTimeout(stop, run.limits.timeMs, 'time');
    const watch = watchMemory(child, run.limits.memoryBytes, () => {
      stop('memory');
    });
    const output = collect(child, run.limits.outputBytes, () => {
      stop('output');
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      clearInterval(watch);
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ kind: 'absent' });
      else reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      if (stopped) resolve({ kind: 'stopped', limit: stopped });
      else if (code === null) reject(new Error(`${run.file} was ended by ${signal ?? 'nobody'}`));
      else resolve({ kind: 'exited', code, ...output() });
    });
    child.stdin.on('error', () => undefined); // it may end without reading its input: its exit code says more
    child.stdin.end(run.stdin ?? '');
  });
}

function collect(
  child: ReturnType<typeof spawn>,
  limitBytes: number,
  tooMuch: () => void,
): () => { stdout: string; stderr: string } {
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let sizeBytes = 0;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) tooMuch();
      else chunks[stream].push(chunk);
    });
  }
  return () => ({
    stdout: Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: Buffer.concat(chunks.stderr).toString('utf8'),
  });
}

function watchMemory(child: ChildProcess, limitBytes: number, tooLarge: () => void): NodeJS.Timeout {
  const { pid } = child;
  return setInterval(() => {
    if (pid === undefined) return;
    void residentBytes(pid).then((bytes) => {
      if (bytes !== undefined && bytes > limitBytes && child.exitCode === null) tooLarge();
    });
  }, WATCH_EVERY_MS);
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it has ended meanwhile, or never led a group
  }
}
