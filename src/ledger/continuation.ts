import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/clock.js';
import { sha256 } from '../kernel/digest.js';
import type { EntryDraft } from './entry.js';
import type { ContinuedEntry } from './integrator.store.js';
import { checkStatement, parseLeaf } from './leaf.js';
import { readStatement } from './recorded-entry.js';

/** What an operator declared when a restored database could not continue its log (ADR 0014). */
export interface Continuation {
  /** Of the new log: a bare host name that never named another. */
  readonly origin: string;
  readonly formerOrigin: string;
  /** What the former log's checkpoints verify with. */
  readonly formerVkey: string;
  /** The former log's last checkpoint that is known: the whole signed note. */
  readonly formerCheckpoint: string;
  /** Entries of the former log that this one still has and can prove: up to its last checkpoint that it continues. */
  readonly keptSize: number;
}

export interface RecordedContinuation extends Continuation {
  readonly seq: number;
}

/** The entry that begins a new log on old entries. Once for each organisation, so that each has it on record. */
export function logContinued(orgId: string, continuation: Continuation, at: Instant): EntryDraft {
  const { origin, formerOrigin, formerCheckpoint } = continuation;
  const name = `log.continued\n${orgId}\n${origin}\n${formerCheckpoint}`;
  return {
    orgId,
    kind: 'log.continued',
    actor: 'system',
    subjects: [{ name: formerOrigin, digest: sha256(formerCheckpoint) }],
    facts: { tsStart: at, tsEnd: at, details: { ...continuation } },
    key: createHash('sha256').update(name).digest().subarray(0, 16),
  };
}

/** Reads a `log.continued` entry back; undefined unless the leaf, which the tree hashes, is of this very statement. */
export function readContinuation({ seq, leaf, statement }: ContinuedEntry): RecordedContinuation | undefined {
  const parsed = parseLeaf(leaf);
  if (!parsed.ok || checkStatement(parsed.value, statement) !== 'fits') return undefined;
  const recorded = readStatement(statement);
  if (!recorded.ok || recorded.value.kind !== 'log.continued') return undefined;
  const { origin, formerOrigin, formerVkey, formerCheckpoint, keptSize } = recorded.value.facts.details;
  if (typeof origin !== 'string' || typeof formerOrigin !== 'string' || typeof formerVkey !== 'string')
    return undefined;
  if (typeof formerCheckpoint !== 'string' || typeof keptSize !== 'number') return undefined;
  return { seq, origin, formerOrigin, formerVkey, formerCheckpoint, keptSize };
}

/** Which log a note is of, by its first line; nothing is authenticated. */
export const originOf = (note: string): string => note.slice(0, Math.max(0, note.indexOf('\n')));
