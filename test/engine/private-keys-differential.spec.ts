import { type Call, differences, ours } from './builtin-calls.js';
import {
  certificate,
  int,
  type KeyPair,
  mutants,
  named,
  newKey,
  octets,
  oid,
  pem,
  seq,
  tagged,
} from './certificate-factory.js';

const root = newKey.ec();
const middle = newKey.ec('P-384');
const leaf = newKey.ed25519();
const rsa = newKey.rsa();

describe('private keys', () => {
  it('are shown as OPA shows them', async () => {
    const pkcs8 = ({ privateKey }: KeyPair): string =>
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const sec1 = ({ privateKey }: KeyPair): string =>
      privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const pkcs1 = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const curves = ['P-224', 'P-256', 'P-384', 'P-521'].map((curve) => newKey.ec(curve));
    const der = rsa.privateKey.export({ type: 'pkcs1', format: 'der' });
    const texts = [
      '',
      'x',
      pkcs1,
      pkcs8(rsa),
      pkcs8(newKey.rsa(1024)),
      pkcs8(leaf),
      ...curves.flatMap((key) => [pkcs8(key), sec1(key)]),
      pkcs8(newKey.ec('secp256k1')),
      pkcs1 + sec1(root),
      certified(rsa) + pkcs1,
      Buffer.from(pkcs1).toString('base64'),
      der.toString('base64'),
      pkcs1.replaceAll('RSA PRIVATE', 'EC PRIVATE'),
      pkcs1.replaceAll('RSA PRIVATE', 'PRIVATE'),
      pem('PRIVATE KEY', pkcs8Of('1.3.101.110', octets(Buffer.alloc(32, 7)))),
      pem('PRIVATE KEY', pkcs8Of('1.3.101.112', octets(Buffer.alloc(31, 7)))),
      pem('PRIVATE KEY', pkcs8Of('1.2.3', octets(Buffer.alloc(32, 7)))),
      pem('EC PRIVATE KEY', ecKey(Buffer.alloc(32))),
      pem('EC PRIVATE KEY', ecKey(Buffer.alloc(32, 0xff))),
      pem('EC PRIVATE KEY', ecKey(Buffer.of(5))),
      pem('EC PRIVATE KEY', ecKey(Buffer.concat([Buffer.alloc(9), Buffer.alloc(32, 5)]))),
      pem('EC PRIVATE KEY', ecKey(Buffer.alloc(33, 5))),
      ...mutants(der, 300).map((mutant) => pem('RSA PRIVATE KEY', mutant)),
      ...mutants(curves[1]?.privateKey.export({ type: 'pkcs8', format: 'der' }) ?? der, 300).map((mutant) =>
        pem('PRIVATE KEY', mutant),
      ),
    ];
    const calls = texts.flatMap((given): readonly Call[] => [
      { name: 'crypto.parse_private_keys', args: [given] },
      { name: 'crypto.x509.parse_rsa_private_key', args: [given] },
    ]);
    expect(await differences(calls)).toEqual([]);
  }, 60_000);

  it('pair with the certificates they pair with in OPA', async () => {
    const keys = [rsa, root, leaf, middle];
    const pkcs8 = keys.map(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'der' }));
    const calls = keys.flatMap((owner) =>
      pkcs8.flatMap((key): readonly Call[] => {
        const der = certificate({ subject: named('x'), key: owner });
        const text = pem('CERTIFICATE', der);
        const pair = (...args: readonly string[]): Call => ({ name: 'crypto.x509.parse_keypair', args });
        return [
          pair(text, pem('PRIVATE KEY', key)),
          pair(pem('X', der) + text + text, pem('X', key) + pem('OWN PRIVATE KEY', key)),
          pair(der.toString('base64'), key.toString('base64')),
          pair(Buffer.from(text).toString('base64'), Buffer.from(pem('PRIVATE KEY', key)).toString('base64')),
          pair(pem('PRIVATE KEY', key), text),
        ];
      }),
    );
    expect((await ours(calls)).filter((value) => value !== undefined)).toHaveLength(16);
    expect(await differences(calls)).toEqual([]);
  });
});

const certified = (key: KeyPair): string => pem('CERTIFICATE', certificate({ subject: named('x'), key }));
const pkcs8Of = (algorithm: string, key: Buffer): Buffer => seq(int(0n), seq(oid(algorithm)), octets(key));
const ecKey = (secret: Buffer): Buffer => seq(int(1n), octets(secret), tagged(0, oid('1.2.840.10045.3.1.7')));
