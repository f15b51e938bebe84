import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { EvidencePart } from './part.js';
import type { ToolRun } from '../formats/model/tool-run.js';
import type { EvidenceKind, EvidenceState, Reason, ToolFact } from '../formats/model/evidence-state.js';

/** One file received about an artefact version: its custody, not its content. Immutable. */
export interface Evidence {
  readonly evidenceId: string;
  readonly orgId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  /** Of the bytes as stored, secrets masked: what decisions quote. */
  readonly storedDigest: Digest;
  /** Of the bytes as received; nobody has them any more. */
  readonly receivedDigest: Digest;
  /** Of the stored bytes. */
  readonly sizeBytes: number;
  readonly maskedCount: number;
  readonly declaredFormat: string | null;
  /** Where it comes from, as a machine name: `ci/github-actions`. */
  readonly source: string;
  /** When the tool ran: from here it grows stale. */
  readonly collectedAt: Instant;
  readonly receivedAt: Instant;
  readonly uploadedBy: string;
  readonly entryKey: IdempotencyKey;
  /** How our worker ran the tool that made it; null for what was handed in. */
  readonly toolRun: ToolRun | null;
  /** How the bytes were compressed when they were received. */
  readonly encoding: string | null;
  /** Null for evidence that is whole by itself. */
  readonly part: EvidencePart | null;
}

/** What one version of our normaliser made of it. Immutable; another version adds another report. */
export interface EvidenceReport {
  readonly evidenceId: string;
  readonly orgId: string;
  readonly format: string;
  readonly formatVersion: string | null;
  readonly kinds: readonly EvidenceKind[];
  readonly state: EvidenceState;
  readonly reasons: readonly Reason[];
  readonly tools: readonly ToolFact[];
  /** The EvidenceDocument, a blob of its own. */
  readonly documentDigest: Digest;
  readonly normaliser: string;
  readonly normalisedAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** `report` is null until a worker has normalised it. */
export interface EvidenceWithReport {
  readonly evidence: Evidence;
  readonly report: EvidenceReport | null;
}
