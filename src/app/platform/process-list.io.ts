import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Linux. Elsewhere `ps` answers, more slowly. */
export const HAS_PROC = existsSync('/proc/self/stat');

/** A zombie is not alive, although `kill(pid, 0)` says so: it holds nothing any more. */
export function isAlive(pid: number): boolean {
  return commandOf(pid) !== undefined;
}

/** The command line of a living process, its words joined by a space; undefined when gone or a zombie. */
export function commandOf(pid: number): string | undefined {
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
