import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { JwtVerifier, type TokenRules } from './jwt-verifier.io.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const RULES: TokenRules = { issuer: 'https://issuer.example', audience: 'assay', algorithm: 'ES256' };
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const verifierWith = (key: KeyObject | undefined = ours.publicKey): JwtVerifier =>
  new JwtVerifier({ keyFor: () => Promise.resolve(key) }, RULES, { now: () => NOW });

const sign = (
  claims: object = { org: 'demo' },
  options: jwt.SignOptions = {},
  key: jwt.Secret = ours.privateKey,
): string =>
  jwt.sign({ iat: NOW / 1000, ...claims }, key, {
    algorithm: 'ES256',
    issuer: RULES.issuer,
    audience: RULES.audience,
    subject: 'ada',
    expiresIn: 60,
    ...options,
  });

/** A token put together by hand, as an attacker would. */
function forge(header: object, payload: object, signature: (signed: string) => string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${signature(signed)}`;
}

const CLAIMS = { iss: RULES.issuer, aud: RULES.audience, sub: 'ada', org: 'demo', exp: NOW / 1000 + 60 };

test('a token of our issuer says who asks', async () => {
  const token = sign({ org: 'demo', auth_time: 1_795_000_000, amr: ['pwd', 'otp'] });
  expect(await verifierWith().verify(token)).toEqual({
    ok: true,
    value: {
      issuer: RULES.issuer,
      subject: 'ada',
      org: 'demo',
      authTime: 1_795_000_000,
      amr: ['pwd', 'otp'],
    },
  });
});

test('an expired token is refused as expired, a few seconds of clock difference are not', async () => {
  expect(await verifierWith().verify(sign({ org: 'demo', iat: NOW / 1000 - 100 }))).toEqual({
    ok: false,
    problem: { kind: 'TokenExpired' },
  });
  expect((await verifierWith().verify(sign({ org: 'demo', iat: NOW / 1000 - 62 }))).ok).toBe(true);
});

test.each([
  ['another key', () => sign({ org: 'demo' }, {}, theirs.privateKey)],
  ['another issuer', () => sign({ org: 'demo' }, { issuer: 'https://other.example' })],
  ['another audience', () => sign({ org: 'demo' }, { audience: 'other' })],
  ['no organisation', () => sign({})],
  ['a time of login that is no number', () => sign({ org: 'demo', auth_time: 'today' })],
  ['no end', () => forge({ alg: 'ES256', typ: 'JWT' }, { ...CLAIMS, exp: undefined }, () => 'x')],
  ['alg none', () => forge({ alg: 'none', typ: 'JWT' }, CLAIMS, () => '')],
  [
    'alg HS256 signed with our public key',
    () =>
      forge({ alg: 'HS256', typ: 'JWT' }, CLAIMS, (signed) =>
        createHmac('sha256', ours.publicKey.export({ type: 'spki', format: 'pem' }))
          .update(signed)
          .digest('base64url'),
      ),
  ],
  [
    'an algorithm that is not the pinned one',
    () => sign({ org: 'demo' }, { algorithm: 'RS256' }, rsa.privateKey),
  ],
  ['no token at all', () => 'nonsense'],
  ['a token longer than any real one', () => sign({ org: 'demo', filler: 'x'.repeat(9000) })],
])('refused: %s', async (_what, make) => {
  expect(await verifierWith().verify(make())).toMatchObject({ ok: false, problem: { kind: 'TokenInvalid' } });
});

test('a token without an end is refused even when it is signed by our issuer', async () => {
  const endless = jwt.sign({ org: 'demo', iat: NOW / 1000 }, ours.privateKey, {
    algorithm: 'ES256',
    issuer: RULES.issuer,
    audience: RULES.audience,
    subject: 'ada',
  });
  expect(await verifierWith().verify(endless)).toMatchObject({ problem: { reason: 'exp is required' } });
});

test('a symmetric key never verifies, even when the key source hands one out', async () => {
  const { createSecretKey } = await import('node:crypto');
  const secret = createSecretKey(Buffer.from('0123456789abcdef0123456789abcdef'));
  expect(await verifierWith(secret).verify(sign())).toMatchObject({
    problem: { reason: 'unknown signing key' },
  });
});
