import { RegoObject } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { fromInteger, text } from './operands.js';

/** UUIDs taken apart. */
export const UUIDS: BuiltinFamily = {
  'uuid.parse': (_, given) => {
    const bytes = parseUuid(text(given, 1));
    return bytes && describe(bytes);
  },
};

/** Go's google/uuid: also as a URN, in braces (of which it looks at neither), and without dashes. */
function parseUuid(text: string): Buffer | undefined {
  // One unit for each byte: Go measures in bytes.
  const given = Buffer.from(text).toString('latin1');
  if (given.length === 32) return fromHex(given);
  if (given.length === 36) return fromDashed(given);
  if (given.length === 38) return fromDashed(given.slice(1, 37));
  return given.length === 45 && given.slice(0, 9).toLowerCase() === 'urn:uuid:'
    ? fromDashed(given.slice(9))
    : undefined;
}

const fromDashed = (given: string): Buffer | undefined =>
  /^.{8}-.{4}-.{4}-.{4}-.{12}$/.test(given) ? fromHex(given.replaceAll('-', '')) : undefined;

const fromHex = (given: string): Buffer | undefined =>
  /^[0-9a-f]{32}$/i.test(given) ? Buffer.from(given, 'hex') : undefined;

function describe(bytes: Buffer): RegoObject {
  const version = bytes.readUInt8(6) >> 4;
  const common = { version, variant: variantOf(bytes.readUInt8(8)) };
  if (version !== 1 && version !== 2) return RegoObject.of(common);
  const node = bytes.subarray(10);
  const timed = {
    ...common,
    time: fromInteger(nanosOf(bytes)),
    nodeid: [...node].map((byte) => byte.toString(16).padStart(2, '0')).join('-'),
    macvariables: macVariables(node.readUInt8(0)),
    clocksequence: bytes.readUInt16BE(8) & 0x3fff,
  };
  if (version === 1) return RegoObject.of(timed);
  return RegoObject.of({ ...timed, id: bytes.readUInt32BE(0), domain: domainOf(bytes.readUInt8(9)) });
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122';
  if ((byte & 0xe0) === 0xc0) return 'Microsoft';
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved';
}

const macVariables = (byte: number): string =>
  `${(byte & 2) === 2 ? 'local' : 'global'}:${(byte & 1) === 1 ? 'multicast' : 'unicast'}`;

const domainOf = (byte: number): string => ['Person', 'Group', 'Org'][byte] ?? `Domain${byte}`;

/** From the start of the Gregorian calendar to that of Unix, in steps of 100 ns. */
const UNIX_EPOCH = 122_192_928_000_000_000n;

/** Nanoseconds since 1970; beyond 64 bits they wrap around, as in Go. */
function nanosOf(bytes: Buffer): bigint {
  const [low, middle] = [BigInt(bytes.readUInt32BE(0)), BigInt(bytes.readUInt16BE(4))];
  const high = BigInt(bytes.readUInt16BE(6) & 0x0fff);
  return BigInt.asIntN(64, ((high << 48n) + (middle << 32n) + low - UNIX_EPOCH) * 100n);
}
