import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places, type Bounds } from './places.js';

const BOUNDS: Bounds = { places: 2, waiting: 3, waitMs: 1_000 };

type Step =
  | { readonly do: 'enter'; readonly weight: number }
  | { readonly do: 'leave' | 'withdraw' | 'aside' | 'back'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('enter' as const), weight: fc.integer({ min: 1, max: 9 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('leave' as const, 'withdraw' as const, 'aside' as const, 'back' as const),
        which: fc.nat(50),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400 }) }),
    },
  ),
  { maxLength: 60, size: 'max' },
);
const bounds = fc.record({
  places: fc.integer({ min: 1, max: 6 }),
  waiting: fc.integer({ min: 0, max: 5 }),
  waitMs: fc.integer({ min: 10, max: 500 }),
});

/** Tens of thousands of times: an `expect` for each would take longer than what is tested. */
function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** Keeps its own books beside the places, and says what they are not to do. */
class Books {
  readonly places: Places<number>;
  now = 0;
  private next = 0;
  private aside = 0;
  private cameBack = false;
  private readonly working: { who: number; weight: number }[] = [];
  private readonly line: { who: number; weight: number; since: number }[] = [];

  constructor(
    private readonly given: Bounds,
    made: new (bounds: Bounds) => Places<number>,
  ) {
    this.places = new made(given);
  }

  take(step: Step): void {
    if (step.do === 'enter') this.enter(step.weight);
    else if (step.do === 'wait') this.wait(step.ms);
    else if (step.do === 'leave') this.leave(step.which);
    else if (step.do === 'withdraw') this.withdraw(step.which);
    else if (step.do === 'aside') this.stepAside();
    else this.comeBack();
    this.check();
  }

  /** Everybody goes: nothing is left behind, and nobody is forgotten. */
  end(): void {
    while (this.aside > 0) this.comeBack();
    while (this.working.length > 0) this.leave(0);
    must(this.places.used === 0 && this.places.waiting === 0 && this.line.length === 0, 'somebody is left');
  }

  private enter(weight: number): void {
    const who = this.next++;
    const foretold = this.places.refusal(this.now);
    const said = this.places.enter(who, weight, this.now);
    must(!foretold || said === foretold, 'foretold otherwise');
    if (said === 'in') this.working.push({ who, weight });
    must(said !== 'in' || this.line.length === 0, 'jumped the line');
    if (said === 'waits') this.line.push({ who, weight, since: this.now });
    must(said !== 'full' || this.line.length === this.given.waiting, 'not full');
    must(said !== 'slow' || this.now > (this.line[0]?.since ?? this.now), 'not slow');
  }

  private leave(which: number): void {
    const [gone] = this.working.splice(which % Math.max(1, this.working.length), 1);
    if (gone) this.begin(this.places.leave(this.places.takes(gone.weight)));
  }

  private withdraw(which: number): void {
    const [gone] = this.line.splice(which % Math.max(1, this.line.length), 1);
    this.begin(this.places.withdraw(gone?.who ?? -1));
  }

  private stepAside(): void {
    if (this.aside >= this.working.length) return;
    this.aside += 1;
    this.begin(this.places.stepAside());
  }

  private comeBack(): void {
    if (this.aside === 0) return;
    this.aside -= 1;
    this.cameBack = true;
    this.places.comeBack(false);
  }

  private wait(ms: number): void {
    this.now += ms;
    const { refused, begun } = this.places.sweep(this.now);
    for (const who of refused) {
      const first = this.line.shift();
      must(first?.who === who, 'refused out of turn');
      must(this.now - (first?.since ?? this.now) >= this.given.waitMs, 'refused too early');
    }
    this.begin(begun);
  }

  /** First come, first served, and each once. */
  private begin(begun: readonly (readonly [number, number])[]): void {
    for (const [who, since] of begun) {
      const first = this.line.shift();
      must(first?.who === who && first.since === since, 'served out of turn');
      if (first) this.working.push(first);
    }
  }

  private check(): void {
    const taken = this.working.reduce((sum, { weight }) => sum + this.places.takes(weight), 0) - this.aside;
    must(this.places.used === taken, 'miscounted');
    // Only who came back from aside may be more than there is room for.
    must(this.cameBack || taken <= this.given.places, 'overfull');
    must(this.places.waiting === this.line.length, 'line miscounted');
    must(this.line.length <= this.given.waiting, 'line too long');
    const [first] = this.line;
    if (!first) return;
    must(this.now - first.since < this.given.waitMs, 'waits too long');
    must(taken + this.places.takes(first.weight) > this.given.places, 'a place stays empty');
  }
}

function hold(made: new (bounds: Bounds) => Places<number>, numRuns: number): void {
  fc.assert(
    fc.property(bounds, steps, (given, taken) => {
      const books = new Books(given, made);
      for (const step of taken) books.take(step);
      books.end();
    }),
    { numRuns },
  );
}

describe('places and a line', () => {
  it('are never overfull, serve in order, leave no place empty, forget nobody and bound the wait', () => {
    hold(Places, 10_000);
  });

  it('are seen through when somebody who withdraws keeps those behind from beginning', () => {
    class Forgetful extends Places<number> {
      override withdraw(who: number): (readonly [number, number])[] {
        super.withdraw(who);
        return [];
      }
    }
    expect(() => {
      hold(Forgetful, 2_000);
    }).toThrow(/Counterexample/);
  });

  it('are seen through when one place too many is given back', () => {
    class Generous extends Places<number> {
      override leave(places: number): (readonly [number, number])[] {
        return super.leave(places + 1);
      }
    }
    expect(() => {
      hold(Generous, 100);
    }).toThrow(/Counterexample/);
  });

  it('let a burst wait as long as anybody may, and nobody join a line that stands and is slow', () => {
    const places = new Places<string>({ ...BOUNDS, places: 1, waiting: 100 });
    expect(places.enter('works', 1, 0)).toBe('in');
    expect(places.enter('first', 1, 0)).toBe('waits');
    expect(places.enter('burst', 1, 900)).toBe('waits');
    expect(places.leave(1)).toEqual([['first', 0]]);
    // Not empty for longer than anybody may wait: a fifth of that is what the first may have waited now.
    expect(places.enter('late', 1, 1_001)).toBe('waits');
    expect(places.enter('later', 1, 1_101)).toBe('slow');
    expect(places.refusal(1_101)).toBe('slow');
    expect(places.leave(1)).toEqual([['burst', 900]]);
    expect(places.enter('latest', 1, 1_150)).toBe('waits');
    expect(places.nextSweep).toBe(2_001);
  });

  it('refuse at once beyond those who may wait', () => {
    const places = new Places<number>(BOUNDS);
    const said = Array.from({ length: 7 }, (_, who) => places.enter(who, 1, 0));
    expect(said).toEqual(['in', 'in', 'waits', 'waits', 'waits', 'full', 'full']);
    const strict = new Places<number>({ ...BOUNDS, waiting: 0 });
    expect(strict.refusal(0)).toBeUndefined();
    expect([strict.enter(0, 1, 0), strict.enter(1, 1, 0), strict.enter(2, 1, 0)]).toEqual([
      'in',
      'in',
      'full',
    ]);
  });
});
