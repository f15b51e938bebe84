import type { AgentHeader } from '../kernel/actor.js';
import { canonicalJson } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';

/** A logical artefact: ART_* names it for good, within one organisation and one project. */
export interface Artefact {
  readonly orgId: string;
  readonly artId: string;
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: Instant;
}

/** An artefact at one content. Immutable, and named by (artId, digest). */
export interface ArtefactVersion {
  readonly orgId: string;
  readonly artId: string;
  readonly digest: Digest;
  /** Principal who made it, where known: may not approve waivers for it. */
  readonly authorId: string | null;
  /** Activity that produced it. */
  readonly actId: string | null;
  readonly caseId: string | null;
  /** The agent that made it, if one did. */
  readonly agent: AgentHeader | null;
  readonly registeredBy: string;
  readonly registeredAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** Whether two registrations say the same of a version; who says it and when does not matter. */
export const statesTheSame = (a: ArtefactVersion, b: ArtefactVersion): boolean =>
  a.authorId === b.authorId &&
  a.actId === b.actId &&
  a.caseId === b.caseId &&
  canonicalJson(a.agent && { ...a.agent }) === canonicalJson(b.agent && { ...b.agent });
