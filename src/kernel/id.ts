import { createHash, randomUUID } from 'node:crypto';
import { failed, ok, type Result } from './result.js';

/** Human ids are unique per organisation and never reused; the prefix says what they name. */
export const HUMAN_ID_PREFIXES = ['ART', 'ACT', 'TMP', 'CHK', 'GATE'] as const;
export type HumanIdPrefix = (typeof HUMAN_ID_PREFIXES)[number];

export interface InvalidId {
  readonly kind: 'InvalidId';
  readonly given: string;
  readonly expected: string;
}

export function parseHumanId(prefix: HumanIdPrefix, text: string): Result<string, InvalidId> {
  const rest = text.slice(prefix.length + 1);
  if (text.startsWith(`${prefix}_`) && /^[A-Z0-9](?:[A-Z0-9_-]{0,61}[A-Z0-9])?$/.test(rest)) return ok(text);
  return failed({
    kind: 'InvalidId',
    given: text.slice(0, 200),
    expected: `${prefix}_ followed by 1 to 63 of A-Z, 0-9, _ and -`,
  });
}

/** 16 bytes that name one intended effect, however often it is asked for. */
export type IdempotencyKey = Buffer;

/** Same organisation, same operation, same caller's key: same 16 bytes. */
export function idempotencyKey(orgId: string, operation: string, callersKey: string): IdempotencyKey {
  const hash = createHash('sha256');
  for (const part of [orgId, operation, callersKey])
    hash.update(`${String(Buffer.byteLength(part))}:${part}`);
  return hash.digest().subarray(0, 16);
}

export const newUuid = (): string => randomUUID();

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Whether a text can be an id of ours. What cannot names nothing; PostgreSQL would not even compare it. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** A version-8 UUID (RFC 9562 §5.8) over a key, so that a repeated command names the same row. */
export function uuidFromKey(key: IdempotencyKey): string {
  const bytes = Buffer.from(key);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
