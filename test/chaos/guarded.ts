import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

let watching: ChildProcess | undefined;

export interface Guarded {
  /** The data folder of the installation. */
  readonly data: string;
  /** What is removed in the end. */
  readonly remove: string;
  /** A volume that is unmounted first. */
  readonly mounted?: string;
}

/**
 * From now on whatever we start ends with us, also when we are killed. Called once, before anything is started. Ends
 * this process when whoever started it is gone.
 */
export function guard(what: Guarded): void {
  watching = spawn(process.execPath, [join(import.meta.dirname, 'guard.js')], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // not reached by a signal to our group
  });
  watching.unref();
  watching.stdin?.on('error', () => undefined); // without it we go on
  for (const [word, path] of Object.entries(what)) tell(`${word} ${String(path)}`);
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
  watching?.stdin?.write(`${line}\n`);
}
