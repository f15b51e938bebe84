import { execFile, spawn } from 'node:child_process';
import { chmod, copyFile, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Running } from './torchwood.js';

const run = promisify(execFile);
const WITNESS = 'github.com/transparency-dev/witness@v0.0.0-20260720115447-2e1c6971d19e';
const MERKLE = 'github.com/transparency-dev/merkle@v0.0.2';
/**
 * The witness wants a version of merkle that the module proxy does not serve, for one function of `sign-subtree`,
 * which is not asked for here. All that add-checkpoint runs is theirs, unchanged.
 */
const UNUSED = `package proof

import "github.com/transparency-dev/merkle"

func VerifySubtreeConsistency(merkle.LogHasher, uint64, uint64, uint64, [][]byte, []byte, []byte) error {
	panic("sign-subtree is not part of this test")
}
`;

interface Built {
  readonly start: (name: string, logVkey: string) => Promise<Running>;
}

/** The second kind of witness; not a release as it stands, hence in long mode only. Its folder goes with the process. */
export async function buildTransparencyDev(): Promise<Built | { readonly missing: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-transparency-dev-'));
  afterAll(() => removeModules(folder));
  try {
    const program = await build(folder);
    return { start: (name, logVkey) => start(program, name, logVkey) };
  } catch (error) {
    return { missing: String(error).slice(0, 200) };
  }
}

async function build(folder: string): Promise<string> {
  const go = (...args: string[]) => run('go', args, { cwd: folder, timeout: 240_000 });
  await copyFile(join(import.meta.dirname, 'witness/main.go'), join(folder, 'main.go'));
  await writeFile(join(folder, 'go.mod'), 'module assay.invalid/witness\n\ngo 1.26\n');
  const { stdout } = await go('mod', 'download', '-json', MERKLE);
  const merkle = join(folder, 'merkle');
  await cp((JSON.parse(stdout) as { Dir: string }).Dir, merkle, { recursive: true });
  await chmod(join(merkle, 'proof'), 0o755);
  await writeFile(join(merkle, 'proof/unused.go'), UNUSED);
  await go('mod', 'edit', '-replace', `github.com/transparency-dev/merkle=${merkle}`);
  await go('get', WITNESS);
  await go('mod', 'tidy');
  await go('build', '-o', 'witness', '.');
  return join(folder, 'witness');
}

function start(program: string, name: string, logVkey: string): Promise<Running> {
  const child = spawn(program, ['-name', name, '-log', logVkey], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`${name} ended`));
    });
    child.stdout.once('data', (line: Buffer) => {
      resolve({ ...(JSON.parse(line.toString()) as { url: string; vkey: string }), stop });
    });
  });
}

async function removeModules(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755); // modules are read-only
  await rm(folder, { recursive: true, force: true });
}
