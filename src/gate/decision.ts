import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import type { EvidencePart } from '../evidence/part.js';
import { sha256, type Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { WaiverRef } from '../waiver/waiver.js';
import type { Judged, RuleResult } from './decide.js';
import {
  baselineRef,
  checklistRef,
  evidenceRef,
  gateRef,
  policyRef,
  type GateInputs,
  type JudgingGate,
} from './decision-input.js';
import type { Verdict } from './verdict.js';

/** Evidence as a decision quotes it. */
export interface EvidenceRef {
  readonly digest: Digest;
  readonly document: Digest;
  readonly collectedAt: string;
  readonly part?: EvidencePart;
}

/**
 * The whole result with everything it was judged with, as recorded: canonical JSON whose digest the ledger's
 * statement commits to. Free of persons and of what differs between two equal judgements (ids, durations), so
 * that a replay gives the same bytes.
 */
export interface DecisionDocument {
  readonly model: 'assay.decision/1';
  readonly asOf: string;
  readonly validUntil: string | null;
  readonly verdict: Verdict;
  readonly verdictWithoutWaivers: Verdict;
  readonly gate: JudgingGate;
  readonly artefact: { readonly artId: string; readonly digest: Digest };
  readonly checklist: {
    readonly chkId: string;
    readonly version: number;
    readonly digest: Digest;
    /** The module that judged, where one judged for all policies; otherwise each policy's own did. */
    readonly bundle?: Digest;
  };
  readonly policies: readonly { policyId: string; version: string; digest: Digest; bundle: Digest }[];
  readonly evidence: readonly EvidenceRef[];
  /** The earlier version that new findings were told from old ones by, where one was named. */
  readonly baseline?: {
    readonly artId: string;
    readonly digest: Digest;
    readonly evidence: readonly EvidenceRef[];
  };
  /** The candidates that were taken into account, and those of them that excused something. */
  readonly waivers: {
    readonly set: Digest;
    readonly considered: readonly WaiverRef[];
    readonly applied: readonly string[];
  };
  readonly inputsDigest: Digest;
  readonly rules: readonly RuleResult[];
}

/** A recorded decision. Immutable. */
export interface Decision {
  readonly decisionId: string;
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  readonly chkId: string;
  readonly checklistVersion: number;
  readonly checklistDigest: Digest;
  readonly inputsDigest: Digest;
  readonly asOf: Instant;
  readonly validUntil: Instant | null;
  readonly verdict: Verdict;
  readonly verdictWithoutWaivers: Verdict;
  /** Canonical JSON of the DecisionDocument: the bytes that count. */
  readonly document: string;
  readonly documentDigest: Digest;
  readonly decidedAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** The document of a judgement: equal inputs and equal as-of give equal bytes. */
export function decisionDocument(inputs: GateInputs, judged: Judged, asOf: Instant): string {
  const { gate, artefact, checklist, evidence } = inputs;
  const { verdict, verdictWithoutWaivers, rules, waiversApplied, validUntil } = judged;
  const document = {
    model: 'assay.decision/1',
    asOf: toRfc3339(asOf),
    validUntil: validUntil === null ? null : toRfc3339(validUntil),
    verdict,
    verdictWithoutWaivers,
    gate: gateRef(gate),
    artefact: { artId: artefact.artId, digest: artefact.digest },
    checklist: checklistRef(checklist),
    policies: checklist.policies.map(policyRef),
    evidence: evidence.map(evidenceRef),
    ...(inputs.baseline && { baseline: baselineRef(inputs.baseline) }),
    waivers: { set: inputs.waiverSet, considered: inputs.waiverRefs, applied: waiversApplied },
    inputsDigest: inputs.digest,
    rules,
  };
  return canonicalJson(document as unknown as JsonObject);
}

/** Reads a document that we wrote ourselves. */
export const parseDecision = (decision: Pick<Decision, 'document'>): DecisionDocument =>
  JSON.parse(decision.document) as DecisionDocument;

/**
 * Which columns of a decision's row contradict its document; empty when all is well. The ledger commits to the
 * document's digest, so a change anywhere in a row shows either here or there.
 */
export function contradictions(decision: Decision): readonly string[] {
  if (sha256(decision.document) !== decision.documentDigest) return ['documentDigest'];
  const document = parseDecision(decision);
  const said: Record<string, [unknown, unknown]> = {
    gateId: [decision.gateId, document.gate.gateId],
    artId: [decision.artId, document.artefact.artId],
    artefactDigest: [decision.artefactDigest, document.artefact.digest],
    chkId: [decision.chkId, document.checklist.chkId],
    checklistVersion: [decision.checklistVersion, document.checklist.version],
    checklistDigest: [decision.checklistDigest, document.checklist.digest],
    inputsDigest: [decision.inputsDigest, document.inputsDigest],
    asOf: [toRfc3339(decision.asOf), document.asOf],
    validUntil: [decision.validUntil === null ? null : toRfc3339(decision.validUntil), document.validUntil],
    verdict: [decision.verdict, document.verdict],
    verdictWithoutWaivers: [decision.verdictWithoutWaivers, document.verdictWithoutWaivers],
  };
  return Object.entries(said).flatMap(([column, [row, text]]) => (row === text ? [] : [column]));
}
