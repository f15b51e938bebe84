import { constants, createHmac, type KeyObject, sign } from 'node:crypto';
import { type Call, differences, ours } from './builtin-calls.js';
import { certificate, type KeyPair, named, newKey, pem } from './certificate-factory.js';

const rsa = newKey.rsa();
const otherRsa = newKey.rsa();
const p256 = newKey.ec('P-256');
const p384 = newKey.ec('P-384');
const p521 = newKey.ec('P-521');
const ed25519 = newKey.ed25519();
const SECRET = 'a secret of our own';

const url = (value: string | Buffer): string => Buffer.from(value).toString('base64url');
const json = (value: unknown): string => url(JSON.stringify(value));

type Signer = (data: Buffer) => Buffer;
const hmac =
  (hash: string, key: string | Buffer = SECRET): Signer =>
  (data) =>
    createHmac(hash, key).update(data).digest();
const pkcs1 =
  (hash: string, { privateKey } = rsa): Signer =>
  (data) =>
    sign(hash, data, privateKey);
const pss =
  (hash: string, saltLength: number, { privateKey } = rsa): Signer =>
  (data) =>
    sign(hash, data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const ecdsa =
  (hash: string, { privateKey }: KeyPair): Signer =>
  (data) =>
    sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });

const SIGNERS: Readonly<Record<string, Signer>> = {
  HS256: hmac('sha256'),
  HS384: hmac('sha384'),
  HS512: hmac('sha512'),
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  PS256: pss('sha256', 32),
  PS384: pss('sha384', 48),
  PS512: pss('sha512', 64),
  ES256: ecdsa('sha256', p256),
  ES384: ecdsa('sha384', p384),
  ES512: ecdsa('sha512', p521),
  EdDSA: (data) => sign(null, data, ed25519.privateKey),
};

const CLAIMS = { iss: 'us', sub: 'x', n: 1.5 };
function token(header: object, signer: Signer, payload: unknown = CLAIMS): string {
  const signed = `${json(header)}.${typeof payload === 'string' ? url(payload) : json(payload)}`;
  return `${signed}.${url(signer(Buffer.from(signed)))}`;
}

const spki = ({ publicKey }: KeyPair): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = (key: KeyObject, members: object = {}): object => ({
  ...key.export({ format: 'jwk' }),
  ...members,
});
const certified = (key: KeyPair): string => pem('CERTIFICATE', certificate({ subject: named('x'), key }));

const text = JSON.stringify;
const KEYS: Readonly<Record<string, string>> = {
  'RSA certificate': certified(rsa),
  'RSA public key': spki(rsa),
  'P-256 certificate': certified(p256),
  'P-384 public key': spki(p384),
  'P-521 public key': spki(p521),
  'Ed25519 public key': spki(ed25519),
  'RSA JWK for RS256': text(jwk(rsa.publicKey, { alg: 'RS256', kid: 'rsa' })),
  'private P-256 JWK': text(jwk(p256.privateKey)),
  'private Ed25519 JWK': text(jwk(ed25519.privateKey)),
  'secret JWK': text({ kty: 'oct', k: url(SECRET) }),
  'RSA public key as secret JWK': text({ kty: 'oct', k: url(spki(rsa)) }),
  set: text({
    keys: [
      jwk(otherRsa.publicKey, { kid: 'other', alg: 'RS256' }),
      jwk(rsa.publicKey, { kid: 'rsa' }),
      jwk(p384.publicKey, { kid: 'ec', alg: 'ES384' }),
      jwk(p256.publicKey, { alg: 'ECDH-ES' }),
    ],
  }),
  'other RSA key': spki(otherRsa),
  'private PEM': rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'PEM and more': `${spki(rsa)}\nmore`,
  'not a key': 'not a key',
  'empty set': text({ keys: [] }),
};

const ALGORITHMS = Object.keys(SIGNERS);
const verifier = (alg: string): string => `io.jwt.verify_${alg.toLowerCase()}`;
const rawEd25519 = Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const nothing: Signer = () => Buffer.alloc(0);

/** See below: OPA takes an Ed25519 key for an HMAC secret. */
const isConfused = (header: { alg?: string }, key: object): boolean =>
  'crv' in key && (header.alg?.startsWith('HS') ?? false);

describe('tokens', () => {
  it('verify with exactly the keys and under exactly the algorithms with which they verify in OPA', async () => {
    const tokens = ALGORITHMS.map((alg) => token({ alg }, SIGNERS[alg] ?? nothing));
    const calls = Object.entries(KEYS).flatMap(([about, key]) =>
      tokens.flatMap((given): readonly Call[] => [
        ...ALGORITHMS.map((alg) => ({ about, name: verifier(alg), args: [given, key] })),
        { about, name: 'io.jwt.decode_verify', args: [given, { cert: key }] },
      ]),
    );
    const answers = await ours(calls);
    expect(answers.filter((answer) => answer === true).length).toBeGreaterThan(20);
    expect(await differences(calls)).toEqual([]);
  }, 60_000);

  it('are not verified by a key that their header chooses the algorithm for', async () => {
    const confused = [
      token({ alg: 'HS256' }, hmac('sha256', spki(rsa))),
      token({ alg: 'HS256' }, hmac('sha256', certified(rsa))),
      token({ alg: 'HS256' }, hmac('sha256', rawEd25519)),
      token({ alg: 'none' }, nothing),
      token({ alg: 'None' }, nothing),
      token({ alg: 'RS256' }, nothing),
      token({ alg: 'hs256' }, hmac('sha256')),
      token({ alg: 'toString' }, nothing),
      token({ alg: '__proto__' }, nothing),
    ];
    const sources = [
      ...['RSA public key', 'RSA certificate', 'RSA JWK for RS256', 'set'],
      ...['Ed25519 public key', 'private Ed25519 JWK'],
    ].map((each) => KEYS[each]);
    const calls = confused.flatMap((given) => [
      ...sources.map((cert): Call => ({ name: 'io.jwt.decode_verify', args: [given, { cert }] })),
      ...sources.map((cert): Call => ({ name: 'io.jwt.verify_rs256', args: [given, cert] })),
      { name: 'io.jwt.decode_verify', args: [given, { secret: SECRET }] },
    ]);
    const answers = await ours(calls);
    for (const answer of answers)
      expect(answer === true || (Array.isArray(answer) && answer[0] === true)).toBe(false);
    expect(await differences(calls)).toEqual([]);
  });

  it('are verified by the key their kid names, or by any that may be used', async () => {
    const { set } = KEYS;
    const headers = [
      { alg: 'RS256', kid: 'rsa' },
      { alg: 'RS256', kid: 'other' },
      { alg: 'RS256', kid: 'nobody' },
      { alg: 'RS256', kid: '' },
      { alg: 'RS256', kid: 7 },
      { alg: 'PS256', kid: 'rsa' },
      { alg: 'ES384', kid: 'rsa' },
    ];
    const calls = headers.flatMap((header) =>
      ALGORITHMS.flatMap((alg): readonly Call[] => {
        const given = token(header, SIGNERS[alg] ?? nothing);
        return [
          { name: verifier(alg), args: [given, set] },
          { name: 'io.jwt.decode_verify', args: [given, { cert: set }] },
        ];
      }),
    );
    expect(await differences(calls)).toEqual([]);
  });

  it('of odd shapes are refused where OPA refuses them', async () => {
    const good = token({ alg: 'HS256' }, hmac('sha256'));
    const [header = '', payload = '', signature = ''] = good.split('.');
    const nested = token({ alg: 'HS256', cty: 'JWT' }, hmac('sha256'), good);
    const shapes = [
      good,
      '',
      'x',
      'a.b',
      '..',
      `${good}.`,
      `${header}.${payload}.`,
      `${header}=.${payload}.${signature}`,
      `${header}\n.${payload}.${signature}`,
      `${header}.${payload}.${signature}=`,
      `${header}.${payload}.${signature.slice(1)}`,
      `.${payload}.${signature}`,
      `${url('[]')}.${payload}.${signature}`,
      `${url('{"alg":"HS256"} x')}.${payload}.${signature}`,
      `${header}.${url('1')}.${signature}`,
      `${header}.${url('{"a":1,"a":2,"big":123456789012345678901234567890}')}.${signature}`,
      `${header}.${url(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))}.${signature}`,
      nested,
      token({ alg: 'HS256', cty: 'jwt' }, hmac('sha256'), good),
      token({ alg: 'HS256', cty: 'JWT' }, hmac('sha256'), `"${good}"`),
      token({ alg: 'HS256', enc: 'A128GCM' }, hmac('sha256')),
      token({ alg: 'HS256', crit: [] }, hmac('sha256')),
      token({ alg: 'HS256', crit: ['exp'], exp: 1 }, hmac('sha256')),
      token({ alg: 'HS256', crit: ['alg', 'nothing'] }, hmac('sha256')),
      token({ alg: 'HS256', crit: [1, 'exp'], exp: 1 }, hmac('sha256')),
      token({ alg: 'HS256', crit: ['exp', 1], exp: 1 }, hmac('sha256')),
      token({ alg: 'HS256', typ: 1 }, hmac('sha256')),
      token({}, hmac('sha256')),
    ];
    const calls = shapes.flatMap((given): readonly Call[] => [
      { name: 'io.jwt.decode', args: [given] },
      { name: 'io.jwt.verify_hs256', args: [given, SECRET] },
      { name: 'io.jwt.decode_verify', args: [given, { secret: SECRET }] },
    ]);
    expect(await differences(calls)).toEqual([]);
  });

  it('meet the same demands as in OPA', async () => {
    const now = Date.now() / 1000;
    const claims = [
      {},
      { iss: 'us' },
      { iss: '' },
      { aud: 'a' },
      { aud: '' },
      { aud: ['a', 'b'] },
      { aud: [1, 'a'] },
      { aud: [] },
      { aud: 7 },
      { exp: 1000 },
      { exp: 1000.5 },
      { exp: 1001 },
      { exp: '1001' },
      { exp: now + 3600 },
      { exp: now - 3600 },
      { nbf: 1000 },
      { nbf: 1000.5 },
      { nbf: null },
      { nbf: now + 3600 },
      { exp: 1, nbf: 'x' },
    ];
    const demands = [
      {},
      { iss: 'us' },
      { iss: '' },
      { aud: 'a' },
      { aud: 'c' },
      { time: 1000e9 },
      { time: 1000.5e9 },
      { time: 0 },
      { time: -1 },
      { time: '1' },
      { alg: 'HS256' },
      { alg: 'HS384' },
      { alg: 1 },
      { foo: 1 },
      { cert: KEYS['RSA public key'] },
      { cert: KEYS['not a key'] },
      { secret: '' },
      { secret: 'x' },
      { secret: 1 },
    ];
    const calls = claims.flatMap((payload) =>
      demands.map((demand): Call => ({
        name: 'io.jwt.decode_verify',
        args: [token({ alg: 'HS256' }, hmac('sha256'), payload), { secret: SECRET, ...demand }],
      })),
    );
    expect(await differences(calls)).toEqual([]);
  });

  it('are signed as OPA signs them, where signing is not random', async () => {
    const keys = [
      { kty: 'oct', k: url(SECRET) },
      { kty: 'oct', k: '' },
      jwk(rsa.privateKey),
      jwk(rsa.publicKey),
      jwk(ed25519.privateKey),
      { keys: [jwk(rsa.privateKey)] },
      { keys: [] },
      {},
    ];
    const headers = [
      ...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'EdDSA', 'none', 'XX'].map((alg) => ({
        alg,
      })),
      { alg: 'HS256', typ: 'text', z: '<&>', a: 1.0 },
      { typ: 'JWT' },
    ];
    const payload = { b: [1, { c: '\u2028 <&> é' }], a: 12345678901234, e: {} };
    const calls = keys.flatMap((key) =>
      headers
        .filter((header) => !isConfused(header, key))
        .flatMap((header): readonly Call[] => [
          { name: 'io.jwt.encode_sign', args: [header, payload, key] },
          { name: 'io.jwt.encode_sign_raw', args: [text(header), ' { } ', text(key)] },
          { name: 'io.jwt.encode_sign_raw', args: [text(header), 'no JSON', text(key)] },
        ]),
    );
    expect((await ours(calls)).filter((answer) => answer !== undefined).length).toBeGreaterThan(20);
    expect(await differences(calls)).toEqual([]);
  });

  it('are not signed by HMAC with an Ed25519 key for a secret, which OPA does', async () => {
    const call: Call = {
      name: 'io.jwt.encode_sign',
      args: [{ alg: 'HS256' }, CLAIMS, jwk(ed25519.privateKey)],
    };
    expect(await ours([call])).toEqual([undefined]);
    expect(await differences([call])).toHaveLength(1);
  });

  it('that are signed here verify here', async () => {
    const keys: readonly (readonly [alg: string, pair: KeyPair])[] = [
      ['ES256', p256],
      ['ES384', p384],
      ['ES512', p521],
      ['PS256', rsa],
      ['PS384', rsa],
      ['PS512', rsa],
    ];
    for (const [alg, pair] of keys) {
      const [signed] = await ours([
        { name: 'io.jwt.encode_sign', args: [{ alg }, CLAIMS, jwk(pair.privateKey)] },
      ]);
      const check: Call = { name: verifier(alg), args: [signed, spki(pair)] };
      expect(await ours([check])).toEqual([true]);
      expect(await differences([check])).toEqual([]);
    }
  });

  it('never verify with a bit changed, in OPA or here', async () => {
    const checks: readonly (readonly [alg: string, key: string])[] = [
      ['HS256', SECRET],
      ['RS256', spki(rsa)],
      ['PS256', spki(rsa)],
      ['ES256', spki(p256)],
      ['ES512', spki(p521)],
      ['EdDSA', spki(ed25519)],
    ];
    const calls = checks.flatMap(([alg, key]) => {
      const given = token({ alg }, SIGNERS[alg] ?? nothing);
      const sections = given.split('.').map((section) => Buffer.from(section, 'base64url'));
      return sections.flatMap((section, part) =>
        Array.from({ length: Math.min(section.length * 8, 600) }, (_, index): Call => {
          // Every bit of the short ones; the long ones from end to end.
          const bit = Math.floor((index * section.length * 8) / Math.min(section.length * 8, 600));
          const changed = Buffer.from(section);
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const rest = sections.with(part, changed).map(url).join('.');
          return { about: `${alg}, section ${part}, bit ${bit}`, name: verifier(alg), args: [rest, key] };
        }),
      );
    });
    const answers = await ours(calls);
    expect(calls.filter((_, index) => answers[index] === true)).toEqual([]);
    expect(await differences(calls.filter((_, index) => index % 9 === 0))).toEqual([]);
  }, 60_000);
});
