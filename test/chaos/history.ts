/** What a client was told. Times are microseconds of one monotonic clock that all processes of the machine share. */
export interface Acknowledged {
  readonly key: Buffer;
  /** Undefined where the API's answer does not name the entry: then only that there is one is checked. */
  readonly seq?: number;
  /** Content digest that the client computed by itself. */
  readonly content?: Buffer;
  /** As the API told it. */
  readonly leafHash?: Buffer;
  /** First send of this key, by whichever process. */
  readonly sentAt: number;
  readonly ackedAt: number;
}

/** An entry as it is stored when all is over, in the order of `seq`. */
export interface StoredEntry {
  readonly seq: number;
  /** Undefined when no idempotency record points here. */
  readonly key: Buffer | undefined;
  readonly content: Buffer;
  readonly leaf: string;
  readonly leafHash: Buffer;
}

/** A published tree head that somebody saw while it all happened. */
export interface SeenCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** Where it was seen: within one place heads never get smaller. */
  readonly place: string;
}

export const VIOLATIONS = [
  'lost', // acknowledged, and not in the ledger
  'displaced', // acknowledged at one number, stored at another (or acknowledged at two)
  'duplicated', // two entries of one key
  'gaps', // a number is missing or comes twice
  'contentChanged', // the entry at the number says something else than what was acknowledged
  'leafChanged', // a leaf, its stored hash and the acknowledged hash do not agree
  'keyless', // an entry without its idempotency record: a retry would make a second one
  'reordered', // acknowledged before the other was sent, and numbered after it
  'forked', // a checkpoint that was seen is no prefix of the final tree, or is larger than it
  'rolledBack', // a place showed a smaller checkpoint after a larger one
] as const;
export type Violation = (typeof VIOLATIONS)[number];

export interface Verdict {
  readonly entries: number;
  /** Distinct keys that were acknowledged. */
  readonly acknowledged: number;
  /** Answers in all: retries of an acknowledged key are answered again. */
  readonly answers: number;
  /** Sent and stored, but the answer never arrived: allowed, and what a retry is for. */
  readonly durableUnacknowledged: number;
  /** Sent, never answered and not stored: allowed. */
  readonly neverDurable: number;
  readonly checkpoints: number;
  readonly counts: Readonly<Record<Violation, number>>;
  /** The first few of each, in words. */
  readonly examples: readonly string[];
  readonly accepted: boolean;
}

/** Of a digest: no two of 10^7 share it by chance. */
export const PREFIX_BYTES = 16;

export type Report = (name: Violation, detail: string) => void;
