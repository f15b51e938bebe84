// What the cases share: compiled policies, our host as it runs inside a worker, the npm SDK beside it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import opaWasm from '@open-policy-agent/opa-wasm';

const ROOT = join(import.meta.dirname, '../..');
/** The address of a built file. */
export const built = (path) => pathToFileURL(join(ROOT, 'dist/src', path)).href;

export const { PolicyInstance } = await import(built('rego/host/instance.js'));
export const { ThreadedEngine, DEFAULT_ENGINE_LIMITS } = await import(built('rego/host/engine.io.js'));
const { jsonOfDump } = await import(built('rego/value/read-dump.js'));
export const { JsonText } = await import(built('kernel/json-text.js'));
const { sha256 } = await import(built('kernel/digest.js'));
const { readTar } = await import(built('rego/opa/tar.js'));

export const THREAD = pathToFileURL(join(ROOT, 'dist/src/rego/host/evaluate.io.js'));
export const INSTANT = 1_795_203_000_123;

/** Compiled with everything OPA offers: benches measure hosts, not what we allow. */
export function compile(opa, sources, entrypoints, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const files = sources.map((text, index) => {
      writeFileSync(join(folder, `p${index}.rego`), text);
      return `p${index}.rego`;
    });
    const options = ['--target', 'wasm', '--prune-unused', '--output', 'bundle.tar.gz'];
    const wanted = entrypoints.flatMap((entrypoint) => ['--entrypoint', entrypoint]);
    execFileSync(opa, ['build', ...options, ...more, ...wanted, ...files], {
      cwd: folder,
      env: {},
      stdio: 'pipe',
    });
    const wasm = readTar(gunzipSync(readFileSync(join(folder, 'bundle.tar.gz')))).get('policy.wasm');
    return { wasm, digest: sha256(wasm), sources, entrypoints };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const policySource = (name) =>
  readFileSync(join(import.meta.dirname, 'policies', `${name}.rego`), 'utf8');

/** Our host in this process, as an evaluation thread has it. */
export async function ours({ wasm, digest }, data) {
  const module = await WebAssembly.compile(wasm);
  const text = data && JsonText.of(data).text;
  const loaded = await PolicyInstance.load({ bundle: digest, module, data: text }, DEFAULT_ENGINE_LIMITS);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  return loaded.value;
}

/** One evaluation by our host, as the thread entry does it, and what its owner does with the text: from text, to the value. */
export function ask(instance, text, ...entrypoints) {
  const answers = instance.evaluateText({
    input: { kind: 'term', text },
    questions: entrypoints.map((entrypoint) => ({ entrypoint })),
    instant: INSTANT,
    seed: 'bench',
  });
  return answers.map((answer) => {
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    return JSON.parse(jsonOfDump(answer.value));
  });
}

/** The unmodified npm SDK, given the builtins it lacks the way its README says. */
export async function sdk({ wasm }, data) {
  const policy = await opaWasm.loadPolicy(
    wasm,
    { initial: 5, maximum: 4096 },
    {
      'time.parse_rfc3339_ns': (text) => Date.parse(text) * 1e6,
    },
  );
  if (data) policy.setData(data);
  return policy;
}

/** `opa run --server` with the sources and data loaded. */
export async function opaServer(opa, sources, data) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  sources.forEach((text, index) => writeFileSync(join(folder, `p${index}.rego`), text));
  if (data) writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
  const port = await freePort();
  const args = [
    'run',
    '--server',
    '--addr',
    `127.0.0.1:${port}`,
    '--log-level',
    'error',
    '--skip-version-check',
    '.',
  ];
  const child = spawn(opa, args, { cwd: folder, env: {}, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 20_000;
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > until) throw new Error('the OPA server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    async ask(path, input) {
      const response = await fetch(`${url}/v1/data/${path}`, {
        method: 'POST',
        body: JSON.stringify({ input }),
      });
      return (await response.json()).result;
    },
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One `opa eval` process per call. */
export function opaEval(opa, sources, input, path) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  const files = sources.map((text, index) => {
    writeFileSync(join(folder, `p${index}.rego`), text);
    return ['--data', `p${index}.rego`];
  });
  writeFileSync(join(folder, 'input.json'), JSON.stringify(input));
  const args = [
    'eval',
    '--format',
    'json',
    '--input',
    'input.json',
    ...files.flat(),
    `data.${path.replaceAll('/', '.')}`,
  ];
  return {
    run: () => execFileSync(opa, args, { cwd: folder, env: {} }),
    clean: () => rmSync(folder, { recursive: true }),
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A source of bundles for the threaded engine. */
export const bundlesOf = (...bundles) => ({
  get: (digest) =>
    Promise.resolve(
      bundles
        .filter((bundle) => bundle.digest === digest)
        .map(({ wasm, data }) => ({ wasm, ...(data && { data: JsonText.of(data) }) }))[0],
    ),
});
