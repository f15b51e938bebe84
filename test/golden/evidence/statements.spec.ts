import { createPublicKey } from 'node:crypto';
import { preAuthenticationEncoding } from '../../../src/formats/statement/envelope.js';
import { signersOf } from '../../../src/formats/statement/signature.js';
import { sha256 } from '../../../src/kernel/digest.js';
import { describeSamples, normalised, sampleJson } from './samples.js';

describeSamples('statement samples', () => {
  it('agree with the vector of the DSSE specification', () => {
    const vector = sampleJson('intoto/dsse-vector.json');
    const envelope = {
      payloadType: vector.payloadType,
      payload: Buffer.from(vector.payloadBase64, 'base64'),
      signatures: [Buffer.from(vector.signatureBase64, 'base64')],
    };
    const encoded = preAuthenticationEncoding(envelope);
    expect(encoded.toString()).toBe(vector.pae);
    expect(sha256(encoded)).toBe(`sha256:${vector.paeSha256}`);
    const key = createPublicKey({ key: vector.publicKeyJwk, format: 'jwk' });
    const publicKeyPem = key.export({ type: 'spki', format: 'pem' }).toString();
    const trusted = [{ name: 'vector', publicKeyPem }];
    expect(signersOf(envelope, trusted)).toEqual(['vector']);
    expect(signersOf({ ...envelope, payloadType: 'http://example.com/Hello' }, trusted)).toEqual([]);
    expect(signersOf({ ...envelope, payload: Buffer.from('hello worlds') }, trusted)).toEqual([]);
  });

  it.each([
    ['vsa-passed.json', 'UNKNOWN', 'statement.unsigned'],
    ['vsa-passed-with-waiver.json', 'UNKNOWN', 'statement.unsigned'],
    ['vsa-failed.json', 'UNKNOWN', 'statement.unsigned'],
    ['svr-v0.2.json', 'UNKNOWN', 'statement.unsigned'],
    ['test-result-v0.1.json', 'UNKNOWN', 'statement.unsigned'],
    ['slsa_provenance.sigstore.json', 'UNKNOWN', 'statement.unknown-key'],
    ['bad-uppercase-digest.json', 'ERROR', 'statement.malformed'],
    ['bad-subject-without-digest.json', 'ERROR', 'statement.malformed'],
    ['attestation-invalid-intoto.json', 'ERROR', 'statement.payload-not-json'],
    ['attestation-invalid-payload.json', 'ERROR', 'statement.envelope-malformed'],
  ])('%s is %s: %s', (file, state, code) => {
    expect(normalised(`intoto/${file}`)).toMatchObject({ state, kinds: ['provenance'], reasons: [{ code }] });
  });

  it('are read as far as they say something, signed or not', () => {
    expect(normalised('intoto/vsa-failed.json').statements).toMatchObject([
      { signature: 'unsigned', summary: { result: 'FAILED', levels: ['FAILED'] } },
    ]);
    expect(normalised('intoto/slsa_provenance.sigstore.json').statements).toMatchObject([
      { signature: 'unknown-key', predicateType: 'https://slsa.dev/provenance/v1', summary: null },
    ]);
  });
});
