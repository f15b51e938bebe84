import { createHash } from 'node:crypto';
import type { DecisionRow } from './decision-row.js';

/** As many as an auditor tests by hand. */
const SAMPLE = 25;
/** What a page can show and somebody can still read. */
const LISTED = 1000;

/** What the pages say of all decisions, gathered in one pass; bounded, however many there are. */
export class Tally {
  count = 0;
  erased = 0;
  masked = 0;
  first: number | null = null;
  last: number | null = null;
  /** RFC 3339; times of decisions need not ascend with `seq`. */
  earliest: string | null = null;
  latest: string | null = null;
  readonly byVerdict = new Map<string, number>();
  /** Gate → verdict → decisions. */
  readonly byGate = new Map<string, Map<string, number>>();
  /** `2026-11` → verdict → decisions. */
  readonly byMonth = new Map<string, Map<string, number>>();
  /** The first of all. */
  readonly listed: DecisionRow[] = [];
  /** The first of those that are not a plain PASS. */
  readonly exceptions: DecisionRow[] = [];
  /** The first decision about content that is named by SHA-256: others' tools can be shown on it. */
  example: DecisionRow | undefined;
  #sample: { readonly rank: string; readonly row: DecisionRow }[] = [];

  constructor(private readonly root: Buffer) {}

  add(row: DecisionRow): void {
    const { seq, facts } = row;
    const verdict = facts.result ?? '';
    this.count += 1;
    this.erased += row.erased;
    this.masked += row.masked;
    this.first ??= seq;
    this.last = seq;
    if (this.earliest === null || facts.tsEnd < this.earliest) this.earliest = facts.tsEnd;
    if (this.latest === null || facts.tsEnd > this.latest) this.latest = facts.tsEnd;
    increment(this.byVerdict, verdict);
    increment(within(this.byGate, facts.gateId ?? ''), verdict);
    increment(within(this.byMonth, facts.tsEnd.slice(0, 7)), verdict);
    if (this.listed.length < LISTED) this.listed.push(row);
    if (verdict !== 'PASS' && this.exceptions.length < LISTED) this.exceptions.push(row);
    if (facts.artefactDigest?.startsWith('sha256:')) this.example ??= row;
    this.#sampled(row);
  }

  /**
   * A sample that nobody could choose: the decisions with the smallest SHA-256(root as base64, ':', seq), by `seq`.
   * The root depends on every entry, and anybody can draw it again.
   */
  sample(): readonly DecisionRow[] {
    return this.#sample.map(({ row }) => row).sort((a, b) => a.seq - b.seq);
  }

  #sampled(row: DecisionRow): void {
    const rank = createHash('sha256')
      .update(`${this.root.toString('base64')}:${String(row.seq)}`)
      .digest('hex');
    const worst = this.#sample.at(-1);
    if (this.#sample.length === SAMPLE && worst && rank >= worst.rank) return;
    this.#sample = [...this.#sample, { rank, row }]
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, SAMPLE);
  }
}

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

function within(groups: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const group = groups.get(key) ?? new Map<string, number>();
  groups.set(key, group);
  return group;
}
