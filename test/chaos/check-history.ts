import { CompactRange } from '../../src/ledger/compact-range.js';
import { hashLeaf } from '../../src/ledger/merkle.js';
import { KeyTable, Numbers, Records } from './key-table.js';

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

const EXAMPLES = 5;
const PREFIX_BYTES = 16; // of a digest: no two of 10^7 share it by chance

/**
 * Holds a ledger against what clients were told: one pass over the entries in order, then one over the history.
 * About 100 bytes per entry. Call `checkpoint` first, `entry` in the order of the table, then the rest.
 */
export class HistoryCheck {
  readonly #counts = Object.fromEntries(VIOLATIONS.map((name) => [name, 0])) as Record<Violation, number>;
  readonly #examples: string[] = [];
  readonly #heads = new Map<number, Buffer>();
  readonly #latestAt = new Map<string, number>();
  readonly #tree = new CompactRange();
  readonly #keys = new KeyTable();
  readonly #seqs = new Numbers(-1); // of a key's number
  readonly #contents = new Records(PREFIX_BYTES);
  readonly #hashes = new Records(PREFIX_BYTES);
  readonly #sentAt = new Numbers(-Infinity); // by number of the key
  readonly #ackedAt = new Numbers(Infinity);
  readonly #touched = new Numbers(0); // 1 sent, 2 acknowledged
  readonly #lost = new Set<string>();
  readonly #absent = new Set<string>();
  #answers = 0;
  #acknowledged = 0;
  #checkpoints = 0;
  #expected = 0;

  checkpoint({ size, root, place }: SeenCheckpoint): void {
    this.#checkpoints += 1;
    const before = this.#latestAt.get(place) ?? 0;
    if (size < before) this.#report('rolledBack', `${place} showed ${size} after ${before}`);
    this.#latestAt.set(place, size);
    const known = this.#heads.get(size);
    if (known && !known.equals(root)) this.#report('forked', `two roots were published for size ${size}`);
    else this.#heads.set(size, root);
  }

  entry({ seq, key, content, leaf, leafHash }: StoredEntry): void {
    if (seq !== this.#expected) this.#report('gaps', `entry ${seq} where ${this.#expected} was to come`);
    this.#expected = seq + 1;
    const hash = hashLeaf(Buffer.from(leaf));
    if (!hash.equals(leafHash)) this.#report('leafChanged', `entry ${seq}: the hash of the leaf is another`);
    this.#tree.append(hash);
    this.#meet();
    if (!key) {
      this.#report('keyless', `entry ${seq}`);
      return;
    }
    const number = this.#keys.add(key);
    if (number === undefined) {
      const first = this.#seqs.at(this.#keys.find(key)!);
      this.#report('duplicated', `key ${key.toString('hex')} at ${first} and ${seq}`);
      return;
    }
    this.#seqs.set(number, seq);
    this.#contents.push(content);
    this.#hashes.push(leafHash);
  }

  /** A key that is about to be sent for the first time. */
  sent(key: Buffer): void {
    const number = this.#keys.find(key);
    if (number === undefined) this.#absent.add(key.toString('hex'));
    else this.#touched.set(number, Math.max(1, this.#touched.at(number)));
  }

  acknowledged(ack: Acknowledged): void {
    this.#answers += 1;
    const number = this.#keys.find(ack.key);
    if (number === undefined) {
      const name = ack.key.toString('hex');
      if (!this.#lost.has(name)) this.#report('lost', `key ${name}, acknowledged at ${ack.seq ?? '?'}`);
      this.#lost.add(name);
      return;
    }
    if (this.#touched.at(number) !== 2) this.#acknowledged += 1;
    this.#touched.set(number, 2);
    const before = this.#sentAt.at(number);
    this.#sentAt.set(number, before === -Infinity ? ack.sentAt : Math.min(before, ack.sentAt));
    this.#ackedAt.set(number, Math.min(this.#ackedAt.at(number), ack.ackedAt));
    this.#compare(number, ack);
  }

  #compare(number: number, { key, seq, content, leafHash }: Acknowledged): void {
    const stored = this.#seqs.at(number);
    if (seq !== undefined && seq !== stored)
      this.#report('displaced', `key ${key.toString('hex')}: acknowledged at ${seq}, stored at ${stored}`);
    if (content && !this.#contents.at(number).equals(content.subarray(0, PREFIX_BYTES)))
      this.#report('contentChanged', `entry ${stored} does not say what was acknowledged`);
    if (leafHash && !this.#hashes.at(number).equals(leafHash.subarray(0, PREFIX_BYTES)))
      this.#report('leafChanged', `entry ${stored} has another leaf than the one acknowledged`);
  }

  verdict(): Verdict {
    for (const [size, root] of this.#heads)
      if (size > this.#tree.size)
        this.#report('forked', `a checkpoint of ${size} entries was published: ${root.toString('base64')}`);
    this.#checkOrder();
    let durableUnacknowledged = 0;
    for (let number = 0; number < this.#keys.count; number += 1)
      if (this.#touched.at(number) === 1) durableUnacknowledged += 1;
    return {
      entries: this.#tree.size,
      acknowledged: this.#acknowledged + this.#lost.size,
      answers: this.#answers,
      durableUnacknowledged,
      neverDurable: [...this.#absent].filter((name) => !this.#lost.has(name)).length,
      checkpoints: this.#checkpoints,
      counts: { ...this.#counts },
      examples: [...this.#examples],
      accepted: VIOLATIONS.every((name) => this.#counts[name] === 0),
    };
  }

  /**
   * Real-time order: whatever was acknowledged before an entry was sent has a smaller number. From the largest
   * number down, the earliest acknowledgement among the larger ones must not come before the send of this one.
   */
  #checkOrder(): void {
    let earliest = Infinity;
    let whose = -1;
    for (let number = this.#keys.count - 1; number >= 0; number -= 1) {
      const seq = this.#seqs.at(number);
      if (earliest < this.#sentAt.at(number))
        this.#report('reordered', `entry ${whose} was acknowledged before entry ${seq} was sent`);
      if (this.#ackedAt.at(number) < earliest) [earliest, whose] = [this.#ackedAt.at(number), seq];
    }
  }

  #meet(): void {
    const head = this.#heads.get(this.#tree.size);
    if (head && !head.equals(this.#tree.root()))
      this.#report('forked', `the checkpoint of ${this.#tree.size} entries is not of this tree`);
  }

  #report(name: Violation, detail: string): void {
    this.#counts[name] += 1;
    if (this.#counts[name] <= EXAMPLES) this.#examples.push(`${name}: ${detail}`);
  }
}
