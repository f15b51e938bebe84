import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { Verdict } from '../verdict.js';
import type { GateRun } from './run.js';

/** A gate and an artefact version. */
export interface StatusKey {
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
}

/** How the two stand. */
export interface GateStatus {
  /** Of the newest entry about both; null where there is none. */
  readonly seq: number | null;
  /** The one with the latest as-of. */
  readonly decision: {
    readonly decisionId: string;
    readonly verdict: Verdict;
    readonly verdictWithoutWaivers: Verdict;
    readonly asOf: Instant;
    readonly validUntil: Instant | null;
    readonly stale: boolean;
  } | null;
  /** The newest. */
  readonly run: GateRun | null;
}

export interface GateStatusRead {
  /** Undefined where the organisation has no such gate, or no such artefact version. */
  status(orgId: string, key: StatusKey): Promise<GateStatus | undefined>;
}

/** What is told when an entry is about both: `Changes`. An entry names the artefact by its digest. */
export const statusTopic = (orgId: string, { gateId, artefactDigest }: Omit<StatusKey, 'artId'>): string =>
  `gate:${orgId}:${gateId}:${artefactDigest}`;
