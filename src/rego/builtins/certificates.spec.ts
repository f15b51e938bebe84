import { generateKeyPairSync, sign } from 'node:crypto';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { CERTIFICATES } from './certificates.js';
import { encodeDer, TAG } from '../keys/der.js';

// What OPA answers is compared in test/engine/{certificates,chains,private-keys}-differential.spec.ts.
const seq = (...parts: readonly Buffer[]): Buffer => encodeDer(TAG.sequence, ...parts);
const ED25519 = seq(encodeDer(TAG.oid, Buffer.from('2b6570', 'hex')));
const NAME = seq(
  encodeDer(
    TAG.set,
    seq(encodeDer(TAG.oid, Buffer.of(0x55, 4, 3)), encodeDer(TAG.utf8String, Buffer.from('x'))),
  ),
);
const time = (text: string): Buffer => encodeDer(TAG.utcTime, Buffer.from(text));
const AUTHORITY = Buffer.from('300f0603551d130101ff040530030101ff', 'hex');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A root, valid through 2025. */
function authority(serial: number): Buffer {
  const body = seq(
    encodeDer(0xa0, encodeDer(TAG.integer, Buffer.of(2))),
    encodeDer(TAG.integer, Buffer.of(serial)),
    ED25519,
    NAME,
    seq(time('250101000000Z'), time('251231235959Z')),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    encodeDer(0xa3, seq(AUTHORITY)),
  );
  const signature = encodeDer(TAG.bitString, Buffer.of(0), sign(null, body, privateKey));
  return seq(body, ED25519, signature);
}

const call = (name: string, instant: number, ...args: readonly RegoValue[]): RegoValue | undefined =>
  CERTIFICATES[`crypto.x509.${name}`]?.({ instant, seed: '' }, ...args);

describe('certificates', () => {
  const chain = Buffer.concat([authority(1), authority(1)]).toString('base64');

  it('verify at the instant of the evaluation, not at that of the clock', () => {
    const valid = (instant: number): unknown => {
      const answer = call('parse_and_verify_certificates', instant, chain);
      return Array.isArray(answer) && answer[0];
    };
    expect(valid(Date.UTC(2024, 11, 31, 23, 59, 59, 999))).toBe(false);
    expect(valid(Date.UTC(2025, 0, 1))).toBe(true);
    expect(valid(Date.UTC(2025, 11, 31, 23, 59, 59))).toBe(true);
    expect(valid(Date.UTC(2025, 11, 31, 23, 59, 59, 1))).toBe(false);
  });

  it('verify to the nanosecond when a policy names the time', () => {
    const end = BigInt(Date.UTC(2025, 11, 31, 23, 59, 59)) * 1_000_000n;
    const valid = (now: bigint): unknown => {
      const options = RegoObject.of({ CurrentTime: now });
      const answer = call('parse_and_verify_certificates_with_options', 0, chain, options);
      return Array.isArray(answer) && answer[0];
    };
    expect(valid(end)).toBe(true);
    expect(valid(end + 1n)).toBe(false);
  });

  it('that are no certificates are an error, and not a fault', () => {
    for (const source of [
      'AAAA',
      'MIIB',
      'é',
      '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    ])
      expect(() => call('parse_certificates', 0, source)).toThrow(BuiltinError);
  });
});
