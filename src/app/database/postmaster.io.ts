import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, HAS_PROC, isAlive } from '../platform/process-list.io.js';

/** What a running PostgreSQL writes about itself into `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number; // line 1
  readonly port: number; // line 4
  readonly status: string; // line 8: starting, ready, standby, stopping; empty while it is being written
}

export function readPostmasterFile(dataFolder: string): PostmasterFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n').map((line) => line.trim());
  return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7] ?? '' };
}

/** Whether `pid` is alive and a server of this very folder, not someone else who got a reused number. */
export function serves(pid: number, dataFolder: string): boolean {
  const command = commandOf(pid);
  return command !== undefined && `${command} `.includes(` -D ${dataFolder} `);
}

/**
 * Processes that work in the folder: after its postmaster is killed, the other processes of a server live on for
 * a moment and still write. Without /proc none is found, and PostgreSQL itself refuses to start beside them.
 */
export function workersIn(dataFolder: string): number[] {
  if (!HAS_PROC) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${String(pid)}/cwd`) === dataFolder && isAlive(pid);
      } catch {
        return false;
      }
    });
}
