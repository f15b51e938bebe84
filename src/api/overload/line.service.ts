import { Places, type Bounds, type Refusal } from './places.js';

/** Told when refusing begins, and when nobody was refused for a while, with how many were. */
export type ToldOfRefusing = (state: 'begins' | 'ends', refused: number) => void;

/** After so long without a refusal it is over. */
const CALM_MS = 10_000;

/** Called once: with nothing where a place was had, else with why there is none. */
type Begin = (refusal: Refusal | undefined) => void;

/** `Places` with a clock: who waits is called when their turn comes, or when it does not come in time. */
export class Line {
  /** Refused so far, by why. */
  readonly refusals: Record<Refusal, number> = { full: 0, slow: 0, waited: 0 };
  readonly #places: Places<{ readonly begin: Begin }>;
  readonly #waits: ((seconds: number) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #calm: NodeJS.Timeout | undefined;
  #refusedSince = 0;

  constructor(
    readonly bounds: Bounds,
    private readonly told: ToldOfRefusing,
  ) {
    this.#places = new Places(bounds);
  }

  get used(): number {
    return this.#places.used;
  }

  get waiting(): number {
    return this.#places.waiting;
  }

  /** `watcher` hears how long each who got a place had waited for it. */
  onWait(watcher: (seconds: number) => void): void {
    this.#waits.push(watcher);
  }

  /** Why whoever comes now would be refused; counts it. */
  refusal(): Refusal | undefined {
    const refusal = this.#places.refusal(performance.now());
    return refusal && this.#count(refusal);
  }

  /** Calls `begin`, at once or later. Answers how to leave the line where there is waiting to be done. */
  ask(weight: number, begin: Begin): (() => void) | undefined {
    const who = { begin };
    const now = performance.now();
    const said = this.#places.enter(who, weight, now);
    if (said === 'waits') {
      this.#arm();
      return () => {
        this.#call(this.#places.withdraw(who));
      };
    }
    if (said === 'in') this.#waited(0);
    begin(said === 'in' ? undefined : this.#count(said));
    return undefined;
  }

  /** As `ask`, to be waited for. */
  enter(weight: number): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      this.ask(weight, resolve);
    });
  }

  takes(weight: number): number {
    return this.#places.takes(weight);
  }

  leave(places: number): void {
    if (places > 0) this.#call(this.#places.leave(places));
  }

  /** Gives a place back while something is waited for; false where too many do so already. */
  stepAside(): boolean {
    if (this.#places.aside >= this.bounds.waiting) return false;
    this.#call(this.#places.stepAside());
    return true;
  }

  comeBack(over: boolean): void {
    this.#places.comeBack(over);
  }

  #call(begun: readonly (readonly [{ readonly begin: Begin }, number])[]): void {
    const now = performance.now();
    for (const [{ begin }, since] of begun) {
      this.#waited(now - since);
      begin(undefined);
    }
  }

  #waited(ms: number): void {
    for (const watcher of this.#waits) watcher(ms / 1000);
  }

  #arm(): void {
    const next = this.#places.nextSweep;
    if (this.#timer || next === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        const { refused, begun } = this.#places.sweep(performance.now());
        this.#arm();
        for (const { begin } of refused) begin(this.#count('waited'));
        this.#call(begun);
      },
      Math.max(1, Math.ceil(next - performance.now())),
    );
    this.#timer.unref();
  }

  #count(refusal: Refusal): Refusal {
    this.refusals[refusal] += 1;
    this.#refusedSince += 1;
    if (this.#refusedSince === 1) this.told('begins', 0);
    if (this.#calm) this.#calm.refresh();
    else
      this.#calm = setTimeout(() => {
        this.#calm = undefined;
        const refused = this.#refusedSince;
        this.#refusedSince = 0;
        this.told('ends', refused);
      }, CALM_MS).unref();
    return refusal;
  }
}
