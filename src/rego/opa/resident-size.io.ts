import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** `/proc/<pid>/statm` counts pages; 4 KiB wherever OPA runs but on some ARM kernels, where this errs to the safe side by asking `ps`. */
const PAGE_BYTES = 4096;
const PLAIN_PAGES = new Set(['x64', 'ia32']);

/** Bytes of memory a process occupies now; undefined when it is gone or nobody can say. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform === 'linux' && PLAIN_PAGES.has(process.arch)) {
    const text = await readFile(`/proc/${String(pid)}/statm`, 'utf8').catch(() => '');
    const pages = Number(text.split(' ')[1]);
    return Number.isFinite(pages) && text !== '' ? pages * PAGE_BYTES : undefined;
  }
  return residentByPs(pid);
}

/** Any POSIX system: kibibytes. */
export function residentByPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 2_000 }, (error, stdout) => {
      const kibibytes = Number(stdout.trim());
      resolve(error || stdout.trim() === '' || !Number.isFinite(kibibytes) ? undefined : kibibytes * 1024);
    });
  });
}
