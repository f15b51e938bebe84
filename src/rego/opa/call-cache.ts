import type { Result } from '../../kernel/result.js';

/** What one call gave, and whether equal calls will always give the same: a limit or a missing program will not. */
export interface CallOutcome<R> {
  readonly result: R;
  readonly keep: boolean;
  readonly sizeBytes: number;
}

type AnyResult = Result<unknown, unknown>;

/**
 * Results by the digest of everything they depend on, least recently used out first. Equal calls at the same
 * time share one run. Entries are shared: nobody may change what a call answered.
 */
export class CallCache {
  private readonly kept = new Map<string, { readonly result: AnyResult; readonly sizeBytes: number }>();
  private readonly underWay = new Map<string, Promise<AnyResult>>();
  private usedBytes = 0;

  constructor(private readonly limitBytes: number) {}

  /** `key` names the type of the result as well: equal keys, equal types. */
  async get<R extends AnyResult>(key: string, call: () => Promise<CallOutcome<R>>): Promise<R> {
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.result as R;
    }
    const shared = this.underWay.get(key);
    if (shared) return (await shared) as R;
    const run = this.run(key, call);
    this.underWay.set(key, run);
    try {
      return await run;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async run<R extends AnyResult>(key: string, call: () => Promise<CallOutcome<R>>): Promise<R> {
    const { result, keep, sizeBytes } = await call();
    if (keep && sizeBytes <= this.limitBytes / 4) this.put(key, { result, sizeBytes });
    return result;
  }

  private put(key: string, entry: { readonly result: AnyResult; readonly sizeBytes: number }): void {
    this.kept.set(key, entry);
    this.usedBytes += entry.sizeBytes;
    for (const [oldest, { sizeBytes }] of this.kept) {
      if (this.usedBytes <= this.limitBytes) return;
      this.kept.delete(oldest);
      this.usedBytes -= sizeBytes;
    }
  }
}
