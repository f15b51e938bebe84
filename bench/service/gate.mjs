// Cases 2 and 3: a gate over 50 findings, 100 components and 5 waivers; every decision about an artefact of its own,
// signed and in the ledger before it is answered. The rival is sent the 7 kB that its policy looks at; we are told a digest
// and read the evidence that was handed in before: a document of findings that nobody read yet, and two that all share.
import { randomUUID } from 'node:crypto';
import { quantile } from '../support/measure.mjs';
import { atLeast, atMost } from '../support/report.mjs';
import { makeArtefacts } from './artefacts.mjs';
import { alternate, oneRound, ratioOf, shape } from './rounds.mjs';

const CONNECTIONS = 64;
const BATCH = 100;

/** Numbers of artefacts that nobody has judged. */
export async function fresh({ artefacts }, count, alike = false) {
  const first = artefacts.next;
  artefacts.next += count;
  await makeArtefacts(artefacts.of, first, artefacts.next, alike);
  return first;
}

export async function gateDecisions(bench) {
  const { report, rival, short } = bench;
  const [count, rounds] = short ? [600, 3] : [6_000, 5];
  const before = await entries(bench);
  report.section(`A gate decision for each request, ${CONNECTIONS} connections, load ${bench.load()}`);
  const ours = async (_, asked = count) => ({
    ...{
      what: 'gate',
      run: randomUUID(),
      connections: CONNECTIONS,
      count: asked,
      first: await fresh(bench, asked),
    },
  });
  const opaOrder = () => ({
    what: 'opa-gate',
    targets: rival.targets,
    connections: CONNECTIONS,
    ms: short ? 3_000 : 15_000,
  });
  await bench.ask(await ours(0, 200)); // warms up
  await bench.ask({ ...opaOrder(), ms: 2_000 });
  const done = await alternate(bench, { ours, opa: opaOrder }, rounds);
  const ratio = ratioOf(done.ours, done.opa);
  report.line('opa run --server, its log on', shape(done.opa));
  report.line(
    'evaluateGate',
    { ...shape(done.ours), 'of the rival': ratio },
    atLeast(ratio, 2, ' × the rival'),
  );
  report.line('  CPU of a decision, µs', done.ours.cpu);
  report.line('  the same, rival', done.opa.cpu);
  const half = done.ours.perSecond / 2;
  const ms = short ? 5_000 : 30_000;
  const first = await fresh(bench, Math.ceil((half * ms) / 1000) + 10);
  const open = await oneRound(bench, {
    kind: 'open',
    what: 'gate',
    run: randomUUID(),
    perSecond: half,
    ms,
    first,
  });
  const p99 = quantile(open.latencies, 0.99);
  report.line(
    `  at half of that, ${Math.round(half)} offered per second`,
    { 'p50 ms': quantile(open.latencies, 0.5), 'p99 ms': p99 },
    atMost(p99, 50, ' ms'),
  );
  bench.gateRate = done.ours.perSecond;
  await counted(bench, before, 200 + done.ours.keys.length + open.keys.length, [
    ...done.ours.keys,
    ...open.keys,
  ]);
}

export async function batchedDecisions(bench) {
  const { report, short } = bench;
  const [requests, rounds] = short ? [12, 3] : [100, 5];
  const connections = 4;
  const before = await entries(bench);
  report.section(`${BATCH} decisions in a request, ${connections} at once, load ${bench.load()}`);
  const ours = async (_, asked = requests) => {
    const first = await fresh(bench, asked * BATCH);
    if (first % BATCH > 0) throw new Error('batches begin at a multiple of their size');
    return { what: 'gates', run: randomUUID(), size: BATCH, connections, count: asked, first: first / BATCH };
  };
  const odd = bench.artefacts.next % BATCH;
  if (odd > 0) bench.artefacts.next += BATCH - odd;
  await bench.ask(await ours(0, 4));
  const { batched } = await alternate(bench, { batched: ours }, rounds);
  report.line('evaluateGates', shape(batched, 'decisions/s'), atLeast(batched.perSecond, 8_000, '/s'));
  report.line('  CPU of a decision, µs', batched.cpu);
  await counted(bench, before, (4 + requests * rounds) * BATCH, []);
}

/** Entries of decisions in the ledger, and decisions. */
export async function entries({ service: { admin } }) {
  const { rows } = await admin.query(
    `SELECT (SELECT count(*)::int FROM ledger.fact WHERE kind = 'decision.recorded') AS entries,
            (SELECT count(*)::int FROM assay.decision) AS decisions,
            (SELECT count(*)::int FROM assay.gate_run WHERE state <> 'decided') AS "unfinishedRuns"`,
  );
  return rows[0];
}

/** As many entries as were answered, no more and no less; those whose numbers were told stand there. */
export async function counted(bench, before, acknowledged, seqs) {
  const after = await entries(bench);
  const written = after.entries - before.entries;
  const { rows } = await bench.service.admin.query(
    `SELECT count(*)::int AS n FROM ledger.fact WHERE kind = 'decision.recorded' AND seq = ANY ($1::bigint[])`,
    [seqs],
  );
  const lost = seqs.length - rows[0].n;
  bench.report.line(
    '  entries in the ledger',
    {
      acknowledged,
      written,
      decisions: after.decisions - before.decisions,
      lost,
      'unfinished runs': after.unfinishedRuns,
    },
    { met: written === acknowledged && lost === 0, text: 'one each' },
  );
  if (written !== acknowledged || lost > 0) process.exitCode = 1;
}
