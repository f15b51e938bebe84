import { z } from 'zod';
import type { EntryKind } from '../../ledger/entry.js';

/** Every job says only which entry it is about: all facts are in the ledger. */
export const entryJob = z.strictObject({ seq: z.int().min(0) });
export type EntryJob = z.infer<typeof entryJob>;

export interface QueueSpec {
  readonly name: string;
  /** Entries of this kind become its jobs. */
  readonly kind: EntryKind;
  /** Under which it notes what it has handled; never renamed. */
  readonly reader: string;
  readonly attempts: number;
  readonly firstBackOffMs: number;
  readonly concurrency: number;
}

/** The queues there are. A test proves that each has exactly one processor. */
export const QUEUES = {
  normalise: {
    name: 'normalise',
    kind: 'evidence.received',
    reader: 'normalise',
    attempts: 8,
    firstBackOffMs: 250,
    concurrency: 2,
  },
  // One at a time in each worker: a pack of a large log reads all of it.
  export: {
    name: 'export',
    kind: 'export.requested',
    reader: 'export',
    attempts: 8,
    firstBackOffMs: 1_000,
    concurrency: 1,
  },
  // A scanner fills a core; more at once would only make each of them later.
  scan: {
    name: 'scan',
    kind: 'scan.requested',
    reader: 'scan',
    attempts: 8,
    firstBackOffMs: 1_000,
    concurrency: 2,
  },
} as const satisfies Readonly<Record<string, QueueSpec>>;
