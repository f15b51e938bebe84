import { BuiltinError } from '../value/builtin-error.js';

/** The ASN.1 tags that certificates and keys use: class and form included, as they stand in the octet. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

export const contextTag = (number: number): number => 0x80 | number;
export const constructedContextTag = (number: number): number => 0xa0 | number;

export interface DerElement {
  readonly tag: number;
  readonly value: Buffer;
  /** Tag and length included. */
  readonly full: Buffer;
}

export interface BitString {
  readonly bytes: Buffer;
  readonly bitLength: number;
}

/**
 * A strict DER reader that takes and refuses exactly what Go's `cryptobyte` does: minimal lengths, minimal
 * integers, no tag above 30, no indefinite length. OPA's answers about certificates depend on each of these, and a
 * reader that takes more than the signer's would let two parties see two certificates in the same bytes.
 * Every method throws a `BuiltinError` on malformed input. The slices share memory with the source.
 */
export class DerReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get empty(): boolean {
    return this.at >= this.bytes.length;
  }

  /** What has not been read yet. */
  get rest(): Buffer {
    return this.bytes.subarray(this.at);
  }

  peeks(tag: number): boolean {
    return this.bytes[this.at] === tag;
  }

  any(): DerElement {
    const { bytes, at } = this;
    const [tag, first] = [bytes[at], bytes[at + 1]];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed();
    const { header, length } = first < 0x80 ? { header: 2, length: first } : this.longLength(first & 0x7f);
    const end = at + header + length;
    if (end > bytes.length) throw malformed();
    this.at = end;
    return { tag, value: bytes.subarray(at + header, end), full: bytes.subarray(at, end) };
  }

  element(tag: number): DerElement {
    const element = this.any();
    if (element.tag !== tag) throw malformed();
    return element;
  }

  /** The content of the next element, which has this tag. */
  read(tag: number): Buffer {
    return this.element(tag).value;
  }

  /** A reader of the content of the next element, which has this tag. */
  into(tag: number): DerReader {
    return new DerReader(this.read(tag));
  }

  optional(tag: number): DerElement | undefined {
    return this.peeks(tag) ? this.element(tag) : undefined;
  }

  boolean(): boolean {
    const value = this.read(TAG.boolean);
    if (value.length !== 1 || (value[0] !== 0 && value[0] !== 0xff)) throw malformed();
    return value[0] === 0xff;
  }

  integer(tag: number = TAG.integer): bigint {
    const value = this.read(tag);
    const [first, second] = value;
    if (first === undefined) throw malformed();
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
      throw malformed();
    const unsigned = BigInt(`0x${value.toString('hex')}`);
    return first < 0x80 ? unsigned : unsigned - (1n << BigInt(value.length * 8));
  }

  /** An integer that fits 64 bits with a sign. */
  int64(tag: number = TAG.integer): bigint {
    const value = this.integer(tag);
    if (value !== BigInt.asIntN(64, value)) throw malformed();
    return value;
  }

  oid(): readonly number[] {
    return parseOid(this.read(TAG.oid));
  }

  bitString(): BitString {
    return parseBitString(this.read(TAG.bitString));
  }

  private longLength(count: number): { header: number; length: number } {
    const { bytes, at } = this;
    if (count === 0 || count > 4 || bytes.length < at + 2 + count) throw malformed();
    const length = bytes.readUIntBE(at + 2, count);
    if (length < 0x80 || length < 2 ** ((count - 1) * 8)) throw malformed();
    return { header: 2 + count, length };
  }
}

export function parseBitString(value: Buffer): BitString {
  const unused = value[0];
  const bytes = value.subarray(1);
  const last = bytes.at(-1);
  if (unused === undefined || unused > 7) throw malformed();
  if (last === undefined ? unused !== 0 : (last & ((1 << unused) - 1)) !== 0) throw malformed();
  return { bytes, bitLength: bytes.length * 8 - unused };
}

/** The bits moved to the end of the bytes: how Go reads signatures and keys out of bit strings. */
export function rightAligned({ bytes, bitLength }: BitString): Buffer {
  const shift = bytes.length * 8 - bitLength;
  if (shift === 0) return bytes;
  return Buffer.from(bytes.map((byte, index) => (byte >> shift) | ((bytes[index - 1] ?? 0) << (8 - shift))));
}

/** Arcs of up to 28 bits, as Go limits them. */
export function parseOid(value: Buffer): readonly number[] {
  const arcs: number[] = [];
  let at = 0;
  while (at < value.length) {
    const arc = arcAt(value, at);
    at = arc.next;
    if (arcs.length > 0) arcs.push(arc.value);
    else arcs.push(...firstArcs(arc.value));
  }
  if (arcs.length === 0) throw malformed();
  return arcs;
}

const firstArcs = (packed: number): [number, number] =>
  packed < 80 ? [Math.trunc(packed / 40), packed % 40] : [2, packed - 80];

function arcAt(value: Buffer, from: number): { value: number; next: number } {
  let arc = 0;
  for (let at = from; at < value.length; at++) {
    const byte = value[at] ?? 0;
    if ((at === from && byte === 0x80) || at - from === 5 || arc >= 2 ** 24) throw malformed();
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value: arc, next: at + 1 };
  }
  throw malformed();
}

export const malformed = (what = 'DER'): BuiltinError => new BuiltinError(`x509: malformed ${what}`);

/** One element from its content. */
export function encodeDer(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? Buffer.of(body.length) : longForm(body.length);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

function longForm(length: number): Buffer {
  const octets = Buffer.from(evenHex(BigInt(length)), 'hex');
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets]);
}

/** A non-negative integer's bytes, big-endian, at least `size` of them. */
export const bytesOf = (value: bigint, size = 1): Buffer =>
  Buffer.from(evenHex(value).padStart(size * 2, '0'), 'hex');

export const integerOf = (bytes: Buffer): bigint =>
  bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);

function evenHex(value: bigint): string {
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
