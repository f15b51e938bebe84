/**
 * Finds or obtains the official `opa` program at the version rego/toolchain.json pins. Plain Node without
 * dependencies: it runs before anything is built. Usage: node scripts/obtain-opa.mjs (prints the path)
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const RELEASES = 'https://github.com/open-policy-agent/opa/releases/download';
const MODULE = 'github.com/open-policy-agent/opa';
/** A server that has not begun to answer by then is taken to be out of reach. */
const ANSWER_MS = 3_000;
/** A download of which nothing arrives for so long has stopped. */
const STALL_MS = 10_000;
const BUILD_MS = 15 * 60_000;
const PROGRESS_MS = 5_000;

/**
 * Looks in this order: ASSAY_OPA, `opa` on the PATH, the project's cache, the release's download (checked against
 * the release's checksum file, and against toolchain.json where it records one), `go install` (checked by the Go
 * checksum database). Whatever is found must say that it is the pinned version. ASSAY_OFFLINE=1: no download, and
 * Go may use only what it has. Never throws for what it cannot find; `log` gets one line per step.
 *
 * @param {{ root: string, dataDir: string, log: (line: string) => void, env?: NodeJS.ProcessEnv, releases?: string }} where
 * @returns {Promise<{ path: string | undefined, source: 'ASSAY_OPA' | 'PATH' | 'cache' | 'download' | 'go install' | 'none' }>}
 *   path is absolute; undefined when OPA could not be had
 */
export async function obtainOpa({ root, dataDir, log, env = process.env, releases = RELEASES }) {
  const pin = JSON.parse(readFileSync(join(root, 'rego', 'toolchain.json'), 'utf8'));
  const folder = resolve(root, dataDir, 'tools', `opa-${pin.opa}`);
  const cached = join(folder, 'opa');
  const offline = env.ASSAY_OFFLINE === '1';
  const found = (source, path) => {
    log(`OPA ${pin.opa}: ${source} (${path})`);
    return { source, path };
  };

  if (env.ASSAY_OPA) {
    const given = resolve(root, env.ASSAY_OPA);
    const version = await versionOf(given);
    if (version === pin.opa) return found('ASSAY_OPA', given);
    log(
      `ASSAY_OPA is ${version ? `OPA ${version}` : 'not an OPA that runs here'} (${given}): looking further`,
    );
  }
  for (const candidate of onPath(env.PATH ?? '')) {
    if ((await versionOf(candidate)) === pin.opa) return found('PATH', candidate);
  }
  if ((await versionOf(cached)) === pin.opa) return found('cache', cached);

  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, 'new-'));
  try {
    for (const [source, obtain] of [
      [
        'download',
        () =>
          offline ? Promise.reject(new Error('ASSAY_OFFLINE is set')) : download(releases, pin, scratch, log),
      ],
      ['go install', () => goInstall(pin, scratch, { ...env, ...(offline && { GOPROXY: 'off' }) }, log)],
    ]) {
      try {
        const file = await obtain();
        const version = await versionOf(file);
        if (version !== pin.opa) throw new Error(`it says it is ${version ?? 'nothing we know'}`);
        await rename(file, cached); // in one step: a start that is cut off leaves no half program
        return found(source, cached);
      } catch (error) {
        log(`OPA by ${source}: no (${error.message})`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  log(`OPA ${pin.opa} could not be had: set ASSAY_OPA to its path, or install Go 1.26, or allow the network`);
  return { source: 'none', path: undefined };
}

/** Undefined when it is not an `opa` that runs on this machine. */
function versionOf(file) {
  return new Promise((settle) => {
    execFile(file, ['version'], { timeout: 20_000, encoding: 'utf8' }, (error, stdout) => {
      settle(error ? undefined : /^Version: (\S+)$/m.exec(stdout)?.[1]);
    });
  });
}

function onPath(path) {
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, 'opa'));
}

async function download(releases, pin, folder, log) {
  const platform = `opa_${process.platform}_${{ x64: 'amd64' }[process.arch] ?? process.arch}`;
  let refusal = new Error('the release has no program for this platform');
  for (const asset of [`${platform}_static`, platform]) {
    const url = `${releases}/v${pin.opa}/${asset}`;
    try {
      const wanted = await checksums(url, pin.sha256[asset]);
      log(`OPA ${pin.opa}: downloading ${url}`);
      const file = join(folder, asset);
      const actual = await fetchFile(url, file, log);
      if (wanted.some((digest) => digest !== actual))
        throw new Error(`checksum of ${asset} differs: ${actual}`);
      await chmod(file, 0o755);
      return file;
    } catch (error) {
      refusal = error;
      if (error.status !== 404) break;
    }
  }
  throw refusal;
}

/** Every digest the file must have; at least one. */
async function checksums(url, recorded) {
  try {
    const published = /^[0-9a-f]{64}\b/.exec((await (await answer(`${url}.sha256`)).text()).trim())?.[0];
    if (!published) throw new Error('the release’s checksum file cannot be read');
    return recorded ? [recorded, published] : [published];
  } catch (error) {
    if (error.status === 404 && recorded) return [recorded];
    throw error;
  }
}

/** Writes the body to a file and returns its SHA-256. */
async function fetchFile(url, file, log) {
  const stop = new AbortController();
  const response = await answer(url, stop);
  const total = Number(response.headers.get('content-length')) || undefined;
  const hash = createHash('sha256');
  let size = 0;
  const stall = setTimeout(() => stop.abort(new Error('the download stopped')), STALL_MS);
  const progress = setInterval(
    () => log(`  ${megabytes(size)}${total ? ` of ${megabytes(total)}` : ''}`),
    PROGRESS_MS,
  );
  const meter = new Transform({
    transform(chunk, _, done) {
      stall.refresh();
      size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
  } finally {
    clearTimeout(stall);
    clearInterval(progress);
  }
  return hash.digest('hex');
}

async function answer(url, stop = new AbortController()) {
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: stop.signal, redirect: 'follow' });
    if (response.ok) return response;
    throw Object.assign(new Error(`${url}: HTTP ${response.status}`), { status: response.status });
  } catch (error) {
    throw error.cause ? new Error(`${new URL(url).host}: ${error.cause.message}`) : error; // fetch hides the reason
  } finally {
    clearTimeout(timer);
  }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** `go install` of the pinned version, wherever we stand: outside any module, for this machine. */
function goInstall(pin, folder, env, log) {
  const { GOFLAGS, GOOS, GOARCH, GOWORK, ...kept } = env;
  const build = { ...kept, CGO_ENABLED: '0', GOBIN: folder, GOTOOLCHAIN: env.GOTOOLCHAIN ?? 'auto' };
  const target = `${MODULE}@v${pin.opa}`;
  return new Promise((succeed, fail) => {
    log(`OPA ${pin.opa}: go install ${target} (about a minute the first time)`);
    const started = Date.now();
    const child = spawn('go', ['install', '-tags', 'opa_wasm', target], {
      cwd: folder,
      env: build,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const progress = setInterval(
      () => log(`  go install: ${Math.round((Date.now() - started) / 1000)} s`),
      PROGRESS_MS,
    );
    const limit = setTimeout(() => child.kill(), BUILD_MS);
    const end = (settle, value) => {
      clearInterval(progress);
      clearTimeout(limit);
      settle(value);
    };
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-2_000);
    });
    child.once('error', (error) =>
      end(fail, error.code === 'ENOENT' ? new Error('Go is not installed') : error),
    );
    child.once('close', (code) => {
      if (code === 0) end(succeed, join(folder, 'opa'));
      else end(fail, new Error(said.trim().split('\n').at(-1) || `go ended with ${code}`));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '..');
  const { path } = await obtainOpa({
    root,
    dataDir: process.env.ASSAY_DATA_DIR ?? '.assay',
    log: console.error,
  });
  if (path) console.log(path);
  else process.exitCode = 1;
}
