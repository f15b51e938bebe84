import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { EntryKind } from '../../ledger/entry.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { Carrier, Tracing } from './tracing.js';

/** PostgreSQL channel on which is told in which trace an entry was appended that becomes a job. */
export const TRACE_CHANNEL = 'assay_trace';
/** Of entries that are not dispatched yet; what was told and never dispatched here goes when others come. */
const KEPT = 2_000;
/** A notification takes 8,000 bytes; a `tracestate` may have 512. */
const told = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{32}$/),
  carrier: z.object({ traceparent: z.string().max(100), tracestate: z.string().max(1_024).optional() }),
});

/**
 * A ledger that tells, with the commit and just before the append's own notification, in which trace an entry is
 * appended that becomes a job. Nothing of it is stored: a worker that does not hear it begins a trace of its own.
 */
export const tellingLedger = (
  tracing: Tracing,
  on: EntityManager,
  ledger: Ledger,
  kinds: ReadonlySet<EntryKind>,
): Ledger => ({
  append: async (draft) => {
    if (tracing.current && kinds.has(draft.kind)) {
      const payload = JSON.stringify({ key: draft.key.toString('hex'), carrier: tracing.carrier() });
      await on.query('SELECT pg_notify($1, $2)', [TRACE_CHANNEL, payload]);
    }
    return ledger.append(draft);
  },
});

/** What a dispatcher has heard of the traces of entries, by their keys. */
export class EntryTraces {
  readonly #carriers = new Map<string, Carrier>();

  constructor(private readonly tracing: Tracing) {}

  /** Whether there is anything to look for. */
  get isEmpty(): boolean {
    return this.#carriers.size === 0;
  }

  /** What is not told by us is not heard. */
  hear(payload: string): void {
    try {
      const { key, carrier } = told.parse(JSON.parse(payload));
      const [oldest] = this.#carriers.keys();
      if (oldest !== undefined && this.#carriers.size >= KEPT) this.#carriers.delete(oldest);
      this.#carriers.set(key, carrier);
    } catch {
      // Anybody on the database may notify; a trace is no reason to fail.
    }
  }

  /** Does what puts an entry into its queue, as a part of the trace in which it was appended if that is known. */
  dispatch(
    key: string,
    entry: { kind: EntryKind; seq: number },
    add: () => Promise<unknown>,
  ): Promise<unknown> {
    const carrier = this.#carriers.get(key);
    if (!carrier) return add();
    this.#carriers.delete(key);
    const attributes = { 'assay.ledger.seq': entry.seq, 'assay.entry.kind': entry.kind };
    const beginning = { carrier, attributes };
    return this.tracing.root('dispatch entry', beginning, add);
  }
}
