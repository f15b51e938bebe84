import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { parseRego } from '../value/read-dump.js';
import type { RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { TOKENS } from './tokens.js';

// What OPA answers to thousands of tokens is compared in test/engine/tokens-differential.spec.ts.
const section = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const SECRET = 'secret';
const hmac = (signed: string): Buffer => createHmac('sha256', SECRET).update(signed).digest();

function token(claims: object, header: object = { alg: 'HS256' }, signer = hmac): string {
  const signed = `${section(header)}.${section(claims)}`;
  return `${signed}.${signer(signed).toString('base64url')}`;
}

const call = (name: string, instant: number, ...args: readonly RegoValue[]): RegoValue | undefined =>
  TOKENS[name]?.({ instant, seed: '' }, ...args);
const verify = (instant: number, given: string, demands: object): unknown => {
  const answer = call('io.jwt.decode_verify', instant, given, parseRego(JSON.stringify(demands)));
  return Array.isArray(answer) ? answer[0] : answer;
};

describe('tokens', () => {
  it('are good at the instant of the evaluation, not at that of the clock', () => {
    const given = token({ nbf: 100, exp: 200 });
    expect(verify(99_999, given, { secret: SECRET })).toBe(false);
    expect(verify(100_000, given, { secret: SECRET })).toBe(true);
    expect(verify(199_999, given, { secret: SECRET })).toBe(true);
    expect(verify(200_000, given, { secret: SECRET })).toBe(false);
  });

  it('are good at another instant when the policy names one', () => {
    const given = token({ nbf: 100, exp: 200 });
    expect(verify(0, given, { secret: SECRET, time: 150e9 })).toBe(true);
    expect(verify(150_000, given, { secret: SECRET, time: 250e9 })).toBe(false);
  });

  it('are never verified by a public key that serves as a secret, or without a signature', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const cert = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const good = token({}, { alg: 'RS256' }, (signed) => sign('sha256', Buffer.from(signed), privateKey));
    const confused = token({}, { alg: 'HS256' }, (signed) =>
      createHmac('sha256', cert).update(signed).digest(),
    );
    expect(verify(0, good, { cert })).toBe(true);
    expect(verify(0, confused, { cert })).toBe(false);
    for (const alg of ['none', 'RS256', 'HS256', 'constructor'])
      expect(
        verify(
          0,
          token({}, { alg }, () => Buffer.alloc(0)),
          { cert },
        ),
      ).toBe(false);
  });

  it('keep numbers that no double holds', () => {
    const payload = Buffer.from('{"n":123456789012345678901234567890}').toString('base64url');
    const answer = call('io.jwt.decode', 0, `${section({ alg: 'HS256' })}.${payload}.`);
    expect(
      JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).toContain('123456789012345678901234567890');
  });

  it('that are no tokens are an error, and not a fault', () => {
    for (const given of ['', 'a.b', 'a.b.c', '..', 1, null])
      expect(() => call('io.jwt.decode', 0, given)).toThrow(BuiltinError);
  });
});
