import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScannerAdapter } from '../adapter.js';
import { INSTALLED_FILE, type LocalScanners } from './installed.io.js';
import { type InstallRecipe } from './recipe.js';

/** An installation that takes longer hangs: the slowest seen took eight minutes on two busy cores. */
const INSTALL_MS = 30 * 60_000;
const COMPLAINT_LENGTH = 2_000;

export class InstallFailed extends Error {}

/**
 * Installs a scanner in its pinned version into its own folder, from the registry of its language and nowhere else.
 * Scripts of packages run only where a recipe names them. Answers the version that was installed. Throws
 * `InstallFailed`; what was half done is not taken for an installation.
 */
export async function installScanner(adapter: ScannerAdapter, scanners: LocalScanners): Promise<string> {
  const { install, name } = adapter;
  if (install.from === 'system') throw new InstallFailed(`${name} is in no registry: ${install.hint}`);
  const folder = scanners.folderOf(adapter);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Scanners run as nobody; what is above may still be closed to others.
  await chmod(folder, 0o755);
  for (const [file, text] of Object.entries(install.files ?? {})) await writeFile(join(folder, file), text);
  const version = await VERSIONS[install.from](install as never, folder);
  await writeFile(join(folder, INSTALLED_FILE), JSON.stringify({ name, version, recipe: install }, null, 2));
  return version;
}

type Recipe<From> = Extract<InstallRecipe, { from: From }>;

const VERSIONS = { npm: fromNpm, pypi: fromPypi, go: fromGo };

async function fromNpm({ packages, main, scripts = [] }: Recipe<'npm'>, folder: string): Promise<string> {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  await run(
    'npm',
    ['install', '--ignore-scripts', '--omit=optional', '--save-exact', ...quiet, ...packages],
    folder,
  );
  for (const one of scripts) {
    // Its optional dependencies are programs for each platform.
    await run('npm', ['install', '--ignore-scripts', '--include=optional', ...quiet], folder);
    await run('npm', ['rebuild', one, '--ignore-scripts=false', ...quiet], folder);
  }
  const own = await readFile(join(folder, 'node_modules', main, 'package.json'), 'utf8');
  return (JSON.parse(own) as { version: string }).version;
}

async function fromPypi({ packages, main }: Recipe<'pypi'>, folder: string): Promise<string> {
  await run('python3', ['-m', 'venv', 'venv'], folder);
  await run(
    join(folder, 'venv/bin/pip'),
    ['install', '--quiet', '--disable-pip-version-check', ...packages],
    folder,
  );
  const found = await run(
    join(folder, 'venv/bin/python'),
    ['-c', `import importlib.metadata as m; print(m.version(${JSON.stringify(main)}))`],
    folder,
  );
  return found.trim();
}

/** The checksum database vouches for the module; the binary says which one it was made of. */
async function fromGo({ module, program }: Recipe<'go'>, folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await run('go', ['install', module], folder, { GOBIN: bin, GOFLAGS: '-buildvcs=false' });
  const about = await run('go', ['version', '-m', join(folder, program)], folder);
  const version = /^\s+mod\s+\S+\s+v(\S+)/m.exec(about)?.[1];
  if (version === undefined) throw new InstallFailed(`${program} does not say of which module it is`);
  const others = (await readdir(bin)).filter((name) => !program.endsWith(`/${name}`));
  for (const name of others) await rm(join(bin, name));
  return version;
}

/** Answers standard output. Its environment is ours: registries and proxies are configured there. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-COMPLAINT_LENGTH);
    });
    child.once('error', (error) => {
      reject(new InstallFailed(`${program}: ${error.message}`));
    });
    child.once('close', (status) => {
      if (status === 0) resolve(output);
      else
        reject(
          new InstallFailed(
            `${[program, ...args].join(' ')} ended with ${String(status)}: ${complaint.trim()}`,
          ),
        );
    });
  });
}
