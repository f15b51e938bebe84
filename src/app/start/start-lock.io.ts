import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../platform/process-list.io.js';

export interface StartLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** Its command line: a number alone may have been given to somebody else since. */
  readonly command: string;
}

/**
 * One start per data directory. Answers the lock, or the pid of the start that holds it. A lock whose holder is
 * gone (kill -9, power cut) is taken over.
 */
export function takeStartLock(dataDir: string): StartLock | { readonly heldBy: number } {
  mkdirSync(dataDir, { recursive: true });
  const lock = join(dataDir, 'start.lock');
  const mine = `${lock}.${String(process.pid)}`;
  const holder: Holder = { pid: process.pid, command: commandOf(process.pid) ?? '' };
  writeFileSync(mine, JSON.stringify(holder));
  try {
    while (!linked(mine, lock)) {
      const found = readHolder(lock);
      if (found !== undefined && commandOf(found.pid) === found.command) return { heldBy: found.pid };
      clear(lock, found, `${mine}.stale`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    release: () => {
      if (readHolder(lock)?.pid === process.pid) rmSync(lock, { force: true });
    },
  };
}

/** Linking is atomic and fails when the name is taken, and the file is whole from the first moment. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock away; when somebody else was quicker and it is a new one, puts it back. */
function clear(lock: string, stale: Holder | undefined, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch {
    return; // gone already
  }
  if (readHolder(aside)?.pid !== stale?.pid) linked(aside, lock);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
