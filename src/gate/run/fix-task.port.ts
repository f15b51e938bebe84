import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';
import type { Result } from '../../kernel/result.js';

/** Rework that somebody owes because a gate sent an artefact back. */
export interface FixTaskOrder {
  readonly orgId: string;
  readonly projectId: string;
  readonly caseId?: string;
  readonly actId?: string;
  readonly gateId: string;
  readonly runId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  /** Kebab-case. */
  readonly reasonCode: string;
  readonly remediation: 'rerun' | 're-shard' | 'reopen-story';
  readonly context: ProcessContext;
  readonly key: IdempotencyKey;
}

/**
 * Opens fix tasks on the caller's transaction; answered by the process module, wired in `app`. Asked again under the
 * same key it answers the task that stands. Appends an entry of its own, so it comes last but for the caller's entry.
 */
export interface FixTasks {
  open(
    order: FixTaskOrder,
    by: Actor,
    at: Instant,
  ): Promise<Result<{ readonly fixTaskId: string }, { readonly kind: string }>>;
}
