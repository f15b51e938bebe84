// What it costs to reach an evaluation thread and to end one, ours beside piscina's doing the same work.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { median, quantile, times } from '../support/measure.mjs';
import * as kit from './kit.mjs';

const POLICY = `package p

x := input.n

long := [1 | some a in numbers.range(1, 9000); some b in numbers.range(1, 9000); a + b == 0]
`;

/** A thread of ours as a piscina task; the module is sent once and kept. */
const TASK = `import { PolicyInstance } from '${kit.built('rego/host/instance.js')}';
import { toJsonText } from '${kit.built('rego/value/rego-value.js')}';
let instance;
export default async ({ work, module }) => {
  instance ??= (await PolicyInstance.load({ bundle: '', module }, ${JSON.stringify(kit.DEFAULT_ENGINE_LIMITS)})).value;
  return instance.evaluate(work).map(({ value }) => toJsonText(value));
};
`;

export async function hop({ opa, report, short }) {
  const policy = kit.compile(opa, [POLICY], ['p/x', 'p/long']);
  const folder = mkdtempSync(join(tmpdir(), 'assay-hop-'));
  try {
    const filename = join(folder, 'task.mjs');
    writeFileSync(filename, TASK);
    const task = { filename, module: await WebAssembly.compile(policy.wasm) };
    await oneQuestion(report, policy, task, short);
    await afterAKill(report, policy, task, short);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function oneQuestion(report, policy, { filename, module }, short) {
  report.section('The hop: one small question to a thread and back, microseconds');
  const rounds = short ? 2_000 : 10_000;
  const engine = engineOf(policy);
  const ours = (n) => engine.evaluate(request(policy, 'p/x', n));
  await times(ours, 1_000);
  const taken = await times(ours, rounds);
  await engine.close();
  report.line('ours', figures(taken, 1000));
  for (const atomics of ['disabled', 'sync']) {
    const pool = new Piscina({ filename, maxThreads: 1, minThreads: 1, atomics });
    const theirs = (n) => pool.run({ work: work('p/x', n), ...(n === 0 && { module }) });
    await times(theirs, 1_000);
    const rival = await times(theirs, rounds);
    await pool.destroy();
    report.line(`piscina, atomics ${atomics}`, {
      ...figures(rival, 1000),
      ratio: median(rival) / median(taken),
    });
  }
}

/** From the question that cannot end in time to the answer of the next one, in a new thread. */
async function afterAKill(report, policy, { filename, module }, short) {
  report.section('20 ms deadline, thread ended, next question answered, milliseconds');
  const rounds = short ? 10 : 30;
  const engine = engineOf(policy);
  const taken = await times(async (n) => {
    await engine.evaluate(request(policy, 'p/long', n, 20));
    await engine.evaluate(request(policy, 'p/x', n));
  }, rounds);
  await engine.close();
  report.line('ours', figures(taken));
  const pool = new Piscina({ filename, maxThreads: 1, minThreads: 1 });
  const theirs = await times(async (n) => {
    const signal = AbortSignal.timeout(20);
    await pool.run({ work: work('p/long', n), module }, { signal }).catch(() => undefined);
    await pool.run({ work: work('p/x', n), module });
  }, rounds);
  await pool.destroy();
  report.line('piscina', figures(theirs));
}

const figures = (taken, scale = 1) => ({
  p50: median(taken) * scale,
  p99: quantile(taken, 0.99) * scale,
});

const engineOf = (policy) =>
  new kit.ThreadedEngine(kit.bundlesOf(policy), kit.THREAD, { ...kit.DEFAULT_ENGINE_LIMITS, threads: 1 });

const request = ({ digest }, entrypoint, n, deadlineMs = 60_000) => ({
  ...{ bundle: digest, input: { kind: 'document', text: kit.JsonText.of({ n }) }, deadlineMs },
  ...{ questions: [{ entrypoint }], instant: kit.INSTANT, seed: 'bench' },
});

const work = (entrypoint, n) => ({
  ...{ input: { kind: 'term', text: JSON.stringify({ n }) }, questions: [{ entrypoint }] },
  ...{ instant: kit.INSTANT, seed: 'bench' },
});
