/** Tells watchers that something about a topic (`export:<id>`) may have changed. A class, so that it can be injected. */
export abstract class Changes {
  /**
   * Resolves at the next news of the topic, after `limitMs` at the latest, or when aborted. May tell too often and may miss one: whoever waits looks by himself then.
   */
  abstract wait(topic: string, limitMs: number, signal: AbortSignal): Promise<void>;
}

/** One thing that somebody watches until it is done. */
export interface Watched<T> {
  readonly topic: string;
  /** How it stands, from the record. What was told is only that one should look: no news carries any facts. */
  readonly look: () => Promise<T>;
  /** Nothing comes after it. */
  readonly isLast: (state: T) => boolean;
  /** States with equal keys are told once. */
  readonly keyOf: (state: T) => string;
}

/** Without news one looks all the same: a notification may be lost with its connection. */
const LOOK_MS = 2_000;
/** Not more often than a person can read. */
const REST_MS = 100;
/** Then the watch ends, and whoever still wants to know asks again, with a token that is still good. */
const MOST_MS = 15 * 60_000;

/**
 * How a thing stands: at once, whenever it is different, and last as it ended. `return()` – a client that went away –
 * ends it at once, also in the middle of a wait.
 */
export function watch<T>(
  changes: Changes,
  { topic, look, isLast, keyOf }: Watched<T>,
): AsyncIterableIterator<T> {
  const gone = new AbortController();
  const end = AbortSignal.any([gone.signal, AbortSignal.timeout(MOST_MS)]);
  async function* states(): AsyncGenerator<T, void, void> {
    let told: string | undefined;
    for (;;) {
      const state = await look();
      const key = keyOf(state);
      if (key !== told) yield state;
      told = key;
      if (isLast(state)) return;
      await changes.wait(topic, LOOK_MS, end);
      await rest(end);
      if (end.aborted) return;
    }
  }
  const inner = states();
  return {
    next: () => inner.next(),
    return: () => {
      gone.abort();
      return inner.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const rest = (end: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (end.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      end.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, REST_MS);
    end.addEventListener('abort', done);
  });
