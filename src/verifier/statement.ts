import { Refusal } from './finding.js';
import { isArray, isMembers, memberOf, parseCanonical, type Json, type JsonMembers } from './json.js';

/** Of the facts of a recorded decision, those that a pack shows elsewhere too. */
export interface DecisionFacts {
  readonly tsEnd: string;
  readonly actor: string;
  /** Absent in statements of before 2026-11-21. */
  readonly projectId?: string;
  readonly caseId?: string;
  readonly actId?: string;
  readonly gateId?: string;
  readonly artId?: string;
  readonly artefactDigest?: string;
  readonly checklistVersion?: string;
  readonly policyDigests?: readonly string[];
  readonly result?: string;
  readonly severity?: string;
  readonly waiverIds?: readonly string[];
  readonly asOf?: string;
  readonly decisionId?: string;
  readonly evidenceDigests?: readonly string[];
  readonly personal: readonly Json[];
}

const STATEMENT = 'https://in-toto.io/Statement/v1';
const SUMMARY = 'https://slsa.dev/verification_summary/v1';
const FACTS = 'urn:assay:facts:v1';
const PASSING = ['PASS', 'PASS_WITH_WAIVERS'];
const TEXTS = [
  ...[
    'caseId',
    'actId',
    'gateId',
    'artId',
    'artefactDigest',
    'checklistVersion',
    'result',
    'severity',
    'asOf',
  ],
  ...['decisionId', 'projectId'],
];
const LISTS = ['policyDigests', 'waiverIds', 'evidenceDigests'];

/** Reads a decision's statement: canonical JSON, a SLSA verification summary with our facts. */
export function readDecision(text: string, path: string, at: string): DecisionFacts {
  const value = parseCanonical(text, path, `${at}, `);
  const predicate = memberOf(value, 'predicate');
  const facts = memberOf(predicate, FACTS);
  const refuse = (detail: string) => new Refusal('statement-form', path, detail, at);
  if (memberOf(value, '_type') !== STATEMENT || memberOf(value, 'predicateType') !== SUMMARY) {
    throw refuse('not an in-toto statement of a verification summary');
  }
  if (!isMembers(facts) || facts['kind'] !== 'decision.recorded') throw refuse('not a recorded decision');
  const wrong = wrongFact(facts);
  if (wrong !== undefined) throw refuse(`${wrong} among the facts is not of its form`);
  const verdict = memberOf(predicate, 'verificationResult');
  const result = typeof facts['result'] === 'string' ? facts['result'] : '';
  if (verdict !== (PASSING.includes(result) ? 'PASSED' : 'FAILED')) throw refuse('its two results disagree');
  return facts as unknown as DecisionFacts; // wrongFact looked at each
}

function wrongFact(facts: JsonMembers): string | undefined {
  const isTextList = (value: Json | undefined) =>
    isArray(value) && value.every((item) => typeof item === 'string');
  return (
    ['tsEnd', 'actor'].find((key) => typeof facts[key] !== 'string') ??
    TEXTS.find((key) => key in facts && typeof facts[key] !== 'string') ??
    LISTS.find((key) => key in facts && !isTextList(facts[key])) ??
    (isArray(facts['personal']) ? undefined : 'personal')
  );
}

export const CSV_HEADER =
  'seq,time,case_id,act_id,gate_id,art_id,artefact_digest,checklist_version,policy_digests,result,severity,' +
  'waiver_ids,as_of,decision_id,actor,leaf_hash';

/** The one line that decisions.csv may have for a decision (RFC 4180 quoting), without its newline. */
export function csvRow(seq: number, leafHash: string, facts: DecisionFacts): string {
  return [
    ...[String(seq), facts.tsEnd, facts.caseId, facts.actId, facts.gateId, facts.artId, facts.artefactDigest],
    ...[facts.checklistVersion, facts.policyDigests?.join(' '), facts.result, facts.severity],
    ...[facts.waiverIds?.join(' '), facts.asOf, facts.decisionId, facts.actor, leafHash],
  ]
    .map((cell = '') => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
