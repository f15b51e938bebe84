// node bench/engine/hop.mjs: what it costs to reach an evaluation thread and to end one, ours beside piscina's.
// Needs dist/ and OPA (ASSAY_OPA or opa on the path).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';

const ROOT = join(import.meta.dirname, '../..');
const { ThreadedEngine, DEFAULT_ENGINE_LIMITS } = await import(`${ROOT}/dist/src/rego/host/engine.io.js`);
const { JsonText } = await import(`${ROOT}/dist/src/kernel/json-text.js`);
const { sha256 } = await import(`${ROOT}/dist/src/kernel/digest.js`);

const folder = mkdtempSync(join(tmpdir(), 'assay-hop-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const POLICY =
  'package p\n\nx := input.n\n\nlong := [1 | some a in numbers.range(1, 9000); some b in numbers.range(1, 9000); a + b == 0]\n';
writeFileSync(join(folder, 'p.rego'), POLICY);
const opa = process.env.ASSAY_OPA ?? 'opa';
execFileSync(opa, ['build', '-t', 'wasm', '-e', 'p/x', '-e', 'p/long', '-o', 'b.tar.gz', 'p.rego'], {
  cwd: folder,
});
execFileSync('tar', ['xzf', 'b.tar.gz', '/policy.wasm'], { cwd: folder, stdio: 'ignore' });
const wasm = readFileSync(join(folder, 'policy.wasm'));

// What a thread of ours does, as a piscina task; the module is sent once and kept.
writeFileSync(
  join(folder, 'task.mjs'),
  `import { PolicyInstance } from '${ROOT}/dist/src/rego/host/instance.js';
import { toJsonText } from '${ROOT}/dist/src/rego/value/rego-value.js';
const limits = ${JSON.stringify(DEFAULT_ENGINE_LIMITS)};
let instance;
export default async ({ work, module }) => {
  instance ??= (await PolicyInstance.load({ bundle: '', module }, limits)).value;
  return instance.evaluate(work).map(({ value }) => toJsonText(value));
};\n`,
);

const threadFile = new URL(`file://${ROOT}/dist/src/rego/host/evaluate.io.js`);
const bundle = sha256(wasm);
const engineOf = () =>
  new ThreadedEngine({ get: async () => ({ wasm }) }, threadFile, { ...DEFAULT_ENGINE_LIMITS, threads: 1 });
const request = (entrypoint, n, deadlineMs = 60_000) => ({
  ...{ bundle, input: { kind: 'document', text: JsonText.of({ n }) }, questions: [{ entrypoint }] },
  ...{ instant: 1_795_203_000_123, seed: 'seed', deadlineMs },
});
const work = (entrypoint, n) => ({
  ...{ input: { kind: 'term', text: JSON.stringify({ n }) }, questions: [{ entrypoint }] },
  ...{ instant: 1_795_203_000_123, seed: 'seed' },
});

async function times(count, act) {
  const each = [];
  for (let n = 0; n < count; n++) {
    const started = performance.now();
    await act(n);
    each.push(performance.now() - started);
  }
  return each.sort((a, b) => a - b);
}
const at = (sorted, share) => sorted[Math.floor(sorted.length * share)];
const show = (name, sorted, unit = 1000, suffix = 'µs') =>
  console.log(
    `${name.padEnd(44)} p50 ${(at(sorted, 0.5) * unit).toFixed(1)} ${suffix}  p99 ${(at(sorted, 0.99) * unit).toFixed(1)} ${suffix}`,
  );

const engine = engineOf();
const cold = await times(1, (n) => engine.evaluate(request('p/x', n)));
console.log(`first evaluation of all, thread start included  ${cold[0].toFixed(1)} ms`);
await times(2000, (n) => engine.evaluate(request('p/x', n)));
show('ours: one question', await times(10_000, (n) => engine.evaluate(request('p/x', n))));

const module = await WebAssembly.compile(wasm);
for (const atomics of ['disabled', 'sync']) {
  const pool = new Piscina({ filename: join(folder, 'task.mjs'), maxThreads: 1, minThreads: 1, atomics });
  await pool.run({ work: work('p/x', 0), module });
  await times(2000, (n) => pool.run({ work: work('p/x', n) }));
  show(`piscina, atomics ${atomics}`, await times(10_000, (n) => pool.run({ work: work('p/x', n) })));
  await pool.close();
}

// From the moment of the kill until somebody else is answered.
const recovery = await times(20, async (n) => {
  await engine.evaluate(request('p/long', n, 20));
  await engine.evaluate(request('p/x', n));
});
show('ours: 20 ms deadline, kill, next answer', recovery, 1, 'ms');
const pool = new Piscina({ filename: join(folder, 'task.mjs'), maxThreads: 1, minThreads: 1 });
const theirs = await times(20, async (n) => {
  await pool
    .run({ work: work('p/long', n), module }, { signal: AbortSignal.timeout(20) })
    .catch(() => undefined);
  await pool.run({ work: work('p/x', n), module });
});
show('piscina: 20 ms abort, next answer', theirs, 1, 'ms');
await pool.destroy();

// A module never seen before, in threads that run: compile, instantiate, evaluate.
const coldModules = await times(50, async (n) => {
  const bytes = Buffer.concat([wasm, Buffer.from([0, 5, 4]), Buffer.from(String(n).padStart(4, '0'))]);
  const fresh = sha256(bytes);
  engine.shelf.bundles = { get: async () => ({ wasm: bytes }) };
  await engine.evaluate({ ...request('p/x', n), bundle: fresh });
});
show(`cold module of ${(wasm.length / 1000).toFixed(0)} kB`, coldModules, 1, 'ms');
await engine.close();
