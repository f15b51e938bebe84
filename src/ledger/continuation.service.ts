import type { Clock } from '../kernel/clock.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { openCheckpoint, parseCheckpoint, type CheckpointProblem } from './checkpoint.js';
import type { CheckpointCopy } from './checkpoint-copy.port.js';
import { CompactRange } from './compact-range.js';
import { logContinued, originOf, type Continuation } from './continuation.js';
import type { IdempotencyConflict, Ledger } from './ledger.js';
import { hashLeaf } from './merkle.js';
import { parseNote, parseVkey } from './signed-note.js';
import type { PublishedCheckpoint, TileRead } from './tile.read.js';

export type ContinuationProblem =
  | IdempotencyConflict
  /** Nothing was ever signed: the integrator begins by itself. */
  | { readonly kind: 'NothingSigned' }
  /** The database continues what was signed: nothing calls for a new log. */
  | { readonly kind: 'StillConsistent'; readonly size: number }
  /** The database holds checkpoints and the copy is not there; say that it is lost, or bring it. */
  | { readonly kind: 'CopyMissing'; readonly signedSize: number }
  | { readonly kind: 'OriginInUse'; readonly origin: string }
  | { readonly kind: 'FormerUnreadable'; readonly cause: CheckpointProblem }
  /** The entries are not those of the database's own latest checkpoint: a change of history, not a restore. */
  | { readonly kind: 'HistoryChanged'; readonly signedSize: number };

export interface ContinuationOrder {
  /** Name of the new log: a bare host name that never named another. */
  readonly origin: string;
  /** Public key of a log by its origin; of the former one, unless it had another key. */
  readonly vkeyOf: (origin: string) => string;
  /** One entry goes on record for each. */
  readonly orgIds: readonly string[];
  /** The second place is gone for good: the database's latest checkpoint is all that is known. */
  readonly copyLost: boolean;
}

export interface Continued extends Continuation {
  /** The first of the entries that say so; the new log signs no tree without it. */
  readonly seq: number;
}

/** Entries hashed at once. */
const PAGE = 10_000;

/**
 * Begins a new log on the entries of a database that cannot continue the old one, because newer entries are lost
 * (ADR 0014). An operator's deliberate act: it only states what happened, and the integrator, told the new
 * origin, signs from there. May be repeated.
 */
export class ContinuationService {
  constructor(
    private readonly tx: InTransaction<{ readonly ledger: Ledger }>,
    private readonly read: TileRead,
    private readonly copy: CheckpointCopy,
    private readonly clock: Clock,
  ) {}

  async begin(order: ContinuationOrder): Promise<Result<Continued, ContinuationProblem>> {
    const latest = await this.read.checkpoint({});
    const copied = await this.copy.read();
    const held = copied ?? latest?.note;
    if (held === undefined) return failed({ kind: 'NothingSigned' });
    if (latest && copied === undefined && !order.copyLost)
      return failed({ kind: 'CopyMissing', signedSize: latest.size });
    const formerOrigin = originOf(held);
    const { origin } = order;
    if (origin === formerOrigin || (latest && originOf(latest.note) === origin))
      return failed({ kind: 'OriginInUse', origin });
    const formerVkey = order.vkeyOf(formerOrigin);
    const former = open(held, formerVkey);
    if (!former.ok) return failed({ kind: 'FormerUnreadable', cause: former.problem });
    const kept = await this.#kept(latest, { ...former.value, copyLost: copied === undefined });
    if (!kept.ok) return kept;
    const continuation = { origin, formerOrigin, formerVkey, formerCheckpoint: held, keptSize: kept.value };
    return this.#record(continuation, order.orgIds);
  }

  /** The size up to which the entries are those that were signed: the database's latest checkpoint. */
  async #kept(
    latest: PublishedCheckpoint | undefined,
    former: { size: number; root: Buffer; copyLost: boolean },
  ): Promise<Result<number, ContinuationProblem>> {
    const roots = await this.#rootsAt([latest?.size ?? 0, former.size]);
    if (latest) {
      const parsed = parseNote(latest.note);
      const stated = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
      const fits =
        stated.ok && stated.value.size === latest.size && roots.get(latest.size)?.equals(stated.value.root);
      if (fits !== true) return failed({ kind: 'HistoryChanged', signedSize: latest.size });
    }
    if (!former.copyLost && roots.get(former.size)?.equals(former.root) === true)
      return failed({ kind: 'StillConsistent', size: former.size });
    return ok(latest?.size ?? 0);
  }

  /** Roots of the first so many entries, from the entries themselves; of sizes that are not there, none. */
  async #rootsAt(sizes: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const range = new CompactRange();
    const roots = new Map<number, Buffer>();
    const note = (): void => {
      if (sizes.includes(range.size)) roots.set(range.size, range.root());
    };
    note();
    const end = Math.max(...sizes);
    while (range.size < end) {
      const leaves = await this.read.leaves({ start: range.size, end: Math.min(range.size + PAGE, end) });
      if (leaves.length === 0) break;
      for (const leaf of leaves) {
        range.append(hashLeaf(leaf));
        note();
      }
    }
    return roots;
  }

  #record(
    continuation: Continuation,
    orgIds: readonly string[],
  ): Promise<Result<Continued, ContinuationProblem>> {
    const now = this.clock.now();
    return this.tx<Continued, IdempotencyConflict>(async ({ ledger }) => {
      let first: number | undefined;
      for (const orgId of orgIds) {
        const appended = await ledger.append(logContinued(orgId, continuation, now));
        if (!appended.ok) return appended;
        first = Math.min(first ?? appended.value.seq, appended.value.seq);
      }
      if (first === undefined) throw new Error('there is no organisation on whose record it could be');
      return ok({ ...continuation, seq: first });
    });
  }
}

function open(
  note: string,
  vkey: string,
): Result<{ readonly size: number; readonly root: Buffer }, CheckpointProblem> {
  const log = parseVkey(vkey);
  return log.ok ? openCheckpoint(note, log.value) : log;
}
