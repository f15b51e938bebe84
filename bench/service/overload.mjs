// Case 6: ten times what is normally offered. Everybody is answered in bounded time or told why not in a typed answer; nothing
// that was answered is lost; the service is there afterwards.
import { randomUUID } from 'node:crypto';
import { quantile } from '../support/measure.mjs';
import { atMost } from '../support/report.mjs';
import { entries, fresh } from './gate.mjs';
import { oneRound } from './rounds.mjs';

const TIMES = 10;
/** Callers that wait at the same time, at most: what is offered beyond them is not sent, and counted. */
const CALLERS = 1_000;
const LIMIT_MS = 60_000;
const TYPED = /^(ok|LEDGER_BUSY|GATE_BUSY|RATE_LIMITED|OVERLOADED|STORAGE_LOW|POLICY_UNANSWERED)$/;

export async function overload(bench) {
  const { report, short, service } = bench;
  const closed = async (count) => ({
    ...{ what: 'gate', run: randomUUID(), connections: 32, count, first: await fresh(bench, count, true) },
  });
  await bench.ask(await closed(200));
  const { perSecond } = await oneRound(bench, await closed(short ? 400 : 4_000));
  const normal = (bench.gateRate ?? perSecond) / 2;
  const ms = short ? 10_000 : 60_000;
  report.section(
    `${TIMES} times the normal load for ${ms / 1000} s: ${Math.round(normal * TIMES)} offered per second, load ${bench.load()}`,
  );
  const first = await fresh(bench, Math.ceil((normal * TIMES * ms) / 1000) + 10, true);
  const before = await entries(bench);
  const order = { kind: 'open', what: 'gate', run: randomUUID(), perSecond: normal * TIMES, ms, first };
  const done = await oneRound(bench, {
    ...{ ...order, maxConnections: CALLERS, limitMs: LIMIT_MS, refusalsAllowed: true },
  });
  const outcomes = Object.entries(done.outcomes);
  const untyped = outcomes.filter(([outcome]) => !TYPED.test(outcome));
  report.line('answers', { offered: done.offered, 'not sent': done.notSent, ...done.outcomes });
  const longest = Math.max(...done.latencies) / 1000;
  report.line(
    'latency of all answers, s',
    { p50: quantile(done.latencies, 0.5) / 1000, p99: quantile(done.latencies, 0.99) / 1000, longest },
    atMost(longest, LIMIT_MS / 1000, ' s'),
  );
  report.line('  of those that were accepted, s', {
    p50: quantile(done.accepted, 0.5) / 1000,
    p99: quantile(done.accepted, 0.99) / 1000,
  });
  const { ok = 0, ...refused } = done.outcomes;
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  report.line('  refused, of what was answered', { '%': (100 * refusals) / (ok + refusals) });
  report.line(
    'answers of no type',
    { count: untyped.reduce((sum, [, count]) => sum + count, 0) },
    { met: untyped.length === 0, text: 'none' },
  );
  if (untyped.length > 0) report.note(`    ${done.sample}`);
  const after = await entries(bench);
  const { rows } = await service.admin.query(
    `SELECT count(*)::int AS n FROM ledger.fact WHERE kind = 'decision.recorded' AND seq = ANY ($1::bigint[])`,
    [done.keys],
  );
  const lost = done.keys.length - rows[0].n;
  const facts = { acknowledged: done.keys.length, written: after.entries - before.entries, lost };
  report.line('entries in the ledger', facts, { met: lost === 0, text: '0 lost' });
  const { perSecond: afterwards } = await oneRound(bench, await closed(short ? 200 : 2_000));
  report.line('decisions afterwards', { '/s': afterwards, before: perSecond });
  if (lost > 0) process.exitCode = 1;
}
