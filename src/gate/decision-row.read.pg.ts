import { digestFrom } from '../kernel/digest.js';
import type { Decision } from './decision.js';
import type { Verdict } from './verdict.js';

const COLUMNS: Readonly<Record<string, string>> = {
  ...{ decisionId: 'decision_id', orgId: 'org_id', gateId: 'gate_id', artId: 'art_id' },
  ...{ artefactDigest: 'artefact_digest', chkId: 'chk_id', checklistVersion: 'checklist_version' },
  ...{ checklistDigest: 'checklist_digest', inputsDigest: 'inputs_digest', asOf: 'as_of' },
  ...{ validUntil: 'valid_until', verdict: 'verdict', verdictWithoutWaivers: 'verdict_without_waivers' },
  ...{
    document: 'document',
    documentDigest: 'document_digest',
    decidedAt: 'decided_at',
    entryKey: 'entry_key',
  },
};
const columnsOf = (of: string): string =>
  Object.entries(COLUMNS)
    .map(([name, column]) => `${of}${column} AS "${name}"`)
    .join(', ');

/** Columns of a decision, times as whole milliseconds. */
export const DECISION_COLUMNS = columnsOf('');
/** The same of `d`. */
export const COLUMNS_OF_D = columnsOf('d.');

/**
 * Of the decisions that `where` is true of, the one that stands: with the latest as-of, of equal ones the one that the
 * ledger has last, as `standing_decision` has it. Only those of the latest as-of are looked up in the ledger. One whose
 * entry is still to be written belongs to this transaction, hence comes behind all that are there (NULL is first in DESC).
 */
export const latestOf = (columns: string, where: string): string => `
  SELECT ${columns}
    FROM (SELECT * FROM assay.decision WHERE ${where} ORDER BY as_of DESC FETCH FIRST ROW WITH TIES) latest
    LEFT JOIN ledger.idem i ON i.idem_key = latest.entry_key ORDER BY i.seq DESC LIMIT 1`;

/** $1 organisation, $2 inputs digest, $3 as-of. The latest of several, which says the same as the others. */
export const REUSABLE = latestOf(
  DECISION_COLUMNS,
  `org_id = $1 AND inputs_digest = $2 AND as_of <= $3 AND (valid_until IS NULL OR $3 < valid_until)
   AND verdict <> 'ERROR'`,
);

const OF_DECISIONS = `f.org_id = $1 AND f.kind = 'decision.recorded'`;

/** Entries of decisions, as `f`. $1 is the organisation. */
export const DECISION_ENTRIES = `ledger.fact f WHERE ${OF_DECISIONS}`;

/**
 * The same, and beside each its decision as `d`: what is listed in the order of the ledger is read along its indexes, by
 * organisation, by gate and by artefact.
 */
export const TOLD_DECISIONS = `ledger.fact f JOIN assay.decision d
    ON d.decision_id = f.decision_id::uuid AND d.org_id = f.org_id AND d.artefact_digest = f.artefact_digest
 WHERE ${OF_DECISIONS}`;

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
