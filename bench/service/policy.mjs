// Case 1: a small question of authorisation, unrecorded, one by one and many in a request.
import { atLeast } from '../support/report.mjs';
import { alternate, ratioOf, shape } from './rounds.mjs';

const CONNECTIONS = 16;
const BATCH = 200;

export async function policyQuestions(bench) {
  const { report, rival, short } = bench;
  const ms = short ? 3_000 : 15_000;
  report.section(
    `RBAC of 200 users and 20 roles, unrecorded, ${CONNECTIONS} connections, load ${bench.load()}`,
  );
  const order = { connections: CONNECTIONS, ms };
  const contestants = {
    single: () => ({ ...order, what: 'rbac' }),
    batched: () => ({ ...order, what: 'rbac-batch', size: BATCH, connections: 4 }),
    opa: () => ({ ...order, what: 'opa-rbac', targets: rival.targets }),
  };
  for (const warm of Object.values(contestants)) await bench.ask({ ...warm(), ms: 2_000 });
  const { single, batched, opa } = await alternate(bench, contestants, short ? 3 : 5);
  report.line('opa run --server, its log on', shape(opa));
  report.line(
    'evaluatePolicy',
    { ...shape(single), 'of the rival': ratioOf(single, opa) },
    atLeast(single.perSecond, 5_000, '/s'),
  );
  const ratio = ratioOf(batched, opa);
  report.line(
    `evaluatePolicies, ${BATCH} in a request`,
    { ...shape(batched, 'answers/s'), 'of the rival': ratio },
    atLeast(ratio, 1, ' × the rival'),
  );
  report.line('  CPU of an answer, µs', single.cpu);
  report.line('  the same, batched', batched.cpu);
  report.line('  the same, rival', opa.cpu);
}
