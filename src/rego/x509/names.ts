import { BuiltinError } from '../value/builtin-error.js';
import { DerReader, TAG } from '../keys/der.js';

/** One attribute of a distinguished name. */
export interface NameAttribute {
  readonly type: readonly number[];
  readonly value: string;
}

/** A Name (RFC 5280, 4.1.2.4) as Go reads it in certificates. */
export function parseName(der: Buffer): readonly NameAttribute[] {
  const attributes: NameAttribute[] = [];
  const sequence = new DerReader(der).into(TAG.sequence);
  while (!sequence.empty) {
    const set = sequence.into(TAG.set);
    while (!set.empty) {
      const attribute = set.into(TAG.sequence);
      const type = attribute.oid();
      const { tag, value } = attribute.any();
      attributes.push({ type, value: parseText(tag, value) });
    }
  }
  return attributes;
}

/** The text of one of ASN.1's string types; throws where Go refuses it. */
export function parseText(tag: number, value: Buffer): string {
  switch (tag) {
    case TAG.t61String:
      return value.toString('latin1');
    case TAG.printableString:
      return only(value, isPrintable, 'PrintableString');
    case TAG.ia5String:
      return only(value, (byte) => byte < 0x80, 'IA5String');
    case TAG.numericString:
      return only(value, (byte) => byte === 0x20 || (byte >= 0x30 && byte <= 0x39), 'NumericString');
    case TAG.utf8String:
      return utf8(value);
    case TAG.bmpString:
      return bmp(value);
    default:
      throw new BuiltinError(`unsupported string type: ${tag}`);
  }
}

/** A text of ASCII characters only. */
export const ia5 = (value: Buffer): string => parseText(TAG.ia5String, value);

function only(value: Buffer, allows: (byte: number) => boolean, type: string): string {
  if (!value.every(allows)) throw new BuiltinError(`invalid ${type}`);
  return value.toString('latin1');
}

/** ASN.1's set, plus `*` and `&`, which certificates in use have. */
function isPrintable(byte: number): boolean {
  if (byte >= 0x61 && byte <= 0x7a) return true;
  if (byte >= 0x41 && byte <= 0x5a) return true;
  if (byte >= 0x27 && byte <= 0x3a && byte !== 0x2a) return true;
  return [0x20, 0x26, 0x2a, 0x3d, 0x3f].includes(byte);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(value: Buffer): string {
  try {
    return UTF8.decode(value);
  } catch {
    throw new BuiltinError('invalid UTF-8 string');
  }
}

/** UCS-2: no surrogates, no noncharacters; one terminating NUL is dropped. */
function bmp(value: Buffer): string {
  if (value.length % 2 !== 0) throw new BuiltinError('invalid BMPString');
  const units = Array.from({ length: value.length / 2 }, (_, index) => value.readUInt16BE(index * 2));
  if (units.at(-1) === 0) units.pop();
  const refused = (unit: number): boolean =>
    unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef) || (unit >= 0xd800 && unit <= 0xdfff);
  if (units.some(refused)) throw new BuiltinError('invalid BMPString');
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

/** Go's `domainNameValid`. */
export function isDomainName(domain: string, constraint: boolean): boolean {
  if (domain === '') return true;
  const labels = (constraint && domain.startsWith('.') ? domain.slice(1) : domain).split('.');
  return labels.every((label) => label !== '' && isVisible(label));
}

export function isVisible(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 33 || code > 126) return false;
  }
  return true;
}
