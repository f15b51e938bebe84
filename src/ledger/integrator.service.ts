import { createPublicKey } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { openCheckpoint, signCheckpoint, type CheckpointProblem } from './checkpoint.js';
import type { CheckpointCopy } from './checkpoint-copy.port.js';
import { integrate, type IntegrationProblem } from './integration.js';
import type { IntegratorStore, StoredCheckpoint, TreeState } from './integrator.store.js';
import { logId, type NoteSigner, type NoteVerifier } from './signed-note.js';
import { partialTiles } from './tile.js';
import { TileTree } from './tile-tree.js';

/** Every problem means the same: what was signed once is no longer so. Refuse to sign, stop, and have a person look. */
export type IntegratorProblem =
  | IntegrationProblem
  | {
      readonly kind: 'HistoryInconsistent';
      readonly with: 'checkpoint' | 'copy';
      readonly signedSize: number;
      readonly size: number;
    }
  | {
      readonly kind: 'CheckpointUnreadable';
      readonly of: 'checkpoint' | 'copy';
      readonly cause: CheckpointProblem;
    }
  | { readonly kind: 'CopyMissing'; readonly signedSize: number }
  | { readonly kind: 'CopyChanged'; readonly size: number };

/** `standby`: another integrator leads. `idle`: nothing was new. */
export interface IntegratorStep {
  readonly status: 'standby' | 'idle' | 'signed';
  readonly size: number;
}

/** Entries taken in one transaction: about 14 MB of leaves, a second of work. */
const BATCH = 20_000;
const POLL_MS = 100;

/** Grows the tree over new entries and signs it. The only holder of the log key. */
export class IntegratorService {
  readonly #log: NoteVerifier;

  /** `signer.name` is the log's origin: a bare host name, one for each incarnation of the log. */
  constructor(
    private readonly tx: InTransaction<IntegratorStore>,
    private readonly copy: CheckpointCopy,
    private readonly signer: NoteSigner,
  ) {
    const publicKey = createPublicKey(signer.privateKey);
    this.#log = { name: signer.name, keyId: logId(signer.name, publicKey).subarray(0, 4), publicKey };
  }

  /** Runs until aborted; returns the problem if one stops it. Outages of the database throw. */
  async run(signal: AbortSignal): Promise<Result<void, IntegratorProblem>> {
    while (!signal.aborted) {
      const step = await this.runOnce();
      if (!step.ok) return step;
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined); // an abort ends the wait early
    }
    return ok(undefined);
  }

  /**
   * Integrates all that is new, commits, and only then signs: a checkpoint never says more than what is durable.
   * A crash between the two is made good by the next run.
   */
  async runOnce(): Promise<Result<IntegratorStep, IntegratorProblem>> {
    for (;;) {
      const grown = await this.tx((store) => this.#grow(store));
      if (!grown.ok) return grown;
      if (grown.value < BATCH) break;
    }
    return this.tx((store) => this.#sign(store));
  }

  /** How many entries were integrated; 0 also when another leads. */
  async #grow(store: IntegratorStore): Promise<Result<number, IntegratorProblem>> {
    if (!(await store.lead())) return ok(0);
    const state = await store.state();
    const entries = await store.entriesFrom(state.size, BATCH);
    if (entries.length === 0) return ok(0);
    const growth = integrate(state, await store.tiles(partialTiles(state.size)), entries);
    if (!growth.ok) return growth;
    await store.advance(growth.value.state, growth.value.tiles);
    return ok(entries.length);
  }

  /** The copy is written before the checkpoint is published, so that it can be ahead of the database, never behind. */
  async #sign(store: IntegratorStore): Promise<Result<IntegratorStep, IntegratorProblem>> {
    if (!(await store.lead())) return ok({ status: 'standby', size: 0 });
    const state = await store.state();
    const latest = await store.latestCheckpoint();
    const copied = await this.copy.read();
    if (latest && copied === undefined) return failed({ kind: 'CopyMissing', signedSize: latest.size });
    for (const [source, note] of [
      ['checkpoint', latest?.note],
      ['copy', copied],
    ] as const) {
      const problem =
        note === undefined ? undefined : await this.#contradiction(store, state, { source, note });
      if (problem) return failed(problem);
    }
    const { size } = state;
    if (latest?.size === size || size === 0) return ok({ status: 'idle', size });
    const next: StoredCheckpoint = {
      ...state,
      note: signCheckpoint({ ...state, origin: this.signer.name }, this.signer),
    };
    if (!(await this.copy.replace(copied, next.note))) return failed({ kind: 'CopyChanged', size });
    await store.publish(next);
    return ok({ status: 'signed', size });
  }

  /** What is wrong between a checkpoint that we signed and the tree as it stands; undefined when the tree continues it. */
  async #contradiction(
    store: IntegratorStore,
    state: TreeState,
    { source, note }: { source: 'checkpoint' | 'copy'; note: string },
  ): Promise<IntegratorProblem | undefined> {
    const signed = openCheckpoint(note, this.#log);
    if (!signed.ok) return { kind: 'CheckpointUnreadable', of: source, cause: signed.problem };
    const { size: oldSize, root: oldRoot } = signed.value;
    const tree = new TileTree(state.size, async (id) => {
      const [tile] = await store.tiles([id]);
      if (!tile) throw new Error(`tile ${JSON.stringify(id)} is missing`);
      return tile;
    });
    const continues = await tree.continues({ oldSize, oldRoot }, state.root);
    return continues
      ? undefined
      : { kind: 'HistoryInconsistent', with: source, signedSize: oldSize, size: state.size };
  }
}
