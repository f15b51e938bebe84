import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

let guard: ChildProcess | undefined;

/**
 * From now on whatever we start in `folder` ends with us, also when we are killed. Called once, before anything is
 * started. Ends this process when whoever started it is gone.
 */
export function guardFolder(folder: string): void {
  guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.js')], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // not reached by a signal to our group
  });
  guard.unref();
  guard.stdin?.on('error', () => undefined); // without it we go on
  tell(`folder ${folder}`);
  process.on('disconnect', () => process.exit(130));
}

/** A child that is to end with us. */
export function guardChild(pid: number | undefined): void {
  if (pid !== undefined) tell(`pid ${String(pid)}`);
}

/** The folder stays when we are gone. */
export function keepFolder(): void {
  tell('keep');
}

function tell(line: string): void {
  guard?.stdin?.write(`${line}\n`);
}
