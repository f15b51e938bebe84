import type { AgentHeader } from '../kernel/actor.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { EvidencePart } from '../evidence/part.js';
import type { Digest } from '../kernel/digest.js';

/** The artefact version that is judged. */
export interface JudgedArtefact {
  readonly artId: string;
  readonly digest: Digest;
  /** Under which it was registered. On record, and not among what is judged. */
  readonly projectId: string;
  /** Before this nobody could have asked about it. */
  readonly registeredAt: Instant;
  /** Principal who made it, where known. */
  readonly authorId: string | null;
  /** The agent that made it, if one did. */
  readonly agent: AgentHeader | null;
}

/** One piece of normalised evidence about it. */
export interface JudgedEvidence {
  /** Of the bytes as stored, i.e. with secrets masked: what decisions quote. */
  readonly storedDigest: Digest;
  /** Of the normal form that rules see, a blob of its own. */
  readonly documentDigest: Digest;
  readonly collectedAt: Instant;
  /** Which part of which set it is; absent for evidence that is whole by itself. */
  readonly part?: EvidencePart;
}

/** Evidence with its normal form, as read back and checked against its digest. */
export interface ReadEvidence extends JudgedEvidence {
  readonly document: JsonObject;
}

/** An earlier version of the artefact, which new findings are told from old ones by, with all evidence about it. */
export interface JudgedBaseline {
  readonly artId: string;
  readonly digest: Digest;
  /** In canonical order. */
  readonly evidence: readonly JudgedEvidence[];
}
