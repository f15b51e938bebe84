import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

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

const HAS_PROC = existsSync('/proc/self/stat');

/** A zombie is not alive, although `kill(pid, 0)` says so: it holds nothing any more. */
export function isAlive(pid: number): boolean {
  return commandOf(pid) !== undefined;
}

/** Whether `pid` is alive and a server of this very folder, not someone else who got a reused number. */
export function serves(pid: number, dataFolder: string): boolean {
  const command = commandOf(pid);
  return command !== undefined && `${command} `.includes(` -D ${dataFolder} `);
}

/** The command line of a living process, its words joined by a space; undefined when gone or a zombie. */
function commandOf(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return HAS_PROC ? commandFromProc(pid) : commandFromPs(pid);
}

function commandFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0]; // the name before it may hold anything
    if (state === 'Z' || state === 'X') return undefined;
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .trimEnd();
  } catch {
    return undefined;
  }
}

function commandFromPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const [, state = '', command = ''] = /^\s*(\S+)\s+(.*?)\s*$/s.exec(stdout) ?? [];
  return status !== 0 || state === '' || /^[ZX]/.test(state) ? undefined : command;
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
