import type { DecisionRow } from './decision-row.js';

export const CSV_HEADER =
  'seq,time,case_id,act_id,gate_id,art_id,artefact_digest,checklist_version,policy_digests,result,severity,' +
  'waiver_ids,as_of,decision_id,actor,leaf_hash\n';

/** One line of decisions.csv. What is absent is empty; lists are joined by a space; hashes are hex. */
export function csvLine({ seq, leafHash, facts }: DecisionRow): string {
  const cells = [
    String(seq),
    ...[facts.tsEnd, facts.caseId, facts.actId, facts.gateId, facts.artId, facts.artefactDigest],
    ...[facts.checklistVersion, facts.policyDigests?.join(' '), facts.result, facts.severity],
    ...[facts.waiverIds?.join(' '), facts.asOf, facts.decisionId, facts.actor, leafHash.toString('hex')],
  ];
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\n`;
}

/** RFC 4180 §2.6 and §2.7. All facts shown are ids, digests and times, so no cell can begin as a formula does. */
const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of decisions.jsonl, canonical: the statement is canonical already, and goes in as it was signed. */
export const jsonLine = ({ seq, leafHash, statement }: DecisionRow): string =>
  `{"leafHash":"${leafHash.toString('hex')}","seq":${String(seq)},"statement":${statement}}\n`;
