/** Tells that something may have been appended. May tell too often and may miss one: whoever waits also looks by himself. */
export interface AppendSignal {
  /** Resolves at the next append, also one since the last call, after `limitMs` at the latest, or when aborted. */
  wait(limitMs: number, signal: AbortSignal): Promise<void>;
}
