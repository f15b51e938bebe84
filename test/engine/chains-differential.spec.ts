import { type Call, differences, ours } from './builtin-calls.js';
import {
  alternativeNames,
  authority,
  certificate,
  constraints,
  context,
  extension,
  int,
  type KeyPair,
  named,
  newKey,
  oid,
  pem,
  policies,
  seq,
  usages,
  utcTime,
} from './certificate-factory.js';

const [rootKey, middleKey, otherKey, leafKey] = [
  newKey.ec(),
  newKey.rsa(),
  newKey.ed25519(),
  newKey.ec('P-384'),
];

interface Party {
  readonly subject: Buffer;
  readonly key: KeyPair;
}
const ROOT: Party = { subject: named('root'), key: rootKey };
const MIDDLE: Party = { subject: named('middle'), key: middleKey };
const OTHER: Party = { subject: named('other'), key: otherKey };
const LEAF: Party = { subject: named('leaf'), key: leafKey };

const AUTHORITY = [authority()];
const HOST = alternativeNames(context(2, 'host.example.com'));
const issued = (party: Party, issuer: Party, extensions: readonly Buffer[], more: object = {}): Buffer =>
  certificate({ ...party, issuer, extensions, ...more });

const root = issued(ROOT, ROOT, AUTHORITY);
const middle = issued(MIDDLE, ROOT, AUTHORITY);
const other = issued(OTHER, MIDDLE, AUTHORITY);
const leaf = issued(LEAF, MIDDLE, [HOST]);

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const skips = (...parts: readonly Buffer[]): Buffer => extension('2.5.29.36', seq(...parts));
const explicit = (count: number): Buffer => skips(context(0, Buffer.of(count)));
const noMapping = (count: number): Buffer => skips(context(1, Buffer.of(count)));
const inhibitAny = (count: bigint): Buffer => extension('2.5.29.54', int(count));
const mapping = (from: string, to: string): Buffer => extension('2.5.29.33', seq(seq(oid(from), oid(to))));
const ANY = '2.5.29.32.0';

/** A chain of root, one between them and leaf with these extensions. */
const three = (
  top: readonly Buffer[],
  between: readonly Buffer[],
  end: readonly Buffer[],
): readonly Buffer[] => [
  issued(ROOT, ROOT, [...AUTHORITY, ...top]),
  issued(MIDDLE, ROOT, [...AUTHORITY, ...between]),
  issued(LEAF, MIDDLE, end),
];
const damaged = (der: Buffer): Buffer => {
  const copy = Buffer.from(der);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};
const dns = (text: string): Buffer => context(2, text);
const mail = (text: string): Buffer => context(1, text);
const uri = (text: string): Buffer => context(6, text);
const ip = (text: string): Buffer => context(7, Buffer.from(text, 'hex'));

const CHAINS: Readonly<Record<string, readonly Buffer[]>> = {
  'one certificate': [root],
  'the root twice': [root, root],
  'root and leaf': [root, issued(LEAF, ROOT, [HOST])],
  'root, middle, leaf': [root, middle, leaf],
  'four, in order': [root, middle, other, issued(LEAF, OTHER, [HOST])],
  'four, in disorder': [root, other, middle, issued(LEAF, OTHER, [HOST])],
  'without the middle': [root, leaf],
  'with a stranger': [root, other, leaf],
  'a root that signed nothing': [issued(OTHER, OTHER, AUTHORITY), middle, leaf],
  'a root of the same name and another key': [
    issued({ ...ROOT, key: otherKey }, ROOT, AUTHORITY),
    middle,
    leaf,
  ],
  'a damaged leaf': [root, middle, damaged(leaf)],
  'a damaged middle': [root, damaged(middle), leaf],
  'a damaged root': [damaged(root), middle, leaf],
  'a middle that is no authority': [root, issued(MIDDLE, ROOT, []), leaf],
  'a middle that says it is no authority': [
    root,
    issued(MIDDLE, ROOT, [extension('2.5.29.19', seq())]),
    leaf,
  ],
  'a middle of version 1': [root, issued(MIDDLE, ROOT, [], { version: 0 }), leaf],
  'a root of version 1': [issued(ROOT, ROOT, [], { version: 0 }), middle, leaf],
  'a middle that may not sign': [
    root,
    issued(MIDDLE, ROOT, [...AUTHORITY, extension('2.5.29.15', Buffer.of(3, 2, 7, 0x80))]),
    leaf,
  ],
  'a middle that may sign': [
    root,
    issued(MIDDLE, ROOT, [...AUTHORITY, extension('2.5.29.15', Buffer.of(3, 2, 2, 0x04))]),
    leaf,
  ],
  'a path that may be no longer': [issued(ROOT, ROOT, [authority(0n)]), middle, leaf],
  'a path that is just short enough': [issued(ROOT, ROOT, [authority(1n)]), middle, leaf],
  'an unknown critical extension': [root, middle, issued(LEAF, MIDDLE, [extension('1.2.3', seq(), true)])],
  'an unknown critical extension above': [
    root,
    issued(MIDDLE, ROOT, [...AUTHORITY, extension('1.2.3', seq(), true)]),
    leaf,
  ],
  'an expired leaf': [root, middle, issued(LEAF, MIDDLE, [HOST], { notAfter: utcTime('210101000000Z') })],
  'a leaf of the future': [
    root,
    middle,
    issued(LEAF, MIDDLE, [HOST], { notBefore: utcTime('490101000000Z') }),
  ],
  'an expired middle': [root, issued(MIDDLE, ROOT, AUTHORITY, { notAfter: utcTime('210101000000Z') }), leaf],
  'an expired root': [issued(ROOT, ROOT, AUTHORITY, { notAfter: utcTime('210101000000Z') }), middle, leaf],
  'two middles of one name': [root, issued({ ...MIDDLE, key: otherKey }, ROOT, AUTHORITY), middle, leaf],
  'key identifiers': [
    root,
    issued(MIDDLE, ROOT, [...AUTHORITY, extension('2.5.29.14', Buffer.of(4, 1, 1)), policies('1.1')]),
    issued(MIDDLE, ROOT, [...AUTHORITY, extension('2.5.29.14', Buffer.of(4, 1, 2)), policies('1.2')]),
    issued(MIDDLE, ROOT, [...AUTHORITY, policies('1.3')]),
    issued(LEAF, MIDDLE, [extension('2.5.29.35', seq(context(0, Buffer.of(2))))]),
  ],
  'a circle': [root, issued(MIDDLE, OTHER, AUTHORITY), issued(OTHER, MIDDLE, AUTHORITY), leaf],
  'a way around a circle': [root, issued(MIDDLE, OTHER, AUTHORITY), other, middle, leaf],
  'a leaf for clients': three([], [], [usages(CLIENT)]),
  'a leaf for servers': three([], [], [usages(SERVER)]),
  'a leaf for anything': three([], [], [usages('2.5.29.37.0')]),
  'a leaf for something unknown': three([], [], [usages('1.2.3.4')]),
  'a middle for clients': three([], [usages(CLIENT)], [usages(SERVER, CLIENT)]),
  'a middle for anything': three([], [usages(CLIENT, '2.5.29.37.0')], [usages(SERVER, CLIENT)]),
  'a leaf that is a wildcard': three([], [], [alternativeNames(dns('*.example.com'), ip('0a000001'))]),
  'policies that fit': three([], [explicit(0), policies('1.2.3')], [policies('1.2.3')]),
  'policies that do not fit': three([], [explicit(0), policies('1.2.3')], [policies('1.2.4')]),
  'no policies where one is needed': three([], [explicit(0), policies('1.2.3')], []),
  'no policies where none is needed yet': three([], [explicit(1), policies('1.2.3')], []),
  'a leaf that needs a policy itself': three([], [], [explicit(0), policies('1.2.3')]),
  'policies from above': three([explicit(0)], [policies('1.2.3')], [policies('1.2.4')]),
  'any policy below one': three([], [explicit(0), policies('1.2.3')], [policies(ANY)]),
  'any policy above one': three([], [explicit(0), policies(ANY)], [policies('1.2.3')]),
  'any policy, inhibited': three([], [explicit(0), policies(ANY), inhibitAny(0n)], [policies(ANY)]),
  'any policy, inhibited later': three([], [explicit(0), policies(ANY), inhibitAny(1n)], [policies(ANY)]),
  'a mapped policy': three(
    [],
    [explicit(0), policies('1.2.3'), mapping('1.2.3', '1.2.4')],
    [policies('1.2.4')],
  ),
  'a mapped policy by its old name': three(
    [],
    [explicit(0), policies('1.2.3'), mapping('1.2.3', '1.2.4')],
    [policies('1.2.3')],
  ),
  'a mapping of any policy': three(
    [],
    [explicit(0), policies('1.2.3'), mapping(ANY, '1.2.4')],
    [policies('1.2.3')],
  ),
  'a mapping below any policy': three(
    [],
    [explicit(0), policies(ANY), mapping('1.2.3', '1.2.4')],
    [policies('1.2.4')],
  ),
  'a mapping that is inhibited': [
    root,
    issued(MIDDLE, ROOT, [...AUTHORITY, noMapping(0), policies('1.2.3')]),
    issued(OTHER, MIDDLE, [...AUTHORITY, explicit(0), policies('1.2.3'), mapping('1.2.3', '1.2.4')]),
    issued(LEAF, OTHER, [policies('1.2.4')]),
  ],
};

/** Names of a leaf below a middle whose constraints these are. */
const NAMES: readonly Buffer[] = [
  dns('a.example.com'),
  dns('example.com'),
  dns('EXAMPLE.com'),
  dns('badexample.com'),
  dns('*.example.com'),
  dns('x.y'),
  dns('trailing.'),
  mail('a@example.com'),
  mail('A@example.com'),
  mail('"a b"@example.com'),
  mail('a@b@c'),
  mail('a'),
  uri('https://a.example.com:80/x'),
  uri('https://example.com'),
  uri('https://10.0.0.1/'),
  uri('https://[::1]/'),
  uri('urn:x'),
  uri('db://a:1,b:2/'),
  ip('0a000001'),
  ip('0b000001'),
  ip('20010db8000000000000000000000001'),
];
const LIMITS: readonly (readonly [permitted: readonly Buffer[], excluded: readonly Buffer[]])[] = [
  [[dns('example.com')], []],
  [[dns('.example.com')], []],
  [[dns('')], []],
  [[], [dns('example.com')]],
  [[], [dns('a.example.com')]],
  [[], [dns('')]],
  [[dns('example.com'), dns('y')], [dns('a.example.com')]],
  [[mail('example.com')], []],
  [[mail('a@example.com')], []],
  [[], [mail('a@EXAMPLE.com')]],
  [[], [mail('.com')]],
  [[uri('example.com')], []],
  [[uri('.example.com')], [uri('b.example.com')]],
  [[ip('0a000000ff000000')], []],
  [[], [ip('0a000000ff000000'), ip('20010db8000000000000000000000000ffffffff000000000000000000000000')]],
  [[ip('20010db8000000000000000000000000ffffffff000000000000000000000000')], []],
];

const WITH_OPTIONS = 'crypto.x509.parse_and_verify_certificates_with_options';
const text = (chain: readonly Buffer[]): string => chain.map((der) => pem('CERTIFICATE', der)).join('');
const plain = (about: string, chain: readonly Buffer[]): Call => ({
  about,
  name: 'crypto.x509.parse_and_verify_certificates',
  args: [text(chain)],
});
const verified = async (calls: readonly Call[]): Promise<number> =>
  (await ours(calls)).filter((answer) => Array.isArray(answer) && answer[0] === true).length;

describe('chains of certificates', () => {
  it('verify exactly where they verify in OPA', async () => {
    const calls = Object.entries(CHAINS).map(([about, chain]) => plain(about, chain));
    expect(await verified(calls)).toBeGreaterThan(15);
    expect(await differences(calls)).toEqual([]);
  });

  it('are held to the same name constraints as in OPA', async () => {
    const calls = LIMITS.flatMap(([permitted, excluded], limit) =>
      NAMES.map((each) => {
        const chain = three([], [constraints(permitted, excluded)], [alternativeNames(each)]);
        return plain(`constraint ${limit} on ${each.toString('latin1')}`, chain);
      }),
    );
    expect(await verified(calls)).toBeGreaterThan(100);
    expect(await differences(calls)).toEqual([]);
  });

  it('are verified with the same options as in OPA', async () => {
    const options: readonly object[] = [
      ...[
        'host.example.com',
        'HOST.example.com',
        'host.example.com.',
        'x.example.com',
        'example.com',
        '10.0.0.1',
      ],
      ...[
        '[10.0.0.1]',
        '::ffff:10.0.0.1',
        '::1',
        '*.example.com',
        'a.b.example.com',
        '"host.example.com"',
        'é',
        '.',
      ],
      ...['-x.example.com', 'x_y.example.com', '*'],
    ].map((name) => (typeof name === 'string' ? { DNSName: name } : {}));
    const more: readonly object[] = [
      {},
      { CurrentTime: Date.UTC(2020, 5) * 1e6 },
      { CurrentTime: 0 },
      { CurrentTime: 1e30 },
      { CurrentTime: 1.5 },
      { CurrentTime: -1 },
      { CurrentTime: '1' },
      { KeyUsages: ['KeyUsageAny'] },
      { KeyUsages: ['KeyUsageClientAuth'] },
      { KeyUsages: ['KeyUsageServerAuth', 'KeyUsageCodeSigning', 7] },
      { KeyUsages: [] },
      { KeyUsages: ['"KeyUsageClientAuth"'] },
      { KeyUsages: ['Unknown'] },
      { KeyUsages: 'KeyUsageAny' },
      { MaxConstraintComparisons: 1 },
      { MaxConstraintComparisons: '1' },
      { DNSName: 1 },
      { Other: 1 },
    ];
    const names = [
      'one certificate',
      'root, middle, leaf',
      'a leaf for clients',
      'a leaf that is a wildcard',
    ];
    const calls = [...names, 'an expired leaf', 'a damaged leaf'].flatMap((about) =>
      [...options, ...more].map((given): Call => ({
        about,
        name: WITH_OPTIONS,
        args: [text(CHAINS[about] ?? []), given],
      })),
    );
    expect(await verified(calls)).toBeGreaterThan(20);
    expect(await differences(calls)).toEqual([]);
  });

  it('never verify with a bit of a certificate below the root changed', async () => {
    const calls = [middle, leaf].flatMap((der, index) =>
      Array.from({ length: 500 }, (_, step): Call => {
        const bit = Math.floor((step * der.length * 8) / 500);
        const changed = Buffer.from(der);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return plain(`bit ${bit}`, index === 0 ? [root, changed, leaf] : [root, middle, changed]);
      }),
    );
    expect(await verified(calls)).toBe(0);
    expect(await differences(calls.filter((_, index) => index % 5 === 0))).toEqual([]);
  });
});
