import { type Call, differences, ours } from './builtin-calls.js';
import {
  alternativeNames,
  authority,
  bits,
  bool,
  certificate,
  constraints,
  context,
  extension,
  generalizedTime,
  int,
  mutants,
  name,
  named,
  newKey,
  octets,
  oid,
  pem,
  policies,
  request,
  seq,
  set,
  tagged,
  usages,
  utcTime,
  utf8,
} from './certificate-factory.js';
import { encodeDer, TAG } from '../../src/rego/keys/der.js';

const root = newKey.ec();
const leaf = newKey.ed25519();
const rsa = newKey.rsa();
const SUBJECT = named('root');

const parse = (about: string, der: Buffer): Call => ({
  about,
  name: 'crypto.x509.parse_certificates',
  args: [der.toString('base64')],
});
const selfSigned = (about: string, extensions: readonly Buffer[], more: object = {}): Call =>
  parse(about, certificate({ subject: SUBJECT, key: root, extensions, ...more }));
const ext = (id: string, value: Buffer, critical = false): Buffer =>
  extension(`2.5.29.${id}`, value, critical);
const san = (...names: readonly Buffer[]): Buffer => alternativeNames(...names);
const attribute = (type: string, value: Buffer): Buffer => seq(set(seq(oid(type), value)));

const EXTENSIONS: Readonly<Record<string, readonly Buffer[]>> = {
  none: [],
  'an authority': [authority()],
  'an authority with path length 0': [authority(0n)],
  'an authority with path length 3': [authority(3n)],
  'a path length without an authority': [ext('19', seq(int(2n)))],
  'empty basic constraints': [ext('19', seq())],
  'a negative path length': [ext('19', seq(bool(true), encodeDer(TAG.integer, Buffer.of(0xff))))],
  'a twisted boolean': [ext('19', seq(encodeDer(TAG.boolean, Buffer.of(1))))],
  'key usages': [ext('15', encodeDer(TAG.bitString, Buffer.of(1, 0x06)))],
  'nine key usages': [ext('15', encodeDer(TAG.bitString, Buffer.of(7, 0xff, 0x80)))],
  'key usages with loose bits': [ext('15', encodeDer(TAG.bitString, Buffer.of(3, 0x07)))],
  'extended usages': [usages('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.9', '1.2.3.4', '2.5.29.37.0')],
  'no extended usages': [usages()],
  names: [
    san(
      context(1, 'a@example.com'),
      context(2, '*.example.com'),
      context(2, 'trailing.'),
      context(7, Buffer.of(10, 0, 0, 1)),
      context(7, Buffer.from('20010db8000000000000000000000001', 'hex')),
      context(7, Buffer.from('00000000000000000000ffff0a000001', 'hex')),
      context(7, Buffer.alloc(16)),
      context(7, Buffer.from('00010000000000020000000000000003', 'hex')),
      context(8, Buffer.of(42)),
    ),
  ],
  'only names of other kinds': [ext('17', seq(context(8, Buffer.of(42))), true)],
  'no names': [ext('17', seq(), true)],
  'an address of five bytes': [san(context(7, Buffer.alloc(5)))],
  'a name beyond ASCII': [san(context(2, 'é'))],
  identifiers: [
    ext('14', octets(Buffer.from('key'))),
    ext('35', seq(context(0, 'issuer'), context(2, Buffer.of(1)))),
  ],
  'an empty authority key identifier': [ext('35', seq())],
  'a critical subject key identifier': [ext('14', octets(Buffer.from('key')), true)],
  'policies of any size': [policies('1.2.3', '2.999.12345678901234567890', '2.5.29.32.0', '1.2.4294967296')],
  'a policy twice': [policies('1.2.3', '1.2.3')],
  'no policies': [policies()],
  'policy mappings': [ext('33', seq(seq(oid('1.2.3'), oid('1.2.4')), seq(oid('2.999.1'), oid('1.2'))))],
  'policy constraints': [ext('36', seq(context(0, Buffer.of(0)), context(1, Buffer.of(5))))],
  'inhibited policies': [ext('54', int(3n)), ext('36', seq(context(1, Buffer.of(0))))],
  'no inhibited policies': [ext('54', int(0n))],
  'distribution points': [
    ext(
      '31',
      seq(
        seq(tagged(0, tagged(0, context(6, 'http://a/'), context(6, 'http://b/'), context(2, 'x')))),
        seq(context(1, Buffer.of(0))),
        seq(tagged(0, tagged(0, context(2, 'x'), context(6, 'http://c/')))),
      ),
    ),
  ],
  'a point relative to the issuer': [ext('31', seq(seq(tagged(0, tagged(1, Buffer.alloc(0))))))],
  'authority information': [
    extension(
      '1.3.6.1.5.5.7.1.1',
      seq(
        seq(oid('1.3.6.1.5.5.7.48.1'), context(6, 'http://ocsp/')),
        seq(oid('1.3.6.1.5.5.7.48.2'), context(6, 'http://issuer/')),
        seq(oid('1.3.6.1.5.5.7.48.2'), context(2, 'x')),
        seq(oid('1.2.3'), context(6, 'http://other/')),
      ),
    ),
  ],
  'constraints of all kinds': [
    constraints(
      [
        context(2, '.example.com'),
        context(2, ''),
        context(1, 'a@b.c'),
        context(1, '.b.c'),
        context(6, 'host.example'),
        context(7, Buffer.of(10, 0, 0, 0, 255, 0, 0, 0)),
      ],
      [context(7, Buffer.alloc(32)), context(2, 'x'), context(4, seq())],
    ),
  ],
  'a broken mask': [constraints([context(7, Buffer.of(10, 0, 0, 0, 255, 0, 255, 0))])],
  'constraints of nothing': [ext('30', seq(), true)],
  'a constraint on a URI by address': [constraints([context(6, '10.0.0.1')])],
  'a constraint that is no domain': [constraints([context(2, 'a..b')])],
  'a constraint that is no mailbox': [constraints([context(1, 'a b@c')])],
  'unknown and critical': [extension('1.2.3.4', seq(), true), ext('99', seq(), true)],
  'unknown and not critical': [extension('1.2.3.4', seq())],
  'the same twice': [ext('14', octets(Buffer.of(1))), ext('14', octets(Buffer.of(1)))],
};

const URIS = [
  'https://user:p%40ss@example.com:8443/a%2Fb/c%20d?q=1&r#frag%21',
  'urn:a:b',
  'http://[::1]:80/',
  'http://[fe80::1%25eth0]/',
  '/relative',
  '//host/path',
  'http://host?',
  'http://é/',
  'HTTP://Host/%7e',
  'mailto:a@b.c',
  'file:///etc/x',
  'a:/b',
  'http://a b/',
  ':x',
  'a/b:c',
  './a:b',
  '*',
  'http://h/*!(x)',
  'http://h/%zz',
  'http://h:99x/',
  'spiffe://trust.domain/ns/x',
  'http://u@/x',
  'http://h/#a%20b<',
];

const NAMES: Readonly<Record<string, Buffer>> = {
  empty: seq(),
  'of all kinds': name(
    ...['2.5.4.6', 'NO', '2.5.4.10', 'Acme & <Co>', '2.5.4.11', 'A', '2.5.4.11', 'B', '2.5.4.7', 'Oslo'],
    ...['2.5.4.8', 'P', '2.5.4.9', 'Street', '2.5.4.17', '0001', '2.5.4.5', '42', '2.5.4.3', 'é'],
    ...['2.5.4.3', 'last', '0.9.2342.19200300.100.1.25', 'dc'],
  ),
  printable: attribute('2.5.4.3', encodeDer(TAG.printableString, Buffer.from("A-z '()+,-./:=?*&"))),
  'not printable': attribute('2.5.4.3', encodeDer(TAG.printableString, Buffer.from('a_b'))),
  'T.61': attribute('2.5.4.3', encodeDer(TAG.t61String, Buffer.of(0xe9, 0x80))),
  BMP: attribute('2.5.4.3', encodeDer(TAG.bmpString, Buffer.from('00410394 0000'.replace(' ', ''), 'hex'))),
  'BMP surrogates': attribute('2.5.4.3', encodeDer(TAG.bmpString, Buffer.from('d83dde00', 'hex'))),
  numeric: attribute('2.5.4.3', encodeDer(TAG.numericString, Buffer.from('12 3'))),
  IA5: attribute('2.5.4.3', encodeDer(TAG.ia5String, Buffer.from('a@b'))),
  'IA5 beyond ASCII': attribute('2.5.4.3', encodeDer(TAG.ia5String, Buffer.of(0x80))),
  'broken UTF-8': attribute('2.5.4.3', encodeDer(TAG.utf8String, Buffer.of(0xff))),
  'a number': attribute('2.5.4.3', int(7n)),
  'an empty set': seq(set()),
  'several in a set': seq(set(seq(oid('2.5.4.3'), utf8('a')), seq(oid('2.5.4.10'), utf8('b')))),
};

const TIMES: readonly Buffer[] = [
  utcTime('991231235959Z'),
  utcTime('491231235959Z'),
  utcTime('500101000000Z'),
  utcTime('9912312359Z'),
  utcTime('200229000000Z'),
  utcTime('210229000000Z'),
  utcTime('200101000000+0100'),
  utcTime('200101000000+0000'),
  utcTime('2001010000-0130'),
  utcTime('200101000000'),
  utcTime('200101006000Z'),
  utcTime('201301000000Z'),
  generalizedTime('20200101000000Z'),
  generalizedTime('00010101000000Z'),
  generalizedTime('99991231235959Z'),
  generalizedTime('20200101000000.5Z'),
  generalizedTime('202001010000Z'),
  generalizedTime('20200101000000+0200'),
  encodeDer(TAG.utf8String, Buffer.from('20200101000000Z')),
];

describe('certificates', () => {
  it('of every extension are shown as OPA shows them', async () => {
    const calls = Object.entries(EXTENSIONS).map(([about, list]) => selfSigned(about, list));
    expect((await ours(calls)).filter((value) => value !== undefined).length).toBeGreaterThan(20);
    expect(await differences(calls)).toEqual([]);
  });

  it('with URIs, names and times of all kinds are shown as OPA shows them', async () => {
    const calls = [
      ...URIS.map((uri) => selfSigned(uri, [san(context(6, uri))])),
      ...Object.entries(NAMES).map(([about, subject]) => selfSigned(about, [], { subject })),
      ...TIMES.map((time) => selfSigned(time.toString(), [], { notBefore: time, notAfter: time })),
      ...[0, 1, 2, 3].map((version) => selfSigned(`version ${version}`, [authority()], { version })),
      ...[0n, 2n ** 64n].map((serial) => selfSigned(`serial ${serial}`, [], { serial })),
      ...[newKey.ec('P-521'), newKey.ec('P-224'), rsa, leaf].map((key) => selfSigned('key', [], { key })),
    ];
    expect(await differences(calls)).toEqual([]);
  });

  it('that were damaged are refused, or shown, as in OPA', async () => {
    const list = ['names', 'constraints of all kinds', 'authority information', 'identifiers'].flatMap(
      (each) => EXTENSIONS[each] ?? [],
    );
    const der = certificate({ subject: named('x'), key: root, extensions: list });
    const calls = mutants(der, 1500).map((mutant, index) => parse(`mutant ${index}`, mutant));
    expect(await differences(calls)).toEqual([]);
  }, 60_000);

  it('are found in the same texts as in OPA', async () => {
    const der = certificate({ subject: SUBJECT, key: root });
    const text = pem('CERTIFICATE', der);
    const encoded = Buffer.from(text).toString('base64');
    const texts = [
      '',
      text,
      text + text,
      `${text}garbage\n${text}`,
      `garbage\n${text}`,
      text.replaceAll('\n', '\r\n'),
      text.trimEnd(),
      text.replace('-----END', '----END'),
      text.replace('CERTIFICATE', 'PUBLIC KEY'),
      text.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
      text.replace('-----\n', '-----\nA: b\nC: d\n\n'),
      text.replace('-----\n', '-----\nA: b\n'),
      text.replace('-----\n', '-----  \n'),
      `-----BEGIN CERTIFICATE-----\n${text}`,
      `-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n${text}`,
      `-----BEGIN CERTIFICATE-----\nA: b\n-----END CERTIFICATE-----\n`,
      pem('X', Buffer.of(1)) + text,
      encoded,
      `${encoded.slice(0, 60)}\n${encoded.slice(60)}`,
      encoded.replaceAll('=', ''),
      der.toString('base64'),
      der.toString('base64url'),
      Buffer.concat([der, der]).toString('base64'),
      Buffer.concat([der, Buffer.of(0)]).toString('base64'),
    ];
    const calls = texts.map((given): Call => ({ name: 'crypto.x509.parse_certificates', args: [given] }));
    expect(await differences(calls)).toEqual([]);
  });
});

describe('certification requests', () => {
  it('are shown as OPA shows them', async () => {
    const extensions = (...list: readonly Buffer[]): Buffer =>
      seq(oid('1.2.840.113549.1.9.14'), set(seq(...list)));
    const value = (der: Buffer): Buffer => seq(oid('1.2.3'), set(seq(seq(oid('1.2.4'), der))));
    const attributes: readonly (readonly Buffer[])[] = [
      [],
      [extensions(san(context(2, 'a.example'), context(6, 'https://x/y')), authority())],
      [extensions(ext('14', octets(Buffer.of(1))), ext('14', octets(Buffer.of(1))))],
      [extensions(), extensions(authority())],
      [seq(oid('1.2.840.113549.1.9.7'), set(utf8('password')))],
      [seq(oid('1.2.840.113549.1.9.14'), set(utf8('no extensions')))],
      [seq(oid('1.2.840.113549.1.9.14'), set())],
      [seq(oid('1.2.3'), set())],
      [seq(oid('1.2.3'), set(seq()))],
      [value(int(7n))],
      [value(int(2n ** 70n))],
      [value(bits(Buffer.of(5)))],
      [value(utcTime('200101000000Z'))],
      [value(generalizedTime('20200101000000Z'))],
      [value(seq())],
      [value(encodeDer(TAG.null))],
      [value(oid('1.2.3.4'))],
      [value(bool(true))],
      [value(encodeDer(TAG.bmpString, Buffer.of(0, 65)))],
      [int(1n)],
    ];
    const requests = [
      ...attributes.map((list) => request(named('x'), rsa, list)),
      ...Object.values(NAMES).map((subject) => request(subject, root, [])),
    ];
    const good = requests[1] ?? Buffer.alloc(0);
    const text = pem('CERTIFICATE REQUEST', good);
    const texts = [
      ...requests.map((der) => der.toString('base64')),
      ...mutants(good, 300).map((der) => der.toString('base64')),
      text,
      Buffer.from(text).toString('base64'),
      text.replaceAll('REQUEST', 'REQUESTS'),
      `garbage\n${text}`,
      `${text}garbage`,
      pem('CERTIFICATE', good),
      '',
    ];
    const calls = texts.map((given): Call => ({
      name: 'crypto.x509.parse_certificate_request',
      args: [given],
    }));
    expect(await differences(calls)).toEqual([]);
  });
});
