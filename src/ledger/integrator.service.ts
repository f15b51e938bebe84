import { createPublicKey } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { AppendSignal } from './append-signal.port.js';
import { signCheckpoint } from './checkpoint.js';
import type { CheckpointCopy } from './checkpoint-copy.port.js';
import { integrate, type IntegrationProblem } from './integration.js';
import { checkHistory, type HistoryProblem } from './integrator-history.service.js';
import type { Glance, IntegratorStore, StoredCheckpoint, TreeState } from './integrator.store.js';
import { logId, type NoteSigner, type NoteVerifier } from './signed-note.js';
import { partialTiles } from './tile.js';

/** Every problem means the same: what was signed once is no longer so. Refuse to sign, stop, and have a person look. */
export type IntegratorProblem =
  IntegrationProblem | HistoryProblem | { readonly kind: 'CopyChanged'; readonly size: number };

/** `standby`: another integrator leads. `idle`: nothing was new. */
export interface IntegratorStep {
  readonly status: 'standby' | 'idle' | 'signed';
  readonly size: number;
}

/** Entries between two checkpoints at most: about 4 MB of leaves, 100 ms of work, also when much has piled up. */
const BATCH = 5_000;
/** How long an append may go unnoticed when its signal is lost. */
const POLL_MS = 100;
/** At least so long from one checkpoint to the next: each costs a row and its unfinished tiles. */
const PACE_MS = 100;

const pollOnly: AppendSignal = {
  wait: (limitMs, signal) => wait(limitMs, undefined, { signal }).catch(() => undefined), // an abort ends it early
};

/** Grows the tree over new entries and signs it. The only holder of the log key. */
export class IntegratorService {
  readonly #log: NoteVerifier;
  /** What was found consistent last: as long as nothing differs from it, there is nothing to prove again. */
  #proven: string | undefined;

  /** `signer.name` is the log's origin: a bare host name, one for each incarnation of the log. */
  constructor(
    private readonly tx: InTransaction<IntegratorStore>,
    private readonly copy: CheckpointCopy,
    private readonly signer: NoteSigner,
    private readonly appends: AppendSignal = pollOnly,
  ) {
    const publicKey = createPublicKey(signer.privateKey);
    this.#log = { name: signer.name, keyId: logId(signer.name, publicKey).subarray(0, 4), publicKey };
  }

  /** Runs until aborted; returns the problem if one stops it. Outages of the database throw. */
  async run(signal: AbortSignal): Promise<Result<void, IntegratorProblem>> {
    while (!signal.aborted) {
      const began = performance.now();
      const step = await this.runOnce();
      if (!step.ok) return step;
      await this.appends.wait(POLL_MS, signal);
      const paceMs = began + PACE_MS - performance.now();
      if (paceMs > 0) await pollOnly.wait(paceMs, signal);
    }
    return ok(undefined);
  }

  /**
   * Integrates all that is new, commits, and only then signs: a checkpoint never says more than what is durable.
   * A crash between the two is made good by the next run. A refusal is noted where a metric shows it.
   */
  async runOnce(): Promise<Result<IntegratorStep, IntegratorProblem>> {
    const step = await this.#runOnce();
    if (step.ok) return step;
    const { problem } = step;
    await this.tx(async (store) => {
      await store.noteRefusal(problem.kind);
      return ok(undefined);
    }).catch(() => undefined); // it is also logged
    return step;
  }

  async #runOnce(): Promise<Result<IntegratorStep, IntegratorProblem>> {
    const seen = await this.tx<Glance, never>(async (store) => ok(await store.glance()));
    if (!seen.ok) return seen;
    const { state, latest, pending } = seen.value;
    if (!pending && this.#proven === proofOf({ state, latest }, await this.copy.read()))
      return ok({ status: 'idle', size: state.size });
    for (;;) {
      const grown = await this.tx((store) => this.#grow(store));
      if (!grown.ok) return grown;
      const step = await this.tx((store) => this.#sign(store));
      if (!step.ok || grown.value < BATCH) return step;
    }
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
    const { size } = state;
    const latest = await store.latestCheckpoint();
    const copied = await this.copy.read();
    const verdict = await checkHistory(store, this.#log, { state, latest, copied });
    if (!verdict.ok) return verdict;
    if (verdict.value === 'not-yet') return ok({ status: 'idle', size });
    await store.noteRefusal(undefined);
    if (latest?.size === size || size === 0) {
      this.#proven = proofOf({ state, latest }, copied);
      return ok({ status: 'idle', size });
    }
    const next = this.#signed(state);
    if (!(await this.copy.replace(copied, next.note))) return failed({ kind: 'CopyChanged', size });
    await store.publish(next);
    this.#proven = proofOf({ state, latest: next }, next.note);
    return ok({ status: 'signed', size });
  }

  #signed(state: TreeState): StoredCheckpoint {
    return { ...state, note: signCheckpoint({ ...state, origin: this.signer.name }, this.signer) };
  }
}

/** Everything that a verdict on the history was about. */
const proofOf = ({ state, latest }: Omit<Glance, 'pending'>, copied: string | undefined): string =>
  JSON.stringify([state.size, state.root.toString('hex'), latest?.size, latest?.note, copied]);
