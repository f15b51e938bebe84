import { failed, ok, type Result } from '../kernel/result.js';
import type { EntryDraft } from './entry.js';
import type { Appended, Ledger } from './ledger.js';

export type AnyResult = Result<unknown, unknown>;

/** What one caller does in the transaction it shares: its own rows, then its entry. */
export type Member<Base> = (base: Base, ledger: Ledger) => Promise<AnyResult>;

/** Members, by their place, without whom the group may be tried again. */
export interface Culprits {
  readonly kind: 'Culprits';
  readonly places: ReadonlySet<number>;
}

type AppendAll = (drafts: readonly EntryDraft[]) => Promise<readonly Appended[]>;

/** How far a member has come: waiting for its entry to be written, ended, or thrown out. */
type Stage = 'waits' | 'threw' | AnyResult;

/**
 * Runs members in one transaction and writes what they append in one call of `appendAll`.
 *
 * One member at a time, up to its `append`: each sees the rows of those before it, as if their transactions had
 * been committed one after the other. Then all entries are written and every member goes on. The results count
 * only if all are ok; otherwise somebody failed or threw, and the transaction must be rolled back with all that
 * the others wrote. What `appendAll` throws is thrown.
 */
export async function runGroup<Base>(
  members: readonly Member<Base>[],
  base: Base,
  appendAll: AppendAll,
): Promise<Result<readonly AnyResult[], Culprits>> {
  const entries = new PendingEntries(appendAll);
  const runs: Promise<Stage>[] = [];
  for (const [place, member] of members.entries()) {
    const { waits, ledger } = entries.ledgerOfOne();
    const run = runOne(member, base, ledger);
    runs.push(run);
    if (hasFailed(await Promise.race([waits, run]))) {
      entries.abandon();
      await Promise.all(runs); // nobody is left on the connection when it rolls back
      return failed({ kind: 'Culprits', places: new Set([place]) });
    }
  }
  try {
    await entries.write();
  } finally {
    await Promise.all(runs);
  }
  const results = await Promise.all(runs);
  const culprits = results.flatMap((result, place) => (hasFailed(result) ? [place] : []));
  if (culprits.length > 0) return failed({ kind: 'Culprits', places: new Set(culprits) });
  return ok(results as readonly AnyResult[]);
}

/** Never rejects: what a member throws is thrown again when it is tried alone, to its own caller. */
async function runOne<Base>(member: Member<Base>, base: Base, ledger: Ledger): Promise<Stage> {
  try {
    return await member(base, ledger);
  } catch {
    return 'threw';
  }
}

const hasFailed = (stage: Stage): boolean => stage === 'threw' || (stage !== 'waits' && !stage.ok);

interface Pending {
  readonly draft: EntryDraft;
  readonly resolve: (outcome: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** Entries of one group until they are written together; what comes later is written at once. */
class PendingEntries {
  private readonly pending: Pending[] = [];
  private written = false;

  constructor(private readonly appendAll: AppendAll) {}

  /** A ledger for one member; `waits` resolves when it has appended. */
  ledgerOfOne(): { readonly waits: Promise<Stage>; readonly ledger: Ledger } {
    let told: (stage: Stage) => void = () => undefined;
    const waits = new Promise<Stage>((resolve) => (told = resolve));
    const append = (draft: EntryDraft): Promise<Appended> => {
      if (this.written) return this.appendOne(draft);
      told('waits');
      return new Promise((resolve, reject) => this.pending.push({ draft, resolve, reject }));
    };
    return { waits, ledger: { append } };
  }

  async write(): Promise<void> {
    this.written = true;
    try {
      const outcomes = await this.appendAll(this.pending.map(({ draft }) => draft));
      for (const [place, { resolve, reject }] of this.pending.entries()) {
        const outcome = outcomes[place];
        if (outcome) resolve(outcome);
        else reject(new Error('an entry of the group has no outcome'));
      }
    } catch (error) {
      for (const { reject } of this.pending) reject(error);
      throw error;
    }
  }

  /** Nothing will be written: who waits is sent home. */
  abandon(): void {
    this.written = true;
    for (const { reject } of this.pending) reject(new Error('the group was given up'));
  }

  private async appendOne(draft: EntryDraft): Promise<Appended> {
    const [outcome] = await this.appendAll([draft]);
    if (!outcome) throw new Error('an entry has no outcome');
    return outcome;
  }
}
