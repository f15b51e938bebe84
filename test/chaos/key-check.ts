import { PREFIX_BYTES, type Acknowledged, type Report } from './history.js';
import { KeyTable, Numbers, Records } from './key-table.js';

/** What is checked of an entry by its key. */
export interface KeyedEntry {
  readonly key: Buffer;
  readonly seq: number;
  /** The first bytes of its digests. */
  readonly content: Buffer;
  readonly hash: Buffer;
}

const SENT = 1;
const ACKNOWLEDGED = 2;

/** Entries and history of some keys: first the entries in the order of `seq`, then what was sent and acknowledged. */
export class KeyCheck {
  readonly #keys = new KeyTable();
  readonly #seqs = new Numbers(-1); // of a key's number
  readonly #contents = new Records(PREFIX_BYTES);
  readonly #hashes = new Records(PREFIX_BYTES);
  readonly #sentAt = new Numbers(-Infinity); // by number of the key
  readonly #ackedAt = new Numbers(Infinity);
  readonly #touched = new Numbers(0);
  readonly #lost = new Set<string>();
  readonly #absent = new Set<string>();
  #acknowledged = 0;

  constructor(private readonly report: Report) {}

  entry({ key, seq, content, hash }: KeyedEntry): void {
    const number = this.#keys.add(key);
    if (number === undefined) {
      const first = this.#seqs.at(this.#keys.find(key)!);
      this.report('duplicated', `key ${key.toString('hex')} at ${first} and ${seq}`);
      return;
    }
    this.#seqs.set(number, seq);
    this.#contents.push(content);
    this.#hashes.push(hash);
  }

  sent(key: Buffer): void {
    const number = this.#keys.find(key);
    if (number === undefined) this.#absent.add(key.toString('hex'));
    else this.#touched.set(number, Math.max(SENT, this.#touched.at(number)));
  }

  acknowledged(ack: Acknowledged): void {
    const number = this.#keys.find(ack.key);
    if (number === undefined) {
      const name = ack.key.toString('hex');
      if (!this.#lost.has(name)) this.report('lost', `key ${name}, acknowledged at ${ack.seq ?? '?'}`);
      this.#lost.add(name);
      return;
    }
    if (this.#touched.at(number) !== ACKNOWLEDGED) this.#acknowledged += 1;
    this.#touched.set(number, ACKNOWLEDGED);
    const before = this.#sentAt.at(number);
    this.#sentAt.set(number, before === -Infinity ? ack.sentAt : Math.min(before, ack.sentAt));
    this.#ackedAt.set(number, Math.min(this.#ackedAt.at(number), ack.ackedAt));
    this.#compare(number, ack);
  }

  /** Distinct keys. */
  get acknowledgedKeys(): number {
    return this.#acknowledged + this.#lost.size;
  }

  get durableUnacknowledged(): number {
    let count = 0;
    for (let number = 0; number < this.#keys.count; number += 1)
      if (this.#touched.at(number) === SENT) count += 1;
    return count;
  }

  get neverDurable(): number {
    return [...this.#absent].filter((name) => !this.#lost.has(name)).length;
  }

  /** Of every entry that was acknowledged: first send and first answer. */
  *times(): Generator<{ readonly seq: number; readonly sentAt: number; readonly ackedAt: number }> {
    for (let number = 0; number < this.#keys.count; number += 1)
      if (this.#touched.at(number) === ACKNOWLEDGED)
        yield {
          seq: this.#seqs.at(number),
          sentAt: this.#sentAt.at(number),
          ackedAt: this.#ackedAt.at(number),
        };
  }

  #compare(number: number, { key, seq, content, leafHash }: Acknowledged): void {
    const stored = this.#seqs.at(number);
    if (seq !== undefined && seq !== stored)
      this.report('displaced', `key ${key.toString('hex')}: acknowledged at ${seq}, stored at ${stored}`);
    if (content && !this.#contents.at(number).equals(content.subarray(0, PREFIX_BYTES)))
      this.report('contentChanged', `entry ${stored} does not say what was acknowledged`);
    if (leafHash && !this.#hashes.at(number).equals(leafHash.subarray(0, PREFIX_BYTES)))
      this.report('leafChanged', `entry ${stored} has another leaf than the one acknowledged`);
  }
}
