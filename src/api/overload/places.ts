/** How much is taken on. */
export interface Bounds {
  /** Worked on at once, at most. */
  readonly places: number;
  /** Waiting for a place, at most. */
  readonly waiting: number;
  /** Nobody waits longer, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Why somebody is refused: as many wait as may (`full`), who waits has waited for too long already (`slow`), or this one
 * has waited as long as anybody may (`waited`).
 */
export type Refusal = 'full' | 'slow' | 'waited';

/** A queue that has not been empty for `waitMs` is no burst: whoever comes then is let in only if the wait is this much shorter. */
const STANDING_SHARE = 5;

interface Waiting {
  readonly weight: number;
  readonly since: number;
}

/**
 * Places to work at, and a line of those who wait for one. First come, first served. What is behind the places – database,
 * threads, disk – is not known here; how long the first in line has waited tells how fast it is (after CoDel, RFC 8289).
 * Instants are milliseconds of one clock that does not go back.
 */
export class Places<Who> {
  #used = 0;
  #aside = 0;
  #standingSince = 0;
  /** In the order in which they came. */
  readonly #line = new Map<Who, Waiting>();

  constructor(readonly bounds: Bounds) {}

  /** May be above `places`: who came back is not sent away. */
  get used(): number {
    return this.#used;
  }

  /** Places that were given back for a while. */
  get aside(): number {
    return this.#aside;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Whether whoever comes now would be refused at once, and why. */
  refusal(now: number): Refusal | undefined {
    const [first] = this.#line.values();
    const isFull = this.#line.size >= this.bounds.waiting;
    if (isFull && (first || !this.#fits(1))) return 'full';
    return first && now - first.since > this.#patienceMs(now) ? 'slow' : undefined;
  }

  /**
   * `who` begins (`in`), waits, or is refused, as `takes` says of a weight of at least 1.
   * Whoever waits is named later by what frees places, or by `sweep`, or withdraws.
   */
  enter(who: Who, weight: number, now: number): 'in' | 'waits' | Refusal {
    const taken = this.takes(weight);
    if (this.#line.size === 0 && this.#fits(taken)) {
      this.#used += taken;
      return 'in';
    }
    const refusal = this.#line.size >= this.bounds.waiting ? 'full' : this.refusal(now);
    if (refusal) return refusal;
    if (this.#line.size === 0) this.#standingSince = now;
    this.#line.set(who, { weight: taken, since: now });
    return 'waits';
  }

  /** Gives so many places back; answers who of the line begins now, each with the instant since when they waited. */
  leave(places: number): (readonly [Who, number])[] {
    this.#used -= places;
    return this.#begin();
  }

  /** Gives one place back for a while. */
  stepAside(): (readonly [Who, number])[] {
    this.#aside += 1;
    return this.leave(1);
  }

  /** Takes the place again without asking, for it had begun; `over`: it has no need of it any more. */
  comeBack(over: boolean): void {
    this.#aside -= 1;
    if (!over) this.#used += 1;
  }

  /** Out of the line. Who is behind may begin then: a heavy one may have held up light ones. */
  withdraw(who: Who): (readonly [Who, number])[] {
    return this.#line.delete(who) ? this.#begin() : [];
  }

  /** Takes out of the line who has waited too long; `begun` may begin instead. */
  sweep(now: number): { readonly refused: readonly Who[]; readonly begun: (readonly [Who, number])[] } {
    const refused: Who[] = [];
    for (const [who, { since }] of this.#line) {
      if (now - since < this.bounds.waitMs) break;
      this.#line.delete(who);
      refused.push(who);
    }
    return { refused, begun: refused.length > 0 ? this.#begin() : [] };
  }

  /** When `sweep` has something to do next. */
  get nextSweep(): number | undefined {
    const [first] = this.#line.values();
    return first && first.since + this.bounds.waitMs;
  }

  /** How many places a weight takes: half of all at most, so that not everybody has to be done before it can begin. */
  takes(weight: number): number {
    return Math.min(weight, Math.ceil(this.bounds.places / 2));
  }

  #begin(): (readonly [Who, number])[] {
    const begun: (readonly [Who, number])[] = [];
    for (const [who, { weight, since }] of this.#line) {
      if (!this.#fits(weight)) break;
      this.#line.delete(who);
      this.#used += weight;
      begun.push([who, since]);
    }
    return begun;
  }

  #fits(weight: number): boolean {
    return this.#used + weight <= this.bounds.places;
  }

  #patienceMs(now: number): number {
    const { waitMs } = this.bounds;
    return now - this.#standingSince > waitMs ? waitMs / STANDING_SHARE : waitMs;
  }
}
