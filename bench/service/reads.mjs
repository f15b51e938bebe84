// Case 4: what people and auditors look at, with a million decisions in the ledger (short: 20,000). They get there by the
// ledger's own function, signed once and repeated under other ids and keys: the tables, indexes and readers are real.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../support/measure.mjs';
import { atMost } from '../support/report.mjs';
import { fresh } from './gate.mjs';
import { ART_ID, GATE_ID } from './requests.mjs';
import { oneRound } from './rounds.mjs';

const OPERATIONS = join(import.meta.dirname, '../../graphql/operations');
const operation = (name) => readFileSync(join(OPERATIONS, `${name}.graphql`), 'utf8');
const GROUP = 500;
/** What a decision may have missed while it gathered (src/gate/drift/drift-steps.store.pg.ts), and a little more. */
const GATHERING_MS = 6_000;
const CATCH_UP_MS = 3_600_000;

export async function reads(bench) {
  const { report, short, service } = bench;
  const count = short ? 20_000 : 1_000_000;
  report.section(`Reads with ${count.toLocaleString('en-US')} decisions in the ledger, load ${bench.load()}`);
  // What all are made from was decided long after the last waiver: otherwise each would have to be held against those.
  await pause(GATHERING_MS);
  await bench.ask({
    ...{ what: 'gate', run: randomUUID(), connections: 1, count: 1, first: await fresh(bench, 1) },
  });
  const one = await fill(service.admin, count);
  await caughtUp(service.admin, report);
  const digest = one.artefact_digest;
  const queries = {
    'decision(id)': ['decision', { id: one.decision_id }],
    'artefact with its latest decision': ['latest-decision', { digest }],
    'ledger, first 50': ['ledger', { first: 50 }],
    'ledger of one artefact': ['ledger', { first: 50, filter: { artefactDigest: digest } }],
    'ledger of one gate': ['ledger', { first: 50, filter: { gateId: GATE_ID } }],
    'find by digest prefix': ['find', { text: digest.slice(0, 7 + 12), first: 10 }],
    'standingDecisions of one gate': ['standing-decisions', { gateId: GATE_ID, first: 50 }],
    inbox: ['inbox', { section: 'DECISION_STALE', first: 50 }],
    'gates, with their checklists': ['gates', {}],
    checkpoint: ['checkpoint', {}],
  };
  for (const [name, [file, variables]] of Object.entries(queries)) {
    const order = {
      what: 'read',
      token: service.tokens.auditor,
      query: operation(file),
      variables,
      connections: 2,
    };
    await bench.ask({ ...order, count: 10 });
    const { latencies, perSecond } = await oneRound(bench, { ...order, ms: short ? 1_500 : 10_000 });
    const p99 = quantile(latencies, 0.99);
    report.line(
      name,
      { '/s': perSecond, 'p50 ms': quantile(latencies, 0.5), 'p99 ms': p99 },
      atMost(p99, 50, ' ms'),
    );
  }
}

/** Answers one of them. */
async function fill(admin, count) {
  const { rows } = await admin.query(
    `SELECT d.*, i.seq FROM assay.decision d JOIN ledger.idem i ON i.idem_key = d.entry_key
      WHERE d.gate_id = $1 AND d.art_id = $2 ORDER BY d.decided_at DESC LIMIT 1`,
    [GATE_ID, ART_ID],
  );
  const [model] = rows;
  for (let from = 1; from <= count; from += GROUP) {
    const range = [from, Math.min(from + GROUP - 1, count)];
    await admin.query('BEGIN');
    await admin.query(
      `INSERT INTO assay.decision (decision_id, org_id, gate_id, art_id, artefact_digest, chk_id, checklist_version,
              checklist_digest, inputs_digest, as_of, valid_until, verdict, verdict_without_waivers, document,
              document_digest, decided_at, entry_key)
         SELECT md5('bench id ' || n)::uuid, org_id, gate_id, art_id, 'sha256:' || encode(sha256(('fill ' || n)::bytea), 'hex'),
                chk_id, checklist_version, checklist_digest, 'sha256:' || encode(sha256(('inputs ' || n)::bytea), 'hex'),
                as_of, valid_until, verdict, verdict_without_waivers, document, document_digest,
                decided_at + n * interval '1 millisecond', decode(md5('bench fill ' || n), 'hex')
           FROM assay.decision, generate_series($2::integer, $3::integer) n WHERE decision_id = $1`,
      [model.decision_id, ...range],
    );
    await admin.query(
      `SELECT count(*) FROM (
         SELECT string_agg(e.leaf, E'\n' ORDER BY n) AS leaves,
                string_agg(replace(replace(f.statement, $4, 'sha256:' || encode(sha256(('fill ' || n)::bytea), 'hex')),
                                   $5, md5('bench id ' || n)::uuid::text), E'\n' ORDER BY n) AS facts,
                string_agg('[]', E'\n') AS bodies,
                string_agg(decode(md5('bench fill ' || n), 'hex'), ''::bytea ORDER BY n) AS keys,
                string_agg(sha256(('content ' || n)::bytea), ''::bytea ORDER BY n) AS digests
           FROM generate_series($2::integer, $3::integer) n, ledger.entry e JOIN ledger.fact f USING (seq) WHERE e.seq = $1
       ) given CROSS JOIN LATERAL ledger.append_batch(leaves, facts, bodies, keys, digests)`,
      [model.seq, ...range, model.artefact_digest, model.decision_id],
    );
    await admin.query('COMMIT');
  }
  // As autovacuum leaves tables that grew to this size by themselves; just filled, no index alone can tell what is visible.
  await admin.query('VACUUM (ANALYZE)');
  const { rows: made } = await admin.query(
    `SELECT decision_id, artefact_digest FROM assay.decision WHERE decision_id = md5('bench id ' || $1::integer)::uuid`,
    [Math.ceil(count / 2)],
  );
  return made[0];
}

/** Everybody who reads the ledger by cursor is at its end. */
async function caughtUp(admin, report) {
  const began = performance.now();
  for (;;) {
    const { rows } = await admin.query(
      `SELECT (SELECT next FROM ledger.seqcoord) - least((SELECT min(next) FROM ledger.cursor),
                coalesce((SELECT max(size) FROM ledger.checkpoint), 0)) AS behind`,
    );
    if (Number(rows[0].behind) < 100) break;
    if (performance.now() - began > CATCH_UP_MS)
      throw new Error(`readers are ${rows[0].behind} entries behind`);
    await pause(500);
  }
  report.note(
    `worker and integrator were at its end after ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
}
