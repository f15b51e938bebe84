const RECORDS_PER_CHUNK = 4_096;

/** Records of one width, numbered from 0, in chunks: ten million of them must neither be copied nor be objects. */
export class Records {
  readonly #chunks: Buffer[] = [];
  #count = 0;

  constructor(private readonly width: number) {}

  get count(): number {
    return this.#count;
  }

  /** Keeps the first `width` bytes. */
  push(bytes: Uint8Array): void {
    const at = this.#count % RECORDS_PER_CHUNK;
    if (at === 0) this.#chunks.push(Buffer.alloc(RECORDS_PER_CHUNK * this.width));
    this.#chunks.at(-1)!.set(bytes.subarray(0, this.width), at * this.width);
    this.#count += 1;
  }

  at(index: number): Buffer {
    const start = (index % RECORDS_PER_CHUNK) * this.width;
    return this.#chunks[Math.floor(index / RECORDS_PER_CHUNK)]!.subarray(start, start + this.width);
  }
}

const KEY_BYTES = 16;
const FIRST_SLOTS = 1024;

/** Idempotency keys by number. The keys are digests already, so their first bytes spread well enough to hash by. */
export class KeyTable {
  readonly #keys = new Records(KEY_BYTES);
  #slots = new Uint32Array(FIRST_SLOTS); // number + 1; 0 is free

  get count(): number {
    return this.#keys.count;
  }

  /** The number of a key that is here; undefined otherwise. */
  find(key: Buffer): number | undefined {
    const held = this.#slots[this.#slotOf(key)]!;
    return held === 0 ? undefined : held - 1;
  }

  /** Adds the key under the next number; undefined and nothing added when it is here already. */
  add(key: Buffer): number | undefined {
    if (key.length !== KEY_BYTES) throw new TypeError('an idempotency key is 16 bytes');
    if (this.count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#slotOf(key);
    if (this.#slots[slot] !== 0) return undefined;
    this.#keys.push(key);
    this.#slots[slot] = this.count;
    return this.count - 1;
  }

  #slotOf(key: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = key.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const held = this.#slots[slot]!;
      if (held === 0 || this.#keys.at(held - 1).equals(key)) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.count; number += 1)
      this.#slots[this.#slotOf(this.#keys.at(number))] = number + 1;
  }
}

/** Numbers by index that grow as needed; what was never set is `otherwise`. */
export class Numbers {
  #values: Float64Array;

  constructor(private readonly otherwise: number) {
    this.#values = new Float64Array(FIRST_SLOTS).fill(otherwise);
  }

  at(index: number): number {
    return this.#values[index] ?? this.otherwise;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const grown = new Float64Array(2 ** Math.ceil(Math.log2(index + 1))).fill(this.otherwise);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[index] = value;
  }
}
