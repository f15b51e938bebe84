import { digestFrom } from '../kernel/digest.js';
import type { Decision } from './decision.js';
import type { Verdict } from './verdict.js';

/** Columns of a decision, times as whole milliseconds. */
export const DECISION_COLUMNS = `
  decision_id AS "decisionId", org_id AS "orgId", gate_id AS "gateId", art_id AS "artId",
  artefact_digest AS "artefactDigest", chk_id AS "chkId", checklist_version AS "checklistVersion",
  checklist_digest AS "checklistDigest", inputs_digest AS "inputsDigest", as_of AS "asOf",
  valid_until AS "validUntil", verdict, verdict_without_waivers AS "verdictWithoutWaivers", document,
  document_digest AS "documentDigest", decided_at AS "decidedAt", entry_key AS "entryKey"`;

/** $1 organisation, $2 inputs digest, $3 as-of. The latest of several, which says the same as the others. */
export const REUSABLE = `
  SELECT ${DECISION_COLUMNS} FROM assay.decision
   WHERE org_id = $1 AND inputs_digest = $2 AND as_of <= $3 AND (valid_until IS NULL OR $3 < valid_until)
     AND verdict <> 'ERROR'
   ORDER BY as_of DESC, decision_id LIMIT 1`;

/** $1 organisations, $2 inputs digests, $3 as-ofs; `place` counts them from 1. */
export const REUSABLE_OF = `
  SELECT asked.place, d.*
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS asked(org_id, inputs_digest, as_of, place)
   CROSS JOIN LATERAL (
     SELECT ${DECISION_COLUMNS} FROM assay.decision one
      WHERE one.org_id = asked.org_id AND one.inputs_digest = asked.inputs_digest AND one.as_of <= asked.as_of
        AND (one.valid_until IS NULL OR asked.as_of < one.valid_until) AND one.verdict <> 'ERROR'
      ORDER BY one.as_of DESC, one.decision_id LIMIT 1) d`;

export interface DecisionRow {
  readonly decisionId: string;
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: string;
  readonly chkId: string;
  readonly checklistVersion: number;
  readonly checklistDigest: string;
  readonly inputsDigest: string;
  readonly asOf: Date;
  readonly validUntil: Date | null;
  readonly verdict: Verdict;
  readonly verdictWithoutWaivers: Verdict;
  readonly document: string;
  readonly documentDigest: string;
  readonly decidedAt: Date;
  readonly entryKey: Buffer;
}

export const decisionFrom = (row: DecisionRow): Decision => ({
  ...row,
  artefactDigest: digestFrom(row.artefactDigest),
  checklistDigest: digestFrom(row.checklistDigest),
  inputsDigest: digestFrom(row.inputsDigest),
  documentDigest: digestFrom(row.documentDigest),
  asOf: row.asOf.getTime(),
  validUntil: row.validUntil?.getTime() ?? null,
  decidedAt: row.decidedAt.getTime(),
});
