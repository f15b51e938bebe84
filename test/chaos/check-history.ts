import { CompactRange } from '../../src/ledger/compact-range.js';
import { hashLeaf } from '../../src/ledger/merkle.js';
import {
  VIOLATIONS,
  PREFIX_BYTES,
  type Acknowledged,
  type StoredEntry,
  type SeenCheckpoint,
  type Violation,
  type Verdict,
  type Report,
} from './history.js';
import { KeyCheck } from './key-check.js';
import { Spill } from './spill.js';

const EXAMPLES = 5;
const KEY_BYTES = 16;
/** By the first byte of the key: 10 million entries are 40,000 in each. */
const pileOfKey = (key: Buffer): number => key.readUInt8(0);
/** By number, for the order: 2 MB of each. */
const SEQS_PER_PILE = 2 ** 17;

const ENTRY = { key: 0, seq: 16, content: 24, hash: 40, width: 56 };
const ACK = { key: 0, given: 16, seq: 17, content: 25, hash: 41, sentAt: 57, ackedAt: 65, width: 73 };
const GIVEN = { seq: 1, content: 2, hash: 4 };
const TIMES = { seq: 0, sentAt: 8, ackedAt: 16, width: 24 };

/**
 * Holds a ledger against what clients were told. Call `checkpoint` first, `entry` in the order of the table, then
 * the rest in any order. What is about one key is sorted into piles in `folder` and judged pile by pile at the end,
 * so that memory stays below 100 MB however long the history is; the disk takes about 200 bytes an entry.
 */
export class HistoryCheck {
  readonly #counts = Object.fromEntries(VIOLATIONS.map((name) => [name, 0])) as Record<Violation, number>;
  readonly #examples: string[] = [];
  readonly #heads = new Map<number, Buffer>();
  readonly #latestAt = new Map<string, number>();
  readonly #tree = new CompactRange();
  readonly #entries: Spill;
  readonly #sent: Spill;
  readonly #acks: Spill;
  readonly #times: Spill;
  #answers = 0;
  #checkpoints = 0;
  #expected = 0;

  constructor(folder: string) {
    this.#entries = new Spill(folder, 'entries', ENTRY.width);
    this.#sent = new Spill(folder, 'sent', KEY_BYTES);
    this.#acks = new Spill(folder, 'acknowledged', ACK.width);
    this.#times = new Spill(folder, 'times', TIMES.width);
  }

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
    const record = this.#entries.add(pileOfKey(key));
    key.copy(record, ENTRY.key);
    record.writeDoubleLE(seq, ENTRY.seq);
    content.copy(record, ENTRY.content, 0, PREFIX_BYTES);
    leafHash.copy(record, ENTRY.hash, 0, PREFIX_BYTES);
  }

  /** A key that is about to be sent for the first time. */
  sent(key: Buffer): void {
    key.copy(this.#sent.add(pileOfKey(key)));
  }

  acknowledged({ key, seq, content, leafHash, sentAt, ackedAt }: Acknowledged): void {
    this.#answers += 1;
    const record = this.#acks.add(pileOfKey(key));
    key.copy(record, ACK.key);
    record.writeUInt8(
      (seq === undefined ? 0 : GIVEN.seq) | (content ? GIVEN.content : 0) | (leafHash ? GIVEN.hash : 0),
      ACK.given,
    );
    record.writeDoubleLE(seq ?? 0, ACK.seq);
    content?.copy(record, ACK.content, 0, PREFIX_BYTES);
    leafHash?.copy(record, ACK.hash, 0, PREFIX_BYTES);
    record.writeDoubleLE(sentAt, ACK.sentAt);
    record.writeDoubleLE(ackedAt, ACK.ackedAt);
  }

  verdict(): Verdict {
    for (const [size, root] of this.#heads)
      if (size > this.#tree.size)
        this.#report('forked', `a checkpoint of ${size} entries was published: ${root.toString('base64')}`);
    const sums = { acknowledged: 0, durableUnacknowledged: 0, neverDurable: 0 };
    const piles = new Set([...this.#entries.piles, ...this.#sent.piles, ...this.#acks.piles]);
    for (const pile of piles) {
      const keys = this.#checkKeys(pile);
      sums.acknowledged += keys.acknowledgedKeys;
      sums.durableUnacknowledged += keys.durableUnacknowledged;
      sums.neverDurable += keys.neverDurable;
    }
    this.#checkOrder();
    return {
      entries: this.#tree.size,
      answers: this.#answers,
      ...sums,
      checkpoints: this.#checkpoints,
      counts: { ...this.#counts },
      examples: [...this.#examples],
      accepted: VIOLATIONS.every((name) => this.#counts[name] === 0),
    };
  }

  #checkKeys(pile: number): KeyCheck {
    const check = new KeyCheck(this.#report);
    for (const record of this.#entries.records(pile))
      check.entry({
        key: record.subarray(ENTRY.key, ENTRY.key + KEY_BYTES),
        seq: record.readDoubleLE(ENTRY.seq),
        content: record.subarray(ENTRY.content, ENTRY.content + PREFIX_BYTES),
        hash: record.subarray(ENTRY.hash, ENTRY.hash + PREFIX_BYTES),
      });
    for (const record of this.#sent.records(pile)) check.sent(record);
    for (const record of this.#acks.records(pile)) check.acknowledged(readAck(record));
    for (const { seq, sentAt, ackedAt } of check.times()) {
      const record = this.#times.add(Math.floor(seq / SEQS_PER_PILE));
      record.writeDoubleLE(seq, TIMES.seq);
      record.writeDoubleLE(sentAt, TIMES.sentAt);
      record.writeDoubleLE(ackedAt, TIMES.ackedAt);
    }
    return check;
  }

  /**
   * Real-time order: whatever was acknowledged before an entry was sent has a smaller number. From the largest
   * number down, the earliest acknowledgement among the larger ones must not come before the send of this one.
   */
  #checkOrder(): void {
    let earliest = Infinity;
    let whose = -1;
    for (const pile of this.#times.piles.toReversed()) {
      const sent = new Float64Array(SEQS_PER_PILE).fill(-Infinity);
      const acked = new Float64Array(SEQS_PER_PILE).fill(Infinity);
      const from = pile * SEQS_PER_PILE;
      for (const record of this.#times.records(pile)) {
        const at = record.readDoubleLE(TIMES.seq) - from;
        sent[at] = record.readDoubleLE(TIMES.sentAt);
        acked[at] = record.readDoubleLE(TIMES.ackedAt);
      }
      for (let at = SEQS_PER_PILE - 1; at >= 0; at -= 1) {
        if (earliest < sent[at]!)
          this.#report('reordered', `entry ${whose} was acknowledged before entry ${from + at} was sent`);
        if (acked[at]! < earliest) [earliest, whose] = [acked[at]!, from + at];
      }
    }
  }

  #meet(): void {
    const head = this.#heads.get(this.#tree.size);
    if (head && !head.equals(this.#tree.root()))
      this.#report('forked', `the checkpoint of ${this.#tree.size} entries is not of this tree`);
  }

  readonly #report: Report = (name, detail) => {
    this.#counts[name] += 1;
    if (this.#counts[name] <= EXAMPLES) this.#examples.push(`${name}: ${detail}`);
  };
}

function readAck(record: Buffer): Acknowledged {
  const given = record.readUInt8(ACK.given);
  return {
    key: record.subarray(ACK.key, ACK.key + KEY_BYTES),
    ...(given & GIVEN.seq ? { seq: record.readDoubleLE(ACK.seq) } : {}),
    ...(given & GIVEN.content ? { content: record.subarray(ACK.content, ACK.content + PREFIX_BYTES) } : {}),
    ...(given & GIVEN.hash ? { leafHash: record.subarray(ACK.hash, ACK.hash + PREFIX_BYTES) } : {}),
    sentAt: record.readDoubleLE(ACK.sentAt),
    ackedAt: record.readDoubleLE(ACK.ackedAt),
  };
}
