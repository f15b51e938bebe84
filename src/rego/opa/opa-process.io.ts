import { spawn } from 'node:child_process';

/** One run of a tool. */
export interface ToolRun {
  readonly file: string;
  readonly args: readonly string[];
  /** Private to the run: also serves as its home directory. */
  readonly folder: string;
  readonly stdin?: string;
  readonly timeLimitMs: number;
  readonly outputLimitBytes: number;
}

export type ToolOutcome =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program, or it may not be run. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly limit: 'time' | 'output' };

/**
 * Runs a program without a shell and with a fixed environment: every flag of `opa` can also be set by a variable
 * (`OPA_BUILD_TARGET`, …), and the answer must not depend on ours. Killed when it takes too long or says too much.
 * Throws when it ends by a signal we did not send.
 */
export function runTool(run: ToolRun): Promise<ToolOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.file, run.args, {
      cwd: run.folder,
      env: { HOME: run.folder, LC_ALL: 'C', TZ: 'UTC' },
      stdio: 'pipe',
      shell: false,
    });
    let stopped: 'time' | 'output' | undefined;
    const stop = (limit: 'time' | 'output'): void => {
      stopped ??= limit;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(stop, run.timeLimitMs, 'time');
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    let sizeBytes = 0;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > run.outputLimitBytes) stop('output');
        else output[stream].push(chunk);
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ kind: 'absent' });
      else reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (stopped) resolve({ kind: 'stopped', limit: stopped });
      else if (code === null) reject(new Error(`${run.file} was ended by ${signal ?? 'nobody'}`));
      else {
        const [stdout, stderr] = [output.stdout, output.stderr].map((chunks) =>
          Buffer.concat(chunks).toString('utf8'),
        );
        resolve({ kind: 'exited', code, stdout: stdout ?? '', stderr: stderr ?? '' });
      }
    });
    child.stdin.on('error', () => undefined); // it may end without reading its input: its exit code says more
    child.stdin.end(run.stdin ?? '');
  });
}
