import type { Actor } from '../../kernel/actor.js';
import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { InboxStep } from './inbox.js';

/** A gate run, as far as an inbox shows it. */
export interface InboxRun {
  readonly runId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  readonly viewerCan: readonly InboxStep[];
}

/** What an inbox asks of the gate runs. */
export interface InboxRuns {
  /** Those that wait for a person, whoever that is; `viewerCan` says whether for this one. */
  paused(actor: Actor, limit: number): Promise<readonly InboxRun[]>;
  /** Those that are not done although they should be. */
  late(actor: Actor, limit: number): Promise<readonly InboxRun[]>;
}
