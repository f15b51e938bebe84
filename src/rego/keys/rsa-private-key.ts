import { BuiltinError } from '../value/builtin-error.js';
import { DerReader, TAG } from './der.js';
import { inverse } from './jwk.js';
import type { RsaKey } from './public-keys.js';

export interface RsaPrivateKey {
  readonly kind: 'rsa';
  readonly key: RsaKey;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qInv: bigint;
}

/** Longer keys would keep us busy: our arithmetic has no limit of its own. */
const MAX_BITS = 16_384;

/** Go's x509.ParsePKCS1PrivateKey, with its checks; keys of more than two primes are refused. */
export function parsePkcs1(der: Buffer): RsaPrivateKey {
  if (der.length > MAX_BITS) throw new BuiltinError('x509: private key too large');
  const outer = new DerReader(der);
  const reader = outer.into(TAG.sequence);
  if (!outer.empty) throw new BuiltinError('asn1: syntax error: trailing data');
  if (reader.int64() > 1n) throw new BuiltinError('x509: unsupported private key version');
  const [n, e] = [reader.integer(), reader.int64()];
  const [d, p, q] = [reader.integer(), reader.integer(), reader.integer()];
  const crt: bigint[] = [];
  while (crt.length < 3 && reader.peeks(TAG.integer)) crt.push(reader.integer());
  if (reader.peeks(TAG.sequence)) throw new BuiltinError('crypto/rsa: more than two primes');
  if ([n, d, p, q, ...crt].some((value) => value <= 0n))
    throw new BuiltinError('x509: private key contains zero or negative value');
  if (p <= 2n || q <= 2n) throw invalid('prime');
  const [dp = d % (p - 1n), dq = d % (q - 1n), qInv = inverse(q, p)] = crt.length === 3 ? crt : [];
  const key: RsaPrivateKey = { kind: 'rsa', key: { kind: 'rsa', n, e }, d, p, q, dp, dq, qInv };
  check(key);
  return key;
}

/** What Go's crypto/rsa checks of a private key; primality is not among it. */
function check({ key: { n, e }, d, p, q, dp, dq, qInv }: RsaPrivateKey): void {
  if (n % 2n === 0n || e < 2n || e % 2n === 0n || e >= 1n << 31n) throw invalid('public key');
  if (d >= n || p * q !== n) throw invalid('prime');
  if (dp >= p - 1n || (e * dp) % (p - 1n) !== 1n || d % (p - 1n) !== dp) throw invalid('CRT exponent');
  if (dq >= q - 1n || (e * dq) % (q - 1n) !== 1n || d % (q - 1n) !== dq) throw invalid('CRT exponent');
  if (qInv >= p || (qInv * q) % p !== 1n) throw invalid('CRT coefficient');
  const half = Math.trunc(bitsOf(n) / 2);
  if (bitsOf(p > q ? p - q : q - p) <= half - 100) throw new BuiltinError('crypto/rsa: |p - q| too small');
  if (bitsOf(d) <= half) throw new BuiltinError('crypto/rsa: d too small');
}

const bitsOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

const invalid = (what: string): BuiltinError => new BuiltinError(`crypto/rsa: invalid ${what}`);
