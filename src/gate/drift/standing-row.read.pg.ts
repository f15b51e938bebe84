import { digestFrom } from '../../kernel/digest.js';
import type { Locus } from '../gate.js';
import type { Verdict } from '../verdict.js';
import type { StandingDecision } from './standing.js';

export const STANDING_COLUMNS = `
  d.org_id AS "orgId", d.gate_id AS "gateId", d.art_id AS "artId", d.artefact_digest AS "artefactDigest",
  d.decision_id AS "decisionId", d.seq, d.project_id AS "projectId", d.locus, d.chk_id AS "chkId",
  d.checklist_version AS "checklistVersion", d.checklist_digest AS "checklistDigest",
  d.inputs_digest AS "inputsDigest", d.document_digest AS "documentDigest", d.verdict,
  d.verdict_without_waivers AS "verdictWithoutWaivers", d.as_of AS "asOf", d.valid_until AS "validUntil",
  d.stale_seq AS "staleSeq"`;

export interface StandingRow {
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: string;
  readonly decisionId: string;
  readonly seq: string;
  readonly projectId: string | null;
  readonly locus: Locus;
  readonly chkId: string;
  readonly checklistVersion: number;
  readonly checklistDigest: string;
  readonly inputsDigest: string;
  readonly documentDigest: string;
  readonly verdict: Verdict;
  readonly verdictWithoutWaivers: Verdict;
  readonly asOf: Date;
  readonly validUntil: Date | null;
  readonly staleSeq: string | null;
}

export const standingFrom = (row: StandingRow): StandingDecision => ({
  ...row,
  seq: Number(row.seq),
  artefactDigest: digestFrom(row.artefactDigest),
  checklistDigest: digestFrom(row.checklistDigest),
  inputsDigest: digestFrom(row.inputsDigest),
  documentDigest: digestFrom(row.documentDigest),
  asOf: row.asOf.getTime(),
  validUntil: row.validUntil?.getTime() ?? null,
  staleSeq: row.staleSeq === null ? null : Number(row.staleSeq),
});
