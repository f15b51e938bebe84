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

/** Path of the facts in a statement. */
export const FACTS = `'{predicate,urn:assay:facts:v1}'`;

/** Columns of the read model that the entry of a decision tells, the key first. */
export const STANDING_MEMBERS: readonly string[] = [
  ...[
    'org_id',
    'gate_id',
    'art_id',
    'artefact_digest',
    'decision_id',
    'seq',
    'project_id',
    'locus',
    'chk_id',
  ],
  ...['checklist_version', 'checklist_digest', 'inputs_digest', 'document_digest', 'verdict'],
  ...['verdict_without_waivers', 'as_of', 'valid_until'],
];

/** SELECT of these, as entries tell them: of several decisions on one thing the one that stands. `f` is the fact. */
export const standingTold = (which: string): string => `
  SELECT DISTINCT ON (org_id, gate_id, art_id, artefact_digest)
      org_id, gate_id, art_id, artefact_digest, decision_id::uuid AS decision_id, seq,
      (said ->> 'projectId')::uuid AS project_id, said #>> '{details,locus}' AS locus,
      split_part(said ->> 'checklistVersion', '@', 1) AS chk_id,
      split_part(said ->> 'checklistVersion', '@', 2)::integer AS checklist_version,
      said #>> '{details,checklistDigest}' AS checklist_digest, said #>> '{details,inputsDigest}' AS inputs_digest,
      said #>> '{details,documentDigest}' AS document_digest, result AS verdict,
      said #>> '{details,verdictWithoutWaivers}' AS verdict_without_waivers, (said ->> 'asOf')::timestamptz AS as_of,
      (said #>> '{details,validUntil}')::timestamptz AS valid_until
    FROM (SELECT f.*, f.statement::jsonb #> ${FACTS} AS said FROM ledger.fact f
           WHERE ${which} AND f.kind = 'decision.recorded' OFFSET 0) told
   ORDER BY org_id, gate_id, art_id, artefact_digest, (said ->> 'asOf')::timestamptz DESC, seq DESC`;

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
