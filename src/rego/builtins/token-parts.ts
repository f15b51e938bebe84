import { RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { decodeBase64Url } from '../go/base64.js';
import { readJson } from '../go/json.js';
import { text } from './operands.js';

/** A JWT in compact serialisation: its sections as written. */
export interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

export function splitToken(given: RegoValue | undefined): Token {
  const encoded = text(given, 1);
  if (!encoded.includes('.')) throw new BuiltinError('encoded JWT had no period separators');
  const parts = encoded.split('.', 5);
  const [header, payload, signature] = parts;
  if (header === undefined || payload === undefined || signature === undefined || parts.length !== 3)
    throw new BuiltinError(`encoded JWT must have 3 sections, found ${encoded.split('.').length}`);
  return { header, payload, signature };
}

export const signedBytes = ({ header, payload }: Token): Buffer => Buffer.from(`${header}.${payload}`);

export function sectionBytes(section: string, name: string): Buffer {
  const bytes = decodeBase64Url(section);
  if (!bytes) throw new BuiltinError(`JWT ${name} had invalid encoding: illegal base64url string`);
  return bytes;
}

/** The header as an object. A JWE is not a JWT that could be read. */
export function readHeader(token: Token): RegoObject {
  const header = readObject(sectionBytes(token.header, 'header').toString());
  if (header.get('enc') !== undefined) throw new BuiltinError('JWT is a JWE object, which is not supported');
  return header;
}

export function readObject(json: string): RegoObject {
  const value = readJson(json);
  if (value instanceof RegoObject) return value;
  throw new BuiltinError('decoded JSON type was not an Object');
}

/** The registered header parameters (RFC 7515) a verifier looks at; empty when absent. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid: string;
  readonly cty: string;
  /** RFC 7515, 4.1.1 and 4.1.11: an algorithm is named, and nothing critical is unknown. */
  readonly valid: boolean;
}

const KNOWN: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'cty', 'crit']);

export function parseHeader(header: RegoObject): TokenHeader {
  const [alg, kid, , cty] = ['alg', 'kid', 'typ', 'cty'].map((name) => headerText(header, name));
  const critical = criticalOf(header);
  const understood = critical.every((name) => KNOWN.has(name) || header.get(name) === undefined);
  return { alg: alg ?? '', kid: kid ?? '', cty: cty ?? '', valid: alg !== '' && understood };
}

function headerText(header: RegoObject, name: string): string {
  const value = header.get(name);
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new BuiltinError(`${name}: must be a string`);
  return value;
}

/** As OPA reads it: the names before the first member that is no text. */
function criticalOf(header: RegoObject): readonly string[] {
  const value = header.get('crit');
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BuiltinError('crit: must be a list');
  const members = value as readonly RegoValue[];
  const end = members.findIndex((member) => typeof member !== 'string');
  const names = (end < 0 ? members : members.slice(0, end)) as readonly string[];
  if (names.length === 0) throw new BuiltinError('crit: must be a nonempty list');
  return names;
}
