// The engine with its threads: scaling from one to two, a cold module, and rivals over HTTP.
import { availableParallelism } from 'node:os';
import { atLeast, atMost } from '../support/report.mjs';
import { median, quantile, times } from '../support/measure.mjs';
import * as kit from './kit.mjs';
import { gateInput, rbacData, rbacInput } from './inputs.mjs';

export async function threads({ opa, report, short }) {
  const rbac = {
    ...kit.compile(opa, [kit.policySource('rbac')], ['bench/rbac/allow']),
    data: rbacData(200, 20, 20),
  };
  const gate = kit.compile(opa, [kit.policySource('gate')], ['bench/gate/report']);
  const questions = {
    rbac: asked(rbac, 'bench/rbac/allow', rbacInput),
    gate: asked(gate, 'bench/gate/report', gateInput()),
  };
  const source = kit.bundlesOf(rbac, gate);
  await scaling(report, source, questions.gate, short);
  await cold(report, source, questions.gate);
  await overHttp(report, { opa, rbac, gate, source, questions, short });
}

const asked = ({ digest }, entrypoint, input) => ({
  bundle: digest,
  input: { kind: 'document', text: kit.JsonText.of(input) },
  questions: [{ entrypoint }],
  instant: kit.INSTANT,
  seed: 'bench',
  deadlineMs: 10_000,
});

const engineOf = (source, count) =>
  new kit.ThreadedEngine(source, kit.THREAD, { ...kit.DEFAULT_ENGINE_LIMITS, threads: count });

/** Work that keeps a thread busy, several questions under way for each, so that the hop does not count. */
async function scaling(report, source, question, short) {
  report.section(`Scaling from one worker to two (${availableParallelism()} cores)`);
  // Ten times the work per message: what is measured is evaluating, not posting.
  const heavy = { ...question, questions: Array.from({ length: 40 }, () => question.questions[0]) };
  const rate = async (count) => {
    const engine = engineOf(source, count);
    await run(engine, heavy, count * 20, count * 3);
    const total = (short ? 100 : 600) * count;
    const began = performance.now();
    await run(engine, heavy, total, count * 3);
    const perSecond = total / ((performance.now() - began) / 1000);
    await engine.close();
    return perSecond * heavy.questions.length;
  };
  const [ones, twos] = [[], []];
  for (let round = 0; round < (short ? 3 : 5); round++) {
    ones.push(await rate(1));
    twos.push(await rate(2));
  }
  const [one, two] = [median(ones), median(twos)];
  const efficiency = (two / one / 2) * 100;
  report.line(
    'gate questions per second',
    { 'one worker': one, 'two workers': two, 'efficiency %': efficiency },
    atLeast(efficiency, 85, ' %'),
  );
}

async function run(engine, question, total, atOnce) {
  let started = 0;
  const lane = async () => {
    while (started++ < total) await evaluated(engine, question);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function cold(report, source, question) {
  report.section('The first evaluation of a module nobody has loaded yet, milliseconds');
  const taken = [];
  for (let round = 0; round < 15; round++) {
    const engine = engineOf(source, 1);
    // The thread itself is there already, and has judged something else.
    await engine.evaluate({ ...question, bundle: `sha256:${'0'.repeat(64)}` });
    await new Promise((resolve) => setTimeout(resolve, 150));
    taken.push(...(await times(() => evaluated(engine, question), 1)));
    await engine.close();
  }
  report.line(
    'gate policy',
    { p50: median(taken), p95: quantile(taken, 0.95) },
    atMost(median(taken), 20, ' ms'),
  );
}

async function overHttp(report, { opa, rbac, gate, source, questions, short }) {
  report.section('Against OPA as a server over HTTP, one question at a time, microseconds');
  const count = short ? 500 : 3_000;
  const engine = engineOf(source, 2);
  for (const [name, policy, input, path] of [
    ['rbac', rbac, rbacInput, 'bench/rbac/allow'],
    ['gate', gate, gateInput(), 'bench/gate/report'],
  ]) {
    const server = await kit.opaServer(opa, policy.sources, policy.data);
    await times(() => server.ask(path, input), 100);
    await times(() => evaluated(engine, questions[name]), 100);
    const http = median(await times(() => server.ask(path, input), count)) * 1000;
    const us = median(await times(() => evaluated(engine, questions[name]), count)) * 1000;
    server.stop();
    report.line(name, { 'ours, hop included': us, 'opa server': http, ratio: http / us });
  }
  await engine.close();
  const command = kit.opaEval(opa, gate.sources, gateInput(), 'bench/gate/report');
  const once = median(await times(() => command.run(), short ? 5 : 15)) * 1000;
  command.clean();
  report.line('gate by opa eval, a process each', { µs: once });
}

async function evaluated(engine, question) {
  const answer = await engine.evaluate(question);
  if (!answer.ok || answer.value.some(({ ok }) => !ok)) throw new Error(JSON.stringify(answer));
}
