// What the compilers between Rego and the machine can still give: OPA's own optimiser (partial evaluation, which
// turns constant guards into rules of their own) and binaryen's wasm-opt. wasm-opt is not ours to install: name it
// in WASM_OPT, e.g. after `npm install binaryen` somewhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { race } from '../support/measure.mjs';
import { ask, compile, ours, policySource } from './kit.mjs';
import { gateInput, rbacData, rbacInput } from './inputs.mjs';

const POLICIES = [
  { name: 'rbac', entrypoint: 'bench/rbac/allow', data: rbacData(200, 20, 20), input: rbacInput },
  { name: 'gate', entrypoint: 'bench/gate/report', input: gateInput() },
];

/** What every Node we support can load, and no more. */
const FEATURES = ['bulk-memory', 'sign-ext', 'mutable-globals', 'nontrapping-float-to-int', 'multivalue'].map(
  (name) => `--enable-${name}`,
);

export async function levers({ opa, report, short }) {
  report.section('Levers: microseconds per evaluation and size of the module');
  const wasmOpt = process.env.WASM_OPT;
  if (!wasmOpt) report.note('wasm-opt: not measured, WASM_OPT names none');
  for (const { name, entrypoint, data, input } of POLICIES) {
    const text = JSON.stringify(input);
    const built = (level) => compile(opa, [policySource(name)], [entrypoint], ['--optimize', String(level)]);
    const plain = built(0);
    const variants = { 'as built': plain };
    for (const level of [1, 2]) {
      try {
        variants[`opa -O ${level}`] = built(level);
      } catch (error) {
        // OPA 1.22.0 panics on some policies: which is an answer too.
        report.note(
          `${name}, opa -O ${level}: does not build (${error.message.split('\n')[1] ?? error.message})`,
        );
      }
    }
    if (wasmOpt)
      for (const level of ['-O2', '-O3', '-O4'])
        variants[`wasm-opt ${level}`] = optimised(wasmOpt, plain, level);
    const contestants = {};
    for (const [variant, policy] of Object.entries(variants)) {
      const instance = await ours(policy, data);
      contestants[variant] = () => ask(instance, text, entrypoint);
    }
    const taken = await race(contestants, { rounds: short ? 11 : 41 });
    for (const [variant, policy] of Object.entries(variants))
      report.line(`${name}, ${variant}`, {
        ...{ µs: taken[variant], 'of plain': taken[variant] / taken['as built'] },
        ...{ kB: policy.wasm.byteLength / 1000, 'extra ms to build': policy.tookMs ?? 0 },
      });
  }
}

function optimised(program, policy, level) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const [from, to] = [join(folder, 'in.wasm'), join(folder, 'out.wasm')];
    writeFileSync(from, policy.wasm);
    const began = performance.now();
    execFileSync(program, [level, ...FEATURES, from, '-o', to]);
    return {
      ...policy,
      wasm: readFileSync(to),
      digest: `${policy.digest}${level}`,
      tookMs: performance.now() - began,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
