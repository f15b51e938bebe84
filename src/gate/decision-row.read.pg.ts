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
