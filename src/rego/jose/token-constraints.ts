import { compareNumbers } from '../value/rego-number.js';
import { isArray, isNumber, type RegoObject, type RegoValue } from '../value/rego-value.js';
import { writeTerm } from '../value/write-term.js';
import { BuiltinError } from '../value/builtin-error.js';
import { parseTokenKeys, type TokenKey } from './token-keys.js';

/** What `io.jwt.decode_verify` demands of a token. Empty texts demand nothing, except an audience. */
export interface TokenConstraints {
  readonly keys?: readonly TokenKey[];
  readonly secret: string;
  readonly alg: string;
  readonly iss: string;
  readonly aud: string;
  /** Nanoseconds since the epoch, as the double OPA makes of them. */
  readonly time: number;
}

/** Reads OPA's constraints object. Exactly one of `cert` and `secret`; nothing unknown. */
export function parseConstraints(given: RegoObject, now: number): TokenConstraints {
  const constraints = { secret: '', alg: '', iss: '', aud: '', time: now };
  let keys: readonly TokenKey[] | undefined;
  for (const [name, value] of given.entries) {
    if (name === 'cert') keys = parseTokenKeys(constraintText(name, value));
    else if (name === 'time') constraints.time = parseTime(value);
    else if (name === 'secret' || name === 'alg' || name === 'iss' || name === 'aud')
      constraints[name] = constraintText(name, value);
    else throw new BuiltinError(`unknown token validation constraint: ${writeTerm(name)}`);
  }
  if (keys && constraints.secret !== '') throw new BuiltinError('duplicate key constraints');
  if (!keys && constraints.secret === '') throw new BuiltinError('no key constraint');
  return keys ? { ...constraints, keys } : constraints;
}

function constraintText(name: string, value: RegoValue): string {
  if (typeof value === 'string') return value;
  throw new BuiltinError(`${name} constraint: must be a string`);
}

function parseTime(value: RegoValue): number {
  if (!isNumber(value)) throw new BuiltinError('token time constraint: must be a number');
  const time = Number(String(value));
  if (!Number.isFinite(time)) throw new BuiltinError('token time constraint: unvalid float64');
  if (time < 0) throw new BuiltinError('token time constraint: must not be negative');
  return time;
}

/** RFC 7519, 4.1: issuer, audience, and the time the token is good for. */
export function meetsClaims({ iss, aud, time }: TokenConstraints, claims: RegoObject): boolean {
  return meetsIssuer(iss, claims) && meetsAudience(aud, claims) && meetsTime(time, claims);
}

function meetsIssuer(wanted: string, claims: RegoObject): boolean {
  if (wanted === '') return true;
  const iss = claims.get('iss');
  // OPA 1.22 stops the whole process here.
  if (iss !== undefined && typeof iss !== 'string') throw new BuiltinError('iss value must be a string');
  return iss === wanted;
}

/** A token for an audience is refused when none is expected, and one for none when one is. */
function meetsAudience(wanted: string, claims: RegoObject): boolean {
  const aud = claims.get('aud');
  if (aud === undefined) return wanted === '';
  return isArray(aud) ? aud.includes(wanted) : aud === wanted;
}

function meetsTime(nanoseconds: number, claims: RegoObject): boolean {
  const now = nanoseconds / 1e9;
  const [exp, nbf] = [claims.get('exp'), claims.get('nbf')];
  if (exp !== undefined && !isNumber(exp)) throw new BuiltinError('exp value must be a number');
  if (exp !== undefined && compareNumbers(now, exp) >= 0) return false;
  if (nbf !== undefined && !isNumber(nbf)) throw new BuiltinError('nbf value must be a number');
  return nbf === undefined || compareNumbers(now, nbf) >= 0;
}
