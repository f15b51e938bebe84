/** Entry of a thread that evaluates compiled cases, one at a time: with our host, or with the npm SDK as published. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { wants } from './dist.mjs';
import { bindingsOf } from './plan.mjs';

const { PolicyInstance } = await wants('host/instance.js');
const { readTar } = await wants('opa/tar.js');
const { parseRego } = await wants('value/read-dump.js');
const { toJson } = await wants('value/rego-value.js');
const { fromJson, writeTerm } = await wants('value/write-term.js');

const LIMITS = { inputBytes: 64 << 20, memoryPages: 8_192, recycleAboveBytes: 0 };
const SEED = 'conformance';
/** Declared for the suite only, by OPA's runner too. */
const OURS = {
  'test.sleep': (_, duration) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number.parseInt(duration, 10));
    return null;
  },
};

async function byHost(wasm, { plan, data, input, instant }, strictBuiltinErrors = false) {
  const module = new WebAssembly.Module(wasm);
  return {
    builtins: builtinsOf(module),
    ...(await evaluated(module, { plan, data, input, instant }, strictBuiltinErrors)),
  };
}

async function evaluated(module, { plan, data, input, instant }, strictBuiltinErrors) {
  const loaded = await PolicyInstance.load({ bundle: SEED, module, data, builtins: OURS }, LIMITS);
  if (!loaded.ok) return problemOf(loaded.problem);
  const work = { instant, seed: SEED, strictBuiltinErrors, input: { kind: 'term', text: input } };
  const [answer] = loaded.value.evaluate({ ...work, questions: [{ entrypoint: plan.entrypoint }] });
  if (answer.ok) return bindings(answer.value, plan);
  if (answer.problem.kind === 'ResultUndefined') return bindings(undefined, plan);
  return problemOf(answer.problem);
}

/** Names of the host functions that a compiled policy calls, read without our host. */
function builtinsOf(module) {
  const memory = new WebAssembly.Memory({ initial: 32 });
  const calls = [0, 1, 2, 3, 4].map((count) => [`opa_builtin${count}`, () => 0]);
  const env = { memory, opa_abort: () => undefined, ...Object.fromEntries(calls) };
  const { exports } = new WebAssembly.Instance(module, { env });
  const start = exports.opa_json_dump(exports.builtins());
  const bytes = Buffer.from(memory.buffer);
  return Object.keys(JSON.parse(bytes.toString('utf8', start, bytes.indexOf(0, start))));
}

function problemOf(problem) {
  if (problem.kind === 'UnsupportedBuiltin')
    return {
      kind: 'error',
      cause: 'missing',
      detail: problem.builtins.join(', '),
      missing: problem.builtins,
    };
  return { kind: 'error', cause: problem.cause ?? problem.kind, detail: problem.detail ?? '' };
}

const bindings = (value, plan) => ({ kind: 'bindings', bindings: bindingsOf(value, plan) });

/** As its README says, with documents as objects. It knows no Rego terms: sets of the input are arrays. */
async function bySdk(wasm, { plan, data, input }) {
  const { loadPolicy } = await import('@open-policy-agent/opa-wasm');
  const policy = await loadPolicy(wasm);
  if (data !== undefined) policy.setData(JSON.parse(data));
  const results = policy.evaluate(input === undefined ? undefined : toJson(roundedTerm(input)));
  if (results == null) return { kind: 'error', cause: 'none', detail: 'no result set' };
  const value = results.length === 0 ? undefined : fromJson(results[0].result);
  if (plan.variable !== undefined || value === undefined) return bindings(value, plan);
  return { kind: 'bindings', bindings: value };
}

/** Its caller has nothing but JavaScript's numbers. */
const roundedTerm = (text) =>
  parseRego(text.replace(/-?\d[\d.eE+-]*(?=\s*[,\]}]|$)/g, (each) => Number(each)));

async function answer(task) {
  const wasm = readTar(gunzipSync(readFileSync(task.file))).get('policy.wasm');
  try {
    if (task.engine === 'sdk') return await bySdk(wasm, task);
    return await byHost(wasm, task, task.engine === 'strict');
  } catch (error) {
    const detail = error instanceof Error ? error.message : (error?.message ?? String(error));
    return {
      kind: 'error',
      cause: /var assignment|object insert/.test(detail) ? 'conflict' : 'thrown',
      detail,
    };
  }
}

parentPort.on('message', async (task) => {
  const outcome = await answer(task);
  // Rego values are classes, which do not cross threads; their notation does.
  parentPort.postMessage(
    outcome.kind === 'error'
      ? outcome
      : { ...outcome, bindings: undefined, terms: outcome.bindings.map(writeTerm) },
  );
});
