/** A map that keeps what was used last, as far as the weights of its entries together stay within a limit. */
export class LruMap<K, V> {
  private readonly entries = new Map<K, { readonly value: V; readonly weight: number }>();
  private weight = 0;

  /** `onEvict` is told what was pushed out, not what was deleted or replaced. */
  constructor(
    private readonly limit: number,
    private readonly onEvict: (key: K, value: V) => void = () => undefined,
  ) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key); // a Map iterates in insertion order: the oldest is first
    this.entries.set(key, entry);
    return entry.value;
  }

  /** What was set last stays, even when it weighs more than the limit: it is in use. */
  set(key: K, value: V, weight = 1): void {
    this.delete(key);
    this.entries.set(key, { value, weight });
    this.weight += weight;
    for (const [oldest, entry] of this.entries) {
      if (this.weight <= this.limit || oldest === key) return;
      this.delete(oldest);
      this.onEvict(oldest, entry.value);
    }
  }

  delete(key: K): void {
    this.weight -= this.entries.get(key)?.weight ?? 0;
    this.entries.delete(key);
  }
}
