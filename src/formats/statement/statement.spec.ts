import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../kernel/canonical-json.js';
import { normaliseEvidence } from '../normalise.js';
import { preAuthenticationEncoding } from './envelope.js';

const STATEMENT = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType: 'https://slsa.dev/verification_summary/v1',
  predicate: {
    verifier: { id: 'https://v.example' },
    verificationResult: 'PASSED',
    verifiedLevels: ['SLSA_BUILD_LEVEL_2'],
  },
};

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const trusted = [
  { name: 'edwards', publicKeyPem: pem(ed25519.publicKey) },
  { name: 'p256', publicKeyPem: pem(p256.publicKey) },
  { name: 'p384', publicKeyPem: pem(p384.publicKey) },
  { name: 'rsa', publicKeyPem: pem(rsa.publicKey) },
];

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** An envelope around a statement, signed by `signers` over the bytes of `signed` (the payload's own by default). */
function envelope(
  statement: object,
  signers: readonly ((bytes: Buffer) => Buffer)[],
  signed: object = statement,
): JsonObject {
  const payload = Buffer.from(JSON.stringify(signed));
  const bytes = preAuthenticationEncoding({ payloadType: PAYLOAD_TYPE, payload, signatures: [] });
  return {
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    signatures: signers.map((by) => ({ keyid: 'anything', sig: by(bytes).toString('base64') })),
  };
}

const read = (value: object) =>
  normaliseEvidence(Buffer.from(JSON.stringify(value)), { trustedKeys: trusted });
const byEdwards = (bytes: Buffer) => sign(null, bytes, ed25519.privateKey);

describe('signed statements', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['edwards', byEdwards],
    ['p256', (bytes) => sign('sha256', bytes, p256.privateKey)],
    ['p256', (bytes) => sign('sha256', bytes, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' })],
    ['p384', (bytes) => sign('sha384', bytes, p384.privateKey)],
    ['rsa', (bytes) => sign('sha256', bytes, rsa.privateKey)],
    ['rsa', (bytes) => sign('sha256', bytes, { key: rsa.privateKey, padding: 6 })],
  ])('count when %s signed them', (name, signer) => {
    expect(read(envelope(STATEMENT, [signer]))).toMatchObject({
      format: 'dsse',
      formatVersion: 'v1',
      kinds: ['provenance'],
      state: 'COMPLETE',
      statements: [
        {
          predicateType: STATEMENT.predicateType,
          subjects: [{ name: 'app', digest: `sha256:${'ab'.repeat(32)}` }],
          signature: 'verified',
          signedBy: [name],
          summary: { verifier: 'https://v.example', result: 'PASSED', levels: ['SLSA_BUILD_LEVEL_2'] },
        },
      ],
    });
  });

  it('count keys, not signatures', () => {
    const { statements } = read(envelope(STATEMENT, [byEdwards, byEdwards]));
    expect(statements[0]?.signedBy).toEqual(['edwards']);
  });

  it('show nothing when nobody, or nobody trusted, signed exactly these bytes', () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const states = [
      STATEMENT,
      envelope(STATEMENT, []),
      envelope(STATEMENT, [(bytes) => sign(null, bytes, stranger)]),
      envelope({ ...STATEMENT, predicateType: 'urn:other' }, [byEdwards], STATEMENT),
      envelope(STATEMENT, [() => Buffer.alloc(0)]),
      envelope(STATEMENT, [() => Buffer.alloc(64)]),
    ].map((value) => {
      const { state, reasons } = read(value);
      return [state, ...reasons.map(({ code }) => code)];
    });
    expect(states).toEqual([
      ['UNKNOWN', 'statement.unsigned'],
      ['UNKNOWN', 'statement.unsigned'],
      ['UNKNOWN', 'statement.unknown-key'],
      ['UNKNOWN', 'statement.unknown-key'],
      ['UNKNOWN', 'statement.unknown-key'],
      ['UNKNOWN', 'statement.unknown-key'],
    ]);
  });

  it('are read with the URL-safe alphabet, and not with letters that a lenient decoder would skip', () => {
    const signed = envelope(STATEMENT, [byEdwards]);
    const payload = signed['payload'] as string;
    expect(read({ ...signed, payload: payload.replaceAll('+', '-').replaceAll('/', '_') }).state).toBe(
      'COMPLETE',
    );
    expect(read({ ...signed, payload: ` ${payload}` })).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'statement.envelope-malformed' }],
    });
  });

  it.each<[string, object]>([
    ['a subject without a digest', { ...STATEMENT, subject: [{ name: 'a' }] }],
    ['no subject', { ...STATEMENT, subject: [] }],
    ['a digest in capitals', { ...STATEMENT, subject: [{ digest: { sha256: 'AB'.repeat(32) } }] }],
    ['a summary without a result', { ...STATEMENT, predicate: { verifier: { id: 'x' } } }],
    ['no predicate type', { ...STATEMENT, predicateType: '' }],
  ])('are refused for %s, even when signed', (_, statement) => {
    expect(read(envelope(statement, [byEdwards]))).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'statement.malformed' }],
      statements: [],
    });
  });

  it('of another type are unknown, whoever signed', () => {
    expect(
      read(envelope({ ...STATEMENT, _type: 'https://in-toto.io/Statement/v9' }, [byEdwards])).state,
    ).toBe('UNKNOWN');
  });
});
