import { failed, ok, type Result } from '../kernel/result.js';
import { openCheckpoint, parseCheckpoint, type Checkpoint, type CheckpointProblem } from './checkpoint.js';
import { originOf, readContinuation, type RecordedContinuation } from './continuation.js';
import type { IntegratorStore, StoredCheckpoint, TreeState } from './integrator.store.js';
import { parseNote, type NoteVerifier } from './signed-note.js';
import { consistencyTiles, readerOf, TileTree } from './tile-tree.js';

/** Where a checkpoint was found: in the database, or in the second place. */
export type CheckpointSource = 'checkpoint' | 'copy';

export type HistoryProblem =
  | {
      readonly kind: 'HistoryInconsistent';
      readonly with: CheckpointSource;
      readonly signedSize: number;
      readonly size: number;
    }
  | {
      readonly kind: 'CheckpointUnreadable';
      readonly of: CheckpointSource;
      readonly cause: CheckpointProblem;
    }
  | { readonly kind: 'CopyMissing'; readonly signedSize: number };

export interface History {
  readonly state: TreeState;
  readonly latest: StoredCheckpoint | undefined;
  readonly copied: string | undefined;
}

/**
 * Whether the tree continues all that this log has signed, by the database and by the copy. Checkpoints of
 * another origin count as history only where a `log.continued` entry of the tree says that this log took over
 * from there (ADR 0014); `not-yet` while the tree does not hold that entry.
 */
export async function checkHistory(
  store: IntegratorStore,
  log: NoteVerifier,
  { state, latest, copied }: History,
): Promise<Result<'consistent' | 'not-yet', HistoryProblem>> {
  const isFormer = (note: string | undefined): note is string =>
    note !== undefined && originOf(note) !== log.name;
  const continuation =
    isFormer(copied) || isFormer(latest?.note)
      ? await takenOver(store, log.name, copied ?? latest?.note)
      : undefined;
  if (latest && copied === undefined && !continuation)
    return failed({ kind: 'CopyMissing', signedSize: latest.size });
  const sources: (readonly [CheckpointSource, string])[] = [];
  // What the former log signed last is what this database no longer has: declared, and therefore not held against it.
  if (copied !== undefined && !(continuation && isFormer(copied))) sources.push(['copy', copied]);
  if (latest && latest.note !== copied) sources.push(['checkpoint', latest.note]);
  for (const [of, note] of sources) {
    const signed = continuation && isFormer(note) ? unsigned(note) : openCheckpoint(note, log);
    if (!signed.ok) return failed({ kind: 'CheckpointUnreadable', of, cause: signed.problem });
    if (!(await continues(store, state, signed.value)))
      return failed({
        kind: 'HistoryInconsistent',
        with: of,
        signedSize: signed.value.size,
        size: state.size,
      });
  }
  return ok(continuation && state.size <= continuation.seq ? 'not-yet' : 'consistent');
}

/**
 * The entry by which `origin` took over. While nothing is signed under it, it must name the very note that is
 * held; afterwards the copy is of `origin` itself, and only what the database kept is of the former log.
 */
async function takenOver(
  store: IntegratorStore,
  origin: string,
  held: string | undefined,
): Promise<RecordedContinuation | undefined> {
  const declared = (await store.continuations()).map(readContinuation).filter((each) => each !== undefined);
  return declared
    .toReversed() // the first of this origin: every organisation has one
    .find(
      (each) =>
        each.origin === origin &&
        held !== undefined &&
        (originOf(held) === origin || each.formerCheckpoint === held),
    );
}

/** For what the former log signed: its key need not be at hand, for nothing is decided on its word. */
function unsigned(note: string): Result<Checkpoint, CheckpointProblem> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
}

async function continues(
  store: IntegratorStore,
  { size, root }: TreeState,
  old: Pick<Checkpoint, 'size' | 'root'>,
): Promise<boolean> {
  if (old.size > size) return false;
  const wanted = consistencyTiles(old.size, size);
  const tiles = await store.tiles(wanted);
  if (tiles.length !== wanted.length) return false; // what cannot be proved is not signed
  return new TileTree(size, readerOf(tiles)).continues({ oldSize: old.size, oldRoot: old.root }, root);
}
