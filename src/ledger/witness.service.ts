import { setTimeout as wait } from 'node:timers/promises';
import { ok } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { StoredCheckpoint } from './integrator.store.js';
import { consistencyTiles, readerOf, TileTree } from './tile-tree.js';
import { cosignatureLine } from './witness-key.js';
import type { PolicyWitness, WitnessPolicy } from './witness-policy.js';
import type { WitnessAnswer, WitnessClient } from './witness.port.js';
import type { WitnessStore } from './witness.store.js';

/** Why a witness did not cosign, in words that an operator can act on. */
export interface WitnessRefusal {
  readonly witness: string;
  readonly size: number;
  readonly reason: string;
}

/** `idle`: the latest checkpoint is cosigned, or there is none. */
export interface WitnessRound {
  readonly status: 'idle' | 'met' | 'unmet';
  readonly size: number;
  readonly refusals: readonly WitnessRefusal[];
}

/** From one round to the next: public witnesses limit how often they are asked. */
const PACE_MS = 1_000;
const RETRY_MS = 5_000;
/** What slower witnesses are given once the quorum is met. */
const GRACE_MS = 500;

const REASONS: Readonly<Record<number, string>> = {
  400: 'it says that our sizes are wrong',
  403: 'it does not know the key that signs this log',
  404: 'it does not know this log',
  422: 'it holds another history of this log: a fork, or a restored database',
  429: 'it is asked too often',
};

/**
 * Has witnesses cosign the latest checkpoint. Beside the integrator, never in its way: what is not cosigned is
 * signed and provable all the same, and published as cosigned when a quorum has seen it.
 */
export class WitnessService {
  /** What each witness cosigned last, as far as we know; it corrects us. */
  readonly #sizes = new Map<string, number>();
  readonly #told = new Map<string, string>();

  constructor(
    private readonly tx: InTransaction<WitnessStore>,
    private readonly policy: WitnessPolicy,
    private readonly client: WitnessClient,
    /** Told once for each new reason. */
    private readonly onRefusal: (refusal: WitnessRefusal) => void,
  ) {}

  /** How each witness of the policy stands: what it cosigned last, and why not more where it did not. */
  standing(): readonly {
    readonly witness: string;
    readonly size: number;
    readonly reason: string | undefined;
  }[] {
    return this.policy.witnesses.map(({ name: witness }) => ({
      ...{ witness, size: this.#sizes.get(witness) ?? 0, reason: this.#told.get(witness) },
    }));
  }

  /** Runs until aborted. Outages of the database throw. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { status } = await this.runOnce(signal);
      await wait(status === 'unmet' ? RETRY_MS : PACE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async runOnce(signal: AbortSignal): Promise<WitnessRound> {
    const found = await this.tx<StoredCheckpoint | undefined, never>(async (store) =>
      ok(await store.awaiting()),
    );
    const checkpoint = found.ok ? found.value : undefined;
    if (!checkpoint) return { status: 'idle', size: 0, refusals: [] };
    const { lines, refusals } = await this.#ask(checkpoint, signal);
    const { size, note } = checkpoint;
    if (!this.policy.isMetBy(new Set(lines.keys()))) return { status: 'unmet', size, refusals };
    const cosigned = note + [...lines.values()].map((line) => `${line}\n`).join('');
    await this.tx(async (store) => {
      await store.cosign(size, cosigned);
      return ok(undefined);
    });
    return { status: 'met', size, refusals };
  }

  /** All at once; whoever is still silent a moment after the quorum is met has to wait for the next round. */
  async #ask(
    checkpoint: StoredCheckpoint,
    signal: AbortSignal,
  ): Promise<{ lines: ReadonlyMap<string, string>; refusals: readonly WitnessRefusal[] }> {
    const lines = new Map<string, string>();
    const refusals: WitnessRefusal[] = [];
    const enough = new AbortController();
    let grace: NodeJS.Timeout | undefined;
    const until = AbortSignal.any([signal, enough.signal]);
    await Promise.all(
      this.policy.witnesses.map(async (witness) => {
        const answer = await this.#cosignatureBy(witness, checkpoint, until);
        if (until.aborted) return;
        this.#tell(witness, checkpoint.size, answer, refusals);
        if (answer.line === undefined) return;
        lines.set(witness.name, answer.line);
        if (this.policy.isMetBy(new Set(lines.keys())))
          grace ??= setTimeout(() => {
            enough.abort();
          }, GRACE_MS);
      }),
    );
    clearTimeout(grace);
    return { lines, refusals };
  }

  async #cosignatureBy(
    witness: PolicyWitness,
    checkpoint: StoredCheckpoint,
    signal: AbortSignal,
  ): Promise<{ line?: string; reason?: string }> {
    const { size, note } = checkpoint;
    const old = Math.min(this.#sizes.get(witness.name) ?? 0, size);
    let answer = await this.#submit(witness, checkpoint, old, signal);
    if (answer.kind === 'stale' && answer.size > size)
      return {
        reason: `it has seen ${String(answer.size)} entries, more than there are: a restored database`,
      };
    if (answer.kind === 'stale') answer = await this.#submit(witness, checkpoint, answer.size, signal);
    if (answer.kind === 'stale') return { reason: 'its size changed while it was asked' };
    if (answer.kind === 'unreachable') return { reason: `no answer: ${answer.detail}` };
    if (answer.kind === 'refused')
      return { reason: `${String(answer.status)}: ${REASONS[answer.status] ?? 'unexpected'}` };
    const line = cosignatureLine(note, answer.lines, witness.key);
    if (line === undefined) return { reason: 'its answer holds no good cosignature of its key' };
    this.#sizes.set(witness.name, size);
    return { line };
  }

  async #submit(
    { url }: PolicyWitness,
    { size, note }: StoredCheckpoint,
    old: number,
    signal: AbortSignal,
  ): Promise<WitnessAnswer> {
    if (url === undefined) return { kind: 'unreachable', detail: 'the policy gives no URL' };
    const tiles = await this.tx(async (store) => ok(await store.tiles(consistencyTiles(old, size))));
    const proof = await new TileTree(size, readerOf(tiles.ok ? tiles.value : [])).consistencyProof(old);
    const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
    return this.client.submit({ url, body: `old ${String(old)}\n${lines}\n${note}` }, signal);
  }

  #tell(
    { name }: PolicyWitness,
    size: number,
    { reason }: { reason?: string },
    refusals: WitnessRefusal[],
  ): void {
    if (reason === undefined) {
      this.#told.delete(name);
      return;
    }
    const refusal = { witness: name, size, reason };
    refusals.push(refusal);
    if (this.#told.get(name) !== reason) this.onRefusal(refusal);
    this.#told.set(name, reason);
  }
}
