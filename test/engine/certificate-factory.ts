import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bytesOf, encodeDer, TAG } from '../../src/rego/keys/der.js';

/** Certificates with any extension, made at run time: no key is ever committed. */
export interface CertificateTemplate {
  readonly subject: Buffer;
  readonly key: KeyPair;
  /** Self-signed when absent. */
  readonly issuer?: { readonly subject: Buffer; readonly key: KeyPair };
  readonly extensions?: readonly Buffer[];
  readonly serial?: bigint;
  readonly notBefore?: Buffer;
  readonly notAfter?: Buffer;
  /** 2 is X.509 v3. */
  readonly version?: number;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const newKey = {
  ec: (namedCurve = 'P-256'): KeyPair => generateKeyPairSync('ec', { namedCurve }),
  rsa: (modulusLength = 2048): KeyPair => generateKeyPairSync('rsa', { modulusLength }),
  ed25519: (): KeyPair => generateKeyPairSync('ed25519'),
};

export const seq = (...parts: readonly Buffer[]): Buffer => encodeDer(TAG.sequence, ...parts);
export const set = (...parts: readonly Buffer[]): Buffer => encodeDer(TAG.set, ...parts);
export const octets = (content: Buffer): Buffer => encodeDer(TAG.octetString, content);
export const bits = (content: Buffer): Buffer => encodeDer(TAG.bitString, Buffer.of(0), content);
export const int = (value: bigint): Buffer => {
  const bytes = bytesOf(value);
  return encodeDer(TAG.integer, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
};
export const bool = (value: boolean): Buffer => encodeDer(TAG.boolean, Buffer.of(value ? 0xff : 0));
export const utf8 = (text: string): Buffer => encodeDer(TAG.utf8String, Buffer.from(text));
export const context = (number: number, content: Buffer | string): Buffer =>
  encodeDer(0x80 | number, Buffer.from(content));
export const tagged = (number: number, ...content: readonly Buffer[]): Buffer =>
  encodeDer(0xa0 | number, ...content);

export function oid(text: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = text.split('.').map(BigInt);
  const arcs = [first * 40n + second, ...rest];
  return encodeDer(TAG.oid, ...arcs.map(arc));
}

function arc(value: bigint): Buffer {
  const septets: number[] = [];
  for (let rest = value; rest > 0n || septets.length === 0; rest >>= 7n)
    septets.unshift(Number(rest & 0x7fn) | (septets.length > 0 ? 0x80 : 0));
  return Buffer.from(septets);
}

/** A name of one attribute, or more: `name('2.5.4.3', 'x')`. */
export const name = (...parts: readonly string[]): Buffer =>
  seq(
    ...parts.flatMap((type, index) =>
      index % 2 === 0 ? [set(seq(oid(type), utf8(parts[index + 1] ?? '')))] : [],
    ),
  );
export const named = (text: string): Buffer => name('2.5.4.3', text);

export const extension = (id: string, value: Buffer, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [bool(true)] : []), octets(value));
export const authority = (...pathLength: readonly bigint[]): Buffer =>
  extension('2.5.29.19', seq(bool(true), ...pathLength.map(int)), true);
export const alternativeNames = (...names: readonly Buffer[]): Buffer =>
  extension('2.5.29.17', seq(...names));
export const usages = (...ids: readonly string[]): Buffer => extension('2.5.29.37', seq(...ids.map(oid)));
export const policies = (...ids: readonly string[]): Buffer =>
  extension('2.5.29.32', seq(...ids.map((id) => seq(oid(id)))));
export const constraints = (permitted: readonly Buffer[], excluded: readonly Buffer[] = []): Buffer => {
  const side = (number: number, names: readonly Buffer[]): readonly Buffer[] =>
    names.length === 0 ? [] : [tagged(number, ...names.map((each) => seq(each)))];
  return extension('2.5.29.30', seq(...side(0, permitted), ...side(1, excluded)), true);
};

export const utcTime = (text: string): Buffer => encodeDer(TAG.utcTime, Buffer.from(text));
export const generalizedTime = (text: string): Buffer => encodeDer(TAG.generalizedTime, Buffer.from(text));

export function certificate(template: CertificateTemplate): Buffer {
  const { subject, key, issuer = template, extensions = [], version = 2 } = template;
  const algorithm = signatureAlgorithm(issuer.key);
  const digest = createHash('sha256').update(key.publicKey.export({ type: 'spki', format: 'der' }));
  const serial = template.serial ?? BigInt(`0x${digest.digest('hex').slice(0, 15)}`);
  const tbs = seq(
    ...(version > 0 ? [tagged(0, int(BigInt(version)))] : []),
    int(serial),
    algorithm,
    issuer.subject,
    seq(
      template.notBefore ?? utcTime('200101000000Z'),
      template.notAfter ?? generalizedTime('21000101000000Z'),
    ),
    subject,
    key.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tagged(3, seq(...extensions))] : []),
  );
  return seq(tbs, algorithm, bits(signWith(issuer.key, tbs)));
}

/** A certification request (PKCS #10) with these attributes. */
export function request(subject: Buffer, key: KeyPair, attributes: readonly Buffer[]): Buffer {
  const info = key.publicKey.export({ type: 'spki', format: 'der' });
  const tbs = seq(int(0n), subject, info, tagged(0, ...attributes));
  return seq(tbs, signatureAlgorithm(key), bits(signWith(key, tbs)));
}

const signWith = ({ privateKey }: KeyPair, bytes: Buffer): Buffer =>
  sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, privateKey);

function signatureAlgorithm({ privateKey }: KeyPair): Buffer {
  if (privateKey.asymmetricKeyType === 'rsa') return seq(oid('1.2.840.113549.1.1.11'), encodeDer(TAG.null));
  return seq(oid(privateKey.asymmetricKeyType === 'ec' ? '1.2.840.10045.4.3.2' : '1.3.101.112'));
}

export function pem(type: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ''].join('\n');
}

/** A sequence of numbers that look random and are the same every time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** The bytes with some of them changed, lost or repeated. */
export function mutants(bytes: Buffer, count: number): readonly Buffer[] {
  const random = numbers(bytes.length);
  const next = (limit: number): number => Math.floor((random.next().value as number) * limit);
  return Array.from({ length: count }, () => {
    const at = next(bytes.length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    switch (next(4)) {
      case 0:
        return Buffer.concat([before, after]);
      case 1:
        return Buffer.concat([before, bytes.subarray(at, at + 1), bytes.subarray(at)]);
      case 2:
        return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << next(8))), after]);
      default:
        return Buffer.concat([before, Buffer.of(next(256)), after]);
    }
  });
}
