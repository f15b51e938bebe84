import { Refusal } from './finding.js';

/** Bytes of one SHA-256 hash. */
export const HASH_BYTES = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 0x3d;
const TO_CHAR = encoder.encode(DIGITS);
const TO_VALUE = new Uint8Array(256).fill(255);
TO_CHAR.forEach((char, value) => (TO_VALUE[char] = value));
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Undefined unless the bytes are UTF-8. A byte order mark is kept, for the caller to trip over. */
export function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text of a file, or a refusal that names the first byte that is not UTF-8. */
export function utf8(bytes: Uint8Array, path: string): string {
  const text = tryUtf8(bytes);
  if (text !== undefined) return text;
  const at = `byte ${firstInvalid(bytes)}`;
  throw new Refusal('encoding-utf8', path, 'bytes that are not UTF-8', at);
}

/** By halving: the longest prefix that decodes, but for a sequence that is merely cut. */
function firstInvalid(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isPrefixOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b) === -1;
}

/** Index of the first byte in which they differ, the shorter one's length included; -1 when equal. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : shorter;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

/** Undefined unless it is an even number of lower-case hex digits. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

export function toBase64(bytes: Uint8Array): string {
  const chars = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PAD);
  let to = 0;
  for (let from = 0; from < bytes.length; from += 3, to += 4) {
    const [a = 0, b = 0, c = 0] = [bytes[from], bytes[from + 1], bytes[from + 2]];
    chars[to] = TO_CHAR[a >> 2] ?? 0;
    chars[to + 1] = TO_CHAR[((a & 3) << 4) | (b >> 4)] ?? 0;
    if (from + 1 < bytes.length) chars[to + 2] = TO_CHAR[((b & 15) << 2) | (c >> 6)] ?? 0;
    if (from + 2 < bytes.length) chars[to + 3] = TO_CHAR[c & 63] ?? 0;
  }
  return decoder.decode(chars);
}

/** How many bytes canonical base64 of these characters has; undefined when the length cannot be. */
export function base64Length(chars: Uint8Array): number | undefined {
  if (chars.length % 4 !== 0) return undefined;
  const pads = chars.at(-1) !== PAD ? 0 : chars.at(-2) !== PAD ? 1 : 2;
  return (chars.length / 4) * 3 - pads;
}

/**
 * Decodes into `target`, which has `base64Length` bytes. -1, or the index of the first character that the one
 * canonical encoding does not have there: no white space, no other alphabet, no spare bits (RFC 4648 §3.5).
 */
export function decodeBase64Into(chars: Uint8Array, target: Uint8Array): number {
  const digits = Math.ceil((target.length * 4) / 3);
  let held = 0;
  let bits = 0;
  let to = 0;
  for (let i = 0; i < digits; i += 1) {
    const value = TO_VALUE[chars[i] ?? 0] ?? 255;
    if (value === 255) return i;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      target[to++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? -1 : digits - 1;
}

/** Undefined unless the text is the one canonical encoding. */
export function fromBase64(text: string): Uint8Array | undefined {
  const chars = encoder.encode(text);
  const length = base64Length(chars);
  if (length === undefined) return undefined;
  const bytes = new Uint8Array(length);
  return decodeBase64Into(chars, bytes) === -1 ? bytes : undefined;
}

/** Hashes one behind the other in one piece of memory that grows. */
export class HashList {
  private data = new Uint8Array(HASH_BYTES * 8);
  length = 0;

  push(hash: Uint8Array): void {
    const at = this.length * HASH_BYTES;
    if (at + HASH_BYTES > this.data.length) {
      const larger = new Uint8Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data.set(hash, at);
    this.length += 1;
  }

  at(index: number): Uint8Array {
    return this.slice(index, index + 1);
  }

  slice(start: number, end: number): Uint8Array {
    if (start < 0 || end > this.length) throw new RangeError(`hashes ${start} to ${end} of ${this.length}`);
    return this.data.subarray(start * HASH_BYTES, end * HASH_BYTES);
  }
}
