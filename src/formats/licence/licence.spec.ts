import fc from 'fast-check';
import { createRequire } from 'node:module';
import { readAll, readLicence } from './licence.js';
import { EXCEPTION_IDS } from './spdx-exceptions.js';

const alternatives = (text: string): readonly (readonly string[])[] => readLicence(text).alternatives;

describe('readLicence', () => {
  it.each([
    ['mit', 'MIT', [['MIT']]],
    ['GPL-2.0', 'GPL-2.0-only', [['GPL-2.0-only']]],
    ['GPL-2.0+', 'GPL-2.0-or-later', [['GPL-2.0-or-later']]],
    ['gpl-2.0-ONLY', 'GPL-2.0-only', [['GPL-2.0-only']]],
    ['Apache-1.1+', 'Apache-1.1+', [['Apache-1.1+']]],
    [
      'gpl-2.0 with classpath-exception-2.0',
      'GPL-2.0-only WITH Classpath-exception-2.0',
      [['GPL-2.0-only WITH Classpath-exception-2.0']],
    ],
    [
      'GPL-2.0-with-classpath-exception',
      'GPL-2.0-only WITH Classpath-exception-2.0',
      [['GPL-2.0-only WITH Classpath-exception-2.0']],
    ],
    [
      'GPL-2.0-only WITH AdditionRef-Acme',
      'GPL-2.0-only WITH AdditionRef-acme',
      [['GPL-2.0-only WITH AdditionRef-acme']],
    ],
    ['LicenseRef-ACME', 'LicenseRef-acme', [['LicenseRef-acme']]],
    ['documentref-X:LicenseRef-y', 'DocumentRef-x:LicenseRef-y', [['DocumentRef-x:LicenseRef-y']]],
    ['MIT OR ISC AND Zlib', 'MIT OR ISC AND Zlib', [['MIT'], ['ISC', 'Zlib']]],
    [
      '(MIT OR ISC) AND Zlib',
      '(MIT OR ISC) AND Zlib',
      [
        ['ISC', 'Zlib'],
        ['MIT', 'Zlib'],
      ],
    ],
    ['((MIT))', 'MIT', [['MIT']]],
    ['MIT AND (MIT)', 'MIT', [['MIT']]],
    ['MIT OR (MIT AND ISC)', 'MIT OR MIT AND ISC', [['MIT']]],
    [
      'MIT and(ISC or Zlib)',
      'MIT AND (ISC OR Zlib)',
      [
        ['ISC', 'MIT'],
        ['MIT', 'Zlib'],
      ],
    ],
  ])('reads %s as %s', (text, expression, expected) => {
    expect(readLicence(text)).toEqual({ state: 'OK', expression, alternatives: expected });
  });

  it.each([
    '',
    ' ',
    '(MIT',
    'MIT)',
    'MIT AND',
    'MIT AND (',
    'AND',
    '()',
    'MIT ISC',
    'MIT/ISC',
    'MIT Or ISC',
    'GPL-2.0 +',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    'Classpath-exception-2.0',
    'MIT WITH',
    'MIT WITH Nothing',
    'WITH MIT',
    'NONE OR MIT',
    'MIT OR NOASSERTION',
    'GPL-2.0-with-classpath-exception WITH Classpath-exception-2.0',
    'constructor',
    '__proto__',
    'MIT\0',
    'LicenseRef-',
    'LicenseRef-a_b',
  ])('does not understand %j, whole', (text) => {
    expect(readLicence(text)).toEqual({ state: 'UNKNOWN', expression: null, alternatives: [] });
  });

  it('knows NONE and NOASSERTION as states', () => {
    expect(readLicence('NONE').state).toBe('NONE');
    expect(readLicence(' NOASSERTION ').state).toBe('NOASSERTION');
    expect(readAll(['NONE', 'NONE']).state).toBe('NONE');
    expect(readAll(['NONE', 'MIT']).state).toBe('UNKNOWN');
    expect(readAll([]).state).toBe('UNKNOWN');
  });

  it('gives up on what explodes or nests without end, and quickly', () => {
    const exploding = Array.from({ length: 12 }, () => '(MIT OR ISC OR Zlib)').join(' AND ');
    expect(readLicence(exploding).state).toBe('OK'); // equal factors collapse
    const ids = [
      'MIT',
      'ISC',
      'Zlib',
      '0BSD',
      'X11',
      'NCSA',
      'PSF-2.0',
      'BSL-1.0',
      'Unlicense',
      'WTFPL',
      'curl',
      'Fair',
      'ICU',
      'NTP',
      'OML',
      'Xnet',
      'Entessa',
      'Naumen',
    ];
    const wide = ids
      .reduce<string[]>(
        (factors, id, at) => (at % 2 ? [...factors, `(${ids[at - 1] ?? ''} OR ${id})`] : factors),
        [],
      )
      .join(' AND ');
    expect(readLicence(wide).state).toBe('UNKNOWN'); // 512 alternatives
    expect(readLicence('('.repeat(1900) + 'MIT' + ')'.repeat(1900)).state).toMatch(/OK|UNKNOWN/);
    expect(readLicence('MIT OR '.repeat(10_000) + 'MIT').state).toBe('UNKNOWN');
  });

  it('means the same as the expression, for every way of holding licences', () => {
    const atoms = ['MIT', 'ISC', 'Zlib', 'GPL-2.0-only WITH Classpath-exception-2.0', 'LicenseRef-a'];
    type Tree = { text: string; holds: (held: ReadonlySet<string>) => boolean };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(...atoms).map((atom): Tree => ({ text: atom, holds: (held) => held.has(atom) })),
        fc.tuple(tie('tree'), tie('tree'), fc.constantFrom('AND', 'or')).map(([a, b, operator]): Tree => ({
          text: `(${a.text}) ${operator} (${b.text})`,
          holds:
            operator === 'AND'
              ? (held) => a.holds(held) && b.holds(held)
              : (held) => a.holds(held) || b.holds(held),
        })),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ text, holds }) => {
        const read = readLicence(text);
        const again = readLicence(read.expression ?? '');
        expect(read.state).toBe('OK');
        expect(again).toEqual(read);
        for (let bits = 0; bits < 2 ** atoms.length; bits += 1) {
          const held = new Set(atoms.filter((_, at) => bits & (1 << at)));
          expect(read.alternatives.some((all) => all.every((atom) => held.has(atom)))).toBe(holds(held));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws, whatever the text', () => {
    const words = fc.constantFrom(
      'MIT',
      'gpl-2.0+',
      'AND',
      'or',
      'WITH',
      '(',
      ')',
      ' ',
      '+',
      'LLVM-exception',
      ':',
      'LicenseRef-x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join(' ')),
          fc.array(words).map((all) => all.join('')),
        ),
        (text) => {
          const { state, expression } = readLicence(text);
          expect((state === 'OK') === (expression !== null)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it('knows every exception that the npm package knows', () => {
  const ids = createRequire(import.meta.url)('spdx-exceptions') as string[];
  expect(ids.filter((id) => !EXCEPTION_IDS.includes(id))).toEqual([]);
  expect(alternatives(`MIT WITH ${EXCEPTION_IDS.at(-1) ?? ''}`)).toHaveLength(1);
});
