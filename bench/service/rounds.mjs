// Rounds that take turns, so that whatever else the machine does hits all alike; figures are medians over rounds.
import { median, quantile } from '../support/measure.mjs';
import { perPiece, usage } from './processes.mjs';

/** `contestants`: orders by name. Answers per name the rate, latencies and CPU of an answer. */
export async function alternate(bench, contestants, rounds) {
  const names = Object.keys(contestants);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length];
      runs[name].push(await oneRound(bench, await contestants[name](round)));
    }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        perSecond: median(runs[name].map(({ perSecond }) => perSecond)),
        rates: runs[name].map(({ perSecond }) => perSecond),
        latencies: runs[name].flatMap(({ latencies }) => latencies),
        cpu: runs[name].at(-1).cpu,
        keys: runs[name].flatMap(({ keys }) => keys),
      },
    ]),
  );
}

/** Fails on any answer that is not what was asked for. */
export async function oneRound(bench, order) {
  const { service, rival, generatorPid } = bench;
  const before = usage(service.pids, generatorPid, rival.pid);
  const answer = await bench.ask(order);
  const { ok = 0, ...others } = answer.outcomes;
  if (Object.keys(others).length > 0 && !order.refusalsAllowed)
    throw new Error(`${order.what}: ${JSON.stringify(answer.outcomes)}; ${answer.sample}`);
  const after = usage(service.pids, generatorPid, rival.pid);
  return { ...answer, perSecond: ok / (answer.ms / 1000), cpu: perPiece(before, after, Math.max(ok, 1)) };
}

export const shape = ({ perSecond, latencies }, unit = '/s') => ({
  [unit]: perSecond,
  'p50 ms': quantile(latencies, 0.5),
  'p99 ms': quantile(latencies, 0.99),
});

/** Median over rounds of the one's rate by the other's of the same round. */
export const ratioOf = (one, other) => median(one.rates.map((rate, round) => rate / other.rates[round]));
