import { RegoObject, type RegoValue } from '../value/rego-value.js';
import type { Builtin, BuiltinContext, BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { readJson, writeJson } from '../go/json.js';
import { parseJwks } from '../keys/jwk.js';
import { JWS_ALGORITHMS, publicKeyOf, signJws, verifyHmac, verifyJws } from '../jose/jws.js';
import { object, text } from './operands.js';
import type { PublicKey } from '../keys/public-keys.js';
import {
  type Hash,
  type RsaPadding,
  verifyEcdsaHalves,
  verifyEd25519,
  verifyRsa,
} from '../keys/signatures.js';
import { meetsClaims, parseConstraints, type TokenConstraints } from '../jose/token-constraints.js';
import { parseTokenKeys, someKeyVerifies } from '../jose/token-keys.js';
import {
  parseHeader,
  readHeader,
  readObject,
  sectionBytes,
  signedBytes,
  splitToken,
  type Token,
} from './token-parts.js';

/** Whether a key verifies these bytes. The kind of key it must be is the builtin's choice, never the token's. */
type Check = (key: PublicKey, signed: Buffer, signature: Buffer) => boolean;

const rsa =
  (hash: Hash, padding: RsaPadding): Check =>
  (key, signed, signature) =>
    key.kind === 'rsa' && verifyRsa(key, padding, hash, { signed, signature });

const ecdsa =
  (hash: Hash): Check =>
  (key, signed, signature) =>
    key.kind === 'ec' && verifyEcdsaHalves(key, hash, signed, signature);

const eddsa: Check = (key, signed, signature) =>
  key.kind === 'ed25519' && verifyEd25519(key, signed, signature);

/** `io.jwt.verify_*` with a public key. Private keys in a JWK are none, as in OPA. */
const verifies =
  (check: Check): Builtin =>
  (_, given, source) => {
    const token = splitToken(given);
    const keys = parseTokenKeys(text(source, 2));
    const signature = sectionBytes(token.signature, 'signature');
    const header = parseHeader(readHeader(token));
    const signed = signedBytes(token);
    return someKeyVerifies(keys, header, (key) => {
      const publicKey = publicKeyOf(key);
      return publicKey !== undefined && check(publicKey, signed, signature);
    });
  };

/** `io.jwt.verify_hs*`: the second operand is the secret, whatever it looks like. */
const verifiesHmac =
  (hash: Hash): Builtin =>
  (_, given, secret) => {
    const token = splitToken(given);
    const key = text(secret, 2);
    return verifyHmac(hash, key, signedBytes(token), sectionBytes(token.signature, 'signature'));
  };

/** Header, payload and signature in hexadecimal, of the innermost token where one signs another. */
function decode(given: RegoValue | undefined): RegoValue {
  let nested = given;
  for (;;) {
    const token = splitToken(nested);
    const header = readHeader(token);
    const payload = sectionBytes(token.payload, 'payload').toString();
    const cty = header.get('cty');
    // OPA 1.22 stops the whole process here.
    if (cty !== undefined && typeof cty !== 'string') throw new BuiltinError('cty: must be a string');
    if (cty !== 'JWT') {
      const claims = readObject(payload);
      return [header, claims, sectionBytes(token.signature, 'signature').toString('hex')];
    }
    nested = unquoted(payload);
  }
}

/** Without the quotes that some issuers put around a nested token. */
function unquoted(payload: string): string {
  const isQuote = (at: number): boolean => payload[at] === '"' || payload[at] === "'";
  let [start, end] = [0, payload.length];
  while (start < end && isQuote(start)) start++;
  while (end > start && isQuote(end - 1)) end--;
  return payload.slice(start, end);
}

const NOTHING = new RegoObject([]);
const UNVERIFIED: RegoValue = [false, NOTHING, NOTHING];

function decodeVerify(
  { instant }: BuiltinContext,
  given: RegoValue | undefined,
  demands: RegoValue | undefined,
): RegoValue {
  const constraints = parseConstraints(object(demands, 2), instant * 1e6);
  let nested = given;
  for (;;) {
    const token = splitToken(nested);
    const header = readHeader(token);
    const parameters = parseHeader(header);
    if (!parameters.valid || (constraints.alg !== '' && constraints.alg !== parameters.alg))
      return UNVERIFIED;
    if (!isVerified(constraints, parameters, token)) return UNVERIFIED;
    const payload = sectionBytes(token.payload, 'payload').toString();
    if (parameters.cty.toUpperCase() === 'JWT') {
      nested = payload;
      continue;
    }
    const claims = readObject(payload);
    return meetsClaims(constraints, claims) ? [true, header, claims] : UNVERIFIED;
  }
}

function isVerified(
  { keys, secret }: TokenConstraints,
  header: { readonly kid: string; readonly alg: string },
  token: Token,
): boolean {
  const signature = sectionBytes(token.signature, 'signature');
  const signed = signedBytes(token);
  if (keys) return someKeyVerifies(keys, header, (key) => verifyJws(key, header.alg, signed, signature));
  return verifyJws({ kind: 'secret', bytes: Buffer.from(secret) }, header.alg, signed, signature);
}

/** Header and payload go in as they are written: the caller's spelling is what is signed. */
function encodeSign(header: string, payload: string, key: string): string {
  const [jwk] = parseJwks(key);
  if (!jwk) throw new BuiltinError('no keys found in JWK set');
  const parameters = readObject(header);
  const [alg, typ] = [parameters.get('alg'), parameters.get('typ')];
  if (typeof alg !== 'string') throw new BuiltinError("missing or invalid 'alg' header");
  if (!Object.hasOwn(JWS_ALGORITHMS, alg)) throw new BuiltinError(`unknown JWS algorithm: ${alg}`);
  // Refuses a payload that is not JSON.
  if (typeof typ !== 'string' || typ === 'JWT') readJson(payload);
  const sections = [header, payload].map((section) => Buffer.from(section).toString('base64url'));
  const signed = sections.join('.');
  return `${signed}.${signJws(jwk.material, alg, Buffer.from(signed)).toString('base64url')}`;
}

/** JSON Web Tokens: RFC 7519 over RFC 7515, with OPA's choices. */
export const TOKENS: BuiltinFamily = {
  'io.jwt.decode': (_, token) => decode(token),
  'io.jwt.decode_verify': decodeVerify,
  'io.jwt.encode_sign': (_, header, payload, key) =>
    encodeSign(writeJson(object(header, 1)), writeJson(object(payload, 2)), writeJson(object(key, 3))),
  'io.jwt.encode_sign_raw': (_, header, payload, key) =>
    encodeSign(text(header, 1), text(payload, 2), text(key, 3)),
  'io.jwt.verify_eddsa': verifies(eddsa),
  'io.jwt.verify_es256': verifies(ecdsa('sha256')),
  'io.jwt.verify_es384': verifies(ecdsa('sha384')),
  'io.jwt.verify_es512': verifies(ecdsa('sha512')),
  'io.jwt.verify_hs256': verifiesHmac('sha256'),
  'io.jwt.verify_hs384': verifiesHmac('sha384'),
  'io.jwt.verify_hs512': verifiesHmac('sha512'),
  'io.jwt.verify_ps256': verifies(rsa('sha256', 'pss-any-salt')),
  'io.jwt.verify_ps384': verifies(rsa('sha384', 'pss-any-salt')),
  'io.jwt.verify_ps512': verifies(rsa('sha512', 'pss-any-salt')),
  'io.jwt.verify_rs256': verifies(rsa('sha256', 'pkcs1')),
  'io.jwt.verify_rs384': verifies(rsa('sha384', 'pkcs1')),
  'io.jwt.verify_rs512': verifies(rsa('sha512', 'pkcs1')),
};
