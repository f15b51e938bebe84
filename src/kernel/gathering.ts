/** Somebody who waits for the answer to one key. */
interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/** What one call of `answer` is asked at most. */
const MOST_AT_ONCE = 100;
/**
 * Who asks while a call is under way waits for it to end, and is then asked for together with others: the busier, the
 * larger the calls. But nobody waits longer than this for somebody else's slow one.
 */
const PATIENCE_MS = 10;
/** Calls under way at once, however slow they are. */
const LANES = 4;

/**
 * Answers questions that are asked at the same moment together. Only who has not been asked for yet joins: every answer
 * was looked up after its question was put, so what a caller has seen committed is in it.
 *
 * `answer` has a value for each key, in their order. What it throws concerns one key perhaps: each is then asked alone.
 */
export class Gathering<K, V> {
  private waiting: Waiting<K, V>[] = [];
  private underWay = 0;
  private planned = false;
  private losingPatience = false;

  constructor(private readonly answer: (keys: readonly K[]) => Promise<readonly V[]>) {}

  /** Nobody waits. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.underWay === 0;
  }

  ask(key: K): Promise<V> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      this.plan();
    });
  }

  private plan(impatient = false): void {
    if (this.planned || this.underWay >= LANES || this.waiting.length === 0) return;
    if (this.underWay > 0 && !impatient) {
      this.planLater();
      return;
    }
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      void this.run(this.waiting.splice(0, MOST_AT_ONCE));
      this.plan();
    });
  }

  private planLater(): void {
    if (this.losingPatience) return;
    this.losingPatience = true;
    setTimeout(() => {
      this.losingPatience = false;
      this.plan(true);
    }, PATIENCE_MS);
  }

  private async run(asked: readonly Waiting<K, V>[]): Promise<void> {
    this.underWay += 1;
    try {
      settle(asked, await this.answer(asked.map(({ key }) => key)));
    } catch (error) {
      if (asked.length === 1) asked[0]?.reject(error);
      else await Promise.all(asked.map((each) => this.alone(each)));
    } finally {
      this.underWay -= 1;
      this.plan();
    }
  }

  private async alone(each: Waiting<K, V>): Promise<void> {
    try {
      settle([each], await this.answer([each.key]));
    } catch (error) {
      each.reject(error);
    }
  }
}

function settle<K, V>(asked: readonly Waiting<K, V>[], values: readonly V[]): void {
  if (values.length !== asked.length)
    throw new Error(`${String(values.length)} answers to ${String(asked.length)} questions`);
  for (const [place, value] of values.entries()) asked[place]?.resolve(value);
}

/** Gathers by name: what has another name – another statement, another organisation – never goes along. */
export class Gatherings<K, V> {
  /** As long as somebody waits. */
  private readonly named = new Map<string, Gathering<K, V>>();

  constructor(
    private readonly nameOf: (key: K) => string,
    private readonly answer: (keys: readonly K[], name: string) => Promise<readonly V[]>,
  ) {}

  async ask(key: K): Promise<V> {
    const name = this.nameOf(key);
    const gathering = this.named.get(name) ?? new Gathering<K, V>((keys) => this.answer(keys, name));
    this.named.set(name, gathering);
    try {
      return await gathering.ask(key);
    } finally {
      if (gathering.isIdle && this.named.get(name) === gathering) this.named.delete(name);
    }
  }
}
