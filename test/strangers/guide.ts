import { execFile } from 'node:child_process';
import type { Verdict } from './tools.js';

/** What the commands of VERIFY.md's first section print when all is well. */
const GOOD = ['Signature Verified Successfully', 'every file as signed', 'no file besides'];

/** The commands below the heading that begins with `number`; undefined when it has none. */
export function commandsOf(guide: string, number: number): string | undefined {
  const [, section = ''] = guide.split(new RegExp(`^## ${number}\\. .*$`, 'm'));
  return /^```sh\n(.*?)^```$/ms.exec(section.split(/^## /m)[0] ?? '')?.[1];
}

/** Runs commands of VERIFY.md in the pack, as they stand. `programs` are folders that go before the PATH. */
export function runCommands(
  commands: string,
  folder: string,
  programs: readonly string[] = [],
): Promise<{ status: number; output: string }> {
  const path = [...programs, process.env['PATH'] ?? ''].join(':');
  const options = {
    cwd: folder,
    env: { ...process.env, PATH: path },
    timeout: 60_000,
    encoding: 'utf8',
  } as const;
  return new Promise((resolve) => {
    execFile('sh', ['-c', commands], options, (error, out, said) => {
      resolve({ status: error ? 1 : 0, output: out + said });
    });
  });
}

/** The manifest by the commands of VERIFY.md. */
export async function checkManifest(folder: string, guide: string): Promise<Verdict> {
  const commands = commandsOf(guide, 1);
  if (commands === undefined) throw new Error('VERIFY.md has no commands for the manifest');
  const { output } = await runCommands(commands, folder);
  const absent = GOOD.find((line) => !output.includes(line));
  return absent === undefined ? { checks: GOOD.length } : { checks: GOOD.length, refused: `no “${absent}”` };
}
