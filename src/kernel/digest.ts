import { hash } from 'node:crypto';
import { failed, ok, type Result } from './result.js';

declare const brand: unique symbol;
/**
 * Algorithm and lower-case hex, e.g. `sha256:9f86…` or `gitCommit:da39…`. Made only here, so that a value of
 * this type is always well formed; equality is `===`.
 */
export type Digest = string & { readonly [brand]: 'Digest' };

/** Hex lengths allowed per algorithm. Git object names are SHA-1 (40) or SHA-256 (64). */
const HEX_LENGTHS: Readonly<Record<string, readonly number[]>> = { sha256: [64], gitCommit: [40, 64] };

export interface InvalidDigest {
  readonly kind: 'InvalidDigest';
  readonly given: string;
  readonly expected: string;
}

export function parseDigest(text: string): Result<Digest, InvalidDigest> {
  const colon = text.indexOf(':');
  const lengths = HEX_LENGTHS[text.slice(0, Math.max(colon, 0))];
  const hex = text.slice(colon + 1);
  if (lengths?.includes(hex.length) && /^[0-9a-f]+$/.test(hex)) return ok(text as Digest);
  return failed({
    kind: 'InvalidDigest',
    given: text.slice(0, 200),
    expected: 'sha256:<64 lower-case hex digits> or gitCommit:<40 or 64 lower-case hex digits>',
  });
}

/** For text that our own code wrote (a row, a statement): a malformed value is a bug, hence an exception. */
export function digestFrom(text: string): Digest {
  const parsed = parseDigest(text);
  if (!parsed.ok) throw new Error(`not a digest: ${parsed.problem.given}`);
  return parsed.value;
}

export function sha256(data: Uint8Array | string): Digest {
  return `sha256:${hash('sha256', data)}` as Digest; // in one call: a third of the time for short texts
}

export const algorithmOf = (digest: Digest): string => digest.slice(0, digest.indexOf(':'));
export const hexOf = (digest: Digest): string => digest.slice(digest.indexOf(':') + 1);
