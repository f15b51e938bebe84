/** One of several things that wait to be written together. */
export interface Queued {
  /** Members of a group run in this order, so that all groups take their locks in one order. */
  readonly order: string;
  /** How much of a group it takes up: 1 for an entry alone, more for who brings rows and round trips along. */
  readonly weight: number;
  /** When it began to wait, in ms of a clock that does not jump. */
  readonly since: number;
}

/** What waits, first come first served, bounded. Counts what was taken until it is `done`: that waits too. */
export class BatchQueue<Item extends Queued> {
  private readonly waiting: Item[] = [];
  private taken = 0;

  /** `groupWeight`: together, what one group may weigh. An item heavier than that has a group of its own. */
  constructor(
    private readonly limit: number,
    private readonly groupWeight: number,
  ) {}

  /** Everything accepted and not yet answered. */
  get size(): number {
    return this.waiting.length + this.taken;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Whether waiting longer would not make the next group larger. */
  get fillsAGroup(): boolean {
    return this.groupEnd() < this.waiting.length || this.weightOf(this.waiting) >= this.groupWeight;
  }

  /** False when full: the item was not taken on. */
  push(item: Item): boolean {
    if (this.size >= this.limit) return false;
    this.waiting.push(item);
    return true;
  }

  /** The next group, in its members' order; stable, so that equals keep their turn. */
  take(): readonly Item[] {
    const group = this.waiting.splice(0, this.groupEnd());
    this.taken += group.length;
    return group.sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)));
  }

  done(count: number): void {
    this.taken -= count;
  }

  private groupEnd(): number {
    let weight = 0;
    for (let end = 0; end < this.waiting.length; end += 1) {
      weight += this.waiting[end]?.weight ?? 0;
      if (weight > this.groupWeight) return Math.max(end, 1);
    }
    return this.waiting.length;
  }

  private weightOf(items: readonly Item[]): number {
    return items.reduce((sum, { weight }) => sum + weight, 0);
  }
}
