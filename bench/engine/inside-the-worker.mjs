// One evaluation inside a worker: our host against the npm SDK, and what it costs to say why.
import { atMost } from '../support/report.mjs';
import { race } from '../support/measure.mjs';
import {
  ask,
  bundlesOf,
  compile,
  DEFAULT_ENGINE_LIMITS,
  INSTANT,
  JsonText,
  ours,
  policySource,
  sdk,
  THREAD,
  ThreadedEngine,
} from './kit.mjs';
import { gateInput, rbacData, rbacInput } from './inputs.mjs';

export async function insideTheWorker({ opa, report, short }) {
  const rounds = short ? 11 : 41;
  report.section('Inside the worker, microseconds per evaluation (median over rounds, turns taken)');
  const rbac = compile(opa, [policySource('rbac')], ['bench/rbac/allow']);
  for (const [users, roles, grants] of [
    [10, 5, 5],
    [200, 20, 20],
    [20_000, 500, 50],
  ]) {
    const data = rbacData(users, roles, grants);
    const what = `RBAC, ${users.toLocaleString('en-US')} users, ${roles} roles × ${grants}`;
    await compare(report, what, {
      policy: rbac,
      entrypoint: 'bench/rbac/allow',
      data,
      input: rbacInput,
      rounds,
    });
  }
  const gate = compile(
    opa,
    [policySource('gate')],
    ['bench/gate/allow', 'bench/gate/verdict', 'bench/gate/report'],
  );
  const input = gateInput();
  const bytes = JSON.stringify(input).length;
  await compare(report, `gate, 50 findings, 100 components (${bytes} bytes)`, {
    ...{ policy: gate, entrypoint: 'bench/gate/verdict', input, rounds },
  });

  await sayingWhy(report, gate, input, rounds);
}

/** The verdict alone, and the verdict with every rule that fired or did not: in the thread, and as a gate asks. */
async function sayingWhy(report, gate, input, rounds) {
  report.section('Saying why: the whole report instead of the verdict alone, microseconds');
  const instance = await ours(gate);
  const text = JSON.stringify(input);
  const inside = await race(
    {
      verdict: () => ask(instance, text, 'bench/gate/verdict'),
      explained: () => ask(instance, text, 'bench/gate/report'),
    },
    { rounds },
  );
  report.line('gate, inside the worker alone', { ...inside, 'overhead %': overheadOf(inside) });
  const limits = { ...DEFAULT_ENGINE_LIMITS, threads: 1 };
  const engine = new ThreadedEngine(bundlesOf(gate), THREAD, limits);
  const question = (entrypoint) => ({
    ...{ bundle: gate.digest, input: { kind: 'document', text: JsonText.of(input) } },
    ...{ questions: [{ entrypoint }], instant: INSTANT, seed: 'bench', deadlineMs: 10_000 },
  });
  const [verdict, explained] = ['bench/gate/verdict', 'bench/gate/report'].map(question);
  const asked = await race(
    { verdict: () => engine.evaluate(verdict), explained: () => engine.evaluate(explained) },
    { rounds: rounds * 2 },
  );
  await engine.close();
  const overhead = overheadOf(asked);
  report.line(
    'gate, as a decision asks it',
    { ...asked, 'overhead %': overhead },
    atMost(overhead, 10, ' %'),
  );
}

const overheadOf = ({ verdict, explained }) => (explained / verdict - 1) * 100;

async function compare(report, what, { policy, entrypoint, data, input, rounds }) {
  const instance = await ours(policy, data);
  const theirs = await sdk(policy, data);
  const text = JSON.stringify(input);
  const given = JSON.stringify(theirs.evaluate(input, entrypoint)[0].result);
  if (JSON.stringify(ask(instance, text, entrypoint)[0]) !== given)
    throw new Error(`${what}: answers differ`);
  const us = await race(
    { ours: () => ask(instance, text, entrypoint), SDK: () => theirs.evaluate(input, entrypoint) },
    { rounds },
  );
  const ratio = us.ours / us.SDK;
  report.line(what, { ours: us.ours, SDK: us.SDK, ratio }, atMost(ratio, 1.05, ' ×'));
}
