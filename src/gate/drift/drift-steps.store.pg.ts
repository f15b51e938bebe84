import type { EntryKind } from '../../ledger/entry.js';
import { FACTS, STANDING_MEMBERS, standingTold } from './standing-row.read.pg.js';
import { CAUSE_KINDS } from './standing.js';

const listOf = (kinds: readonly EntryKind[]): string => kinds.map((kind) => `'${kind}'`).join(', ');
const OTHER_CAUSES = CAUSE_KINDS.filter((kind) => kind !== 'evidence.normalised');

/** $1 from, $2 to (exclusive). Of several decisions on one thing the one that stands. */
const DECISIONS_STAND = `
  INSERT INTO assay.standing_decision AS known (${STANDING_MEMBERS.join(', ')})
  ${standingTold('f.seq >= $1 AND f.seq < $2')}
  ON CONFLICT (org_id, gate_id, art_id, artefact_digest) DO UPDATE SET
      ${STANDING_MEMBERS.slice(4)
        .map((column) => `${column} = excluded.${column}`)
        .join(', ')}, stale_seq = NULL
    WHERE (known.as_of, known.seq) < (excluded.as_of, excluded.seq)`;

/** Since the first entry that says so, however many causes come at once. */
const ARE_STALE = `
  UPDATE assay.standing_decision d SET stale_seq = coalesce(d.stale_seq, f.seq)
    FROM (SELECT org_id, gate_id, art_id, artefact_digest, decision_id, min(seq) AS seq FROM ledger.fact
           WHERE seq >= $1 AND seq < $2 AND kind = 'decision.stale' GROUP BY 1, 2, 3, 4, 5) f
   WHERE d.org_id = f.org_id AND d.gate_id = f.gate_id AND d.art_id = f.art_id
     AND d.artefact_digest = f.artefact_digest AND d.decision_id = f.decision_id::uuid`;

/** Whether entry `f` – no evidence – may concern standing decision `d`; what it names no part of, it may concern all of. */
const TOUCHES = `d.org_id = f.org_id AND CASE f.kind
    WHEN 'gate.defined' THEN d.gate_id = f.gate_id
    WHEN 'checklist.activated' THEN d.gate_id IN (SELECT g.gate_id FROM assay.gate g WHERE g.org_id = f.org_id
      AND g.checklist_version IS NULL AND g.chk_id = f.statement::jsonb #> ${FACTS} #>> '{details,chkId}')
    ELSE coalesce(f.gate_id, d.gate_id) = d.gate_id AND coalesce(f.art_id, d.art_id) = d.art_id
      AND coalesce(f.artefact_digest, d.artefact_digest) = d.artefact_digest END`;

const CHECK = `
  INSERT INTO assay.drift_check (decision_id, cause_seq, cause_kind, org_id, gate_id, art_id, artefact_digest)
  SELECT d.decision_id, f.seq, f.kind, d.org_id, d.gate_id, d.art_id, d.artefact_digest`;
const ONCE = 'ON CONFLICT (decision_id, cause_seq) DO NOTHING';

/** A statement over entries from $1 to $2 (exclusive), and the kinds of entries without which it finds nothing. */
interface Step {
  readonly of: readonly EntryKind[];
  readonly sql: string;
}

/**
 * Entries of these kinds with the decisions that stood when they came. They are read first, by OFFSET 0: they are few,
 * and the decisions that stand are all there are.
 */
const stoodBy = (of: readonly EntryKind[], joined: string, also = ''): Step => ({
  of,
  sql: `${CHECK} FROM (SELECT * FROM ledger.fact WHERE seq >= $1 AND seq < $2 AND kind IN (${listOf(of)}) OFFSET 0) f
     ${joined} WHERE d.seq < f.seq ${also} ${ONCE}`,
});

const SAME_ARTEFACT = 'd.org_id = f.org_id AND d.artefact_digest = f.artefact_digest';
const WAIVERS = CAUSE_KINDS.filter((kind) => kind.startsWith('waiver.'));

/**
 * What an entry may concern, each by an index of the standing decisions: by artefact, by gate; a waiver that names
 * neither may concern all that its organisation has.
 */
const MAY_BE_STALE: readonly Step[] = [
  stoodBy(
    ['evidence.normalised'],
    `JOIN assay.standing_decision d ON ${SAME_ARTEFACT} AND d.art_id = f.art_id`,
  ),
  stoodBy(
    ['gate.defined'],
    'JOIN assay.standing_decision d ON d.org_id = f.org_id AND d.gate_id = f.gate_id',
  ),
  stoodBy(
    ['checklist.activated'],
    `JOIN assay.gate g ON g.org_id = f.org_id AND g.checklist_version IS NULL
       AND g.chk_id = f.statement::jsonb #> ${FACTS} #>> '{details,chkId}'
     JOIN assay.standing_decision d ON d.org_id = g.org_id AND d.gate_id = g.gate_id`,
  ),
  stoodBy(
    WAIVERS,
    `JOIN assay.standing_decision d ON ${SAME_ARTEFACT}`,
    'AND d.art_id = f.art_id AND coalesce(f.gate_id, d.gate_id) = d.gate_id',
  ),
  stoodBy(
    WAIVERS,
    'JOIN assay.standing_decision d ON d.org_id = f.org_id AND d.gate_id = f.gate_id',
    'AND f.artefact_digest IS NULL AND coalesce(f.art_id, d.art_id) = d.art_id',
  ),
  stoodBy(
    WAIVERS,
    'JOIN assay.standing_decision d ON d.org_id = f.org_id',
    'AND f.artefact_digest IS NULL AND f.gate_id IS NULL AND coalesce(f.art_id, d.art_id) = d.art_id',
  ),
];

/** A decision may have gathered its inputs so long before its run began. */
const GATHERING = `interval '5 seconds'`;
/** Entries that one run of a gate sees pass by, at most; beyond it nothing but evidence is looked for. */
const WHILE_JUDGING = 5_000;

const TOLD = `told.seq >= $1 AND told.seq < $2 AND told.kind = 'decision.recorded'`;
const STANDS_AS_TOLD = `assay.standing_decision d ON d.seq = told.seq AND d.org_id = told.org_id
  AND d.gate_id = told.gate_id AND d.art_id = told.art_id AND d.artefact_digest = told.artefact_digest`;
const WHILE_IT_RAN = `f.seq < told.seq AND f.ts_end::timestamptz >= told.ts_start::timestamptz - ${GATHERING}`;

/**
 * Decisions that were being made while the entry came: it is before them, and they may not have seen it. Evidence is
 * found by its artefact; of all else there is little, so it is read first, and the decisions by it.
 */
const RACED: readonly Step[] = [
  {
    of: ['decision.recorded'],
    sql: `${CHECK} FROM ledger.fact told JOIN ${STANDS_AS_TOLD}
     JOIN ledger.fact f ON f.artefact_digest = told.artefact_digest AND f.kind = 'evidence.normalised'
       AND f.org_id = told.org_id AND f.art_id = told.art_id AND ${WHILE_IT_RAN}
   WHERE ${TOLD} ${ONCE}`,
  },
  {
    of: ['decision.recorded'],
    sql: `${CHECK} FROM (SELECT DISTINCT told.org_id FROM ledger.fact told WHERE ${TOLD}) o
     CROSS JOIN LATERAL (SELECT * FROM ledger.fact c WHERE c.org_id = o.org_id AND c.kind IN (${listOf(OTHER_CAUSES)})
       AND c.seq >= $1::bigint - ${String(WHILE_JUDGING)} AND c.seq < $2 OFFSET 0) f
     JOIN ledger.fact told ON told.org_id = f.org_id AND ${TOLD} AND ${WHILE_IT_RAN}
     JOIN ${STANDS_AS_TOLD} AND ${TOUCHES} ${ONCE}`,
  },
];

/** All that a page of entries makes of what stands, in this order. */
export const STEPS: readonly Step[] = [
  { of: ['decision.recorded'], sql: DECISIONS_STAND },
  { of: ['decision.stale'], sql: ARE_STALE },
  ...MAY_BE_STALE,
  ...RACED,
];
