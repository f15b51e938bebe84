import { compareSemver, isSemver } from './semver.js';

/** Ascending, as SemVer 2.0.0 §11 orders them. */
const ASCENDING = [
  '0.9.9',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  'v1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '9223372036854775807.0.0',
];

describe('semver', () => {
  it('orders versions as the specification does', () => {
    for (const [i, a] of ASCENDING.entries())
      for (const [j, b] of ASCENDING.entries())
        expect([a, b, compareSemver(a, b)]).toEqual([a, b, Math.sign(i - j)]);
  });

  it('gives build metadata no weight', () => {
    expect(compareSemver('1.0.0+linux', '1.0.0+darwin')).toBe(0);
    expect(compareSemver('1.0.0-a+1', '1.0.0')).toBe(-1);
  });

  it('ends where OPA loops for ever: identifiers that differ only beyond 64 bits are equal', () => {
    expect(compareSemver('1.0.0-99999999999999999999', '1.0.0-99999999999999999998')).toBe(0);
  });

  it.each([
    '',
    '1',
    '1.0',
    '1.0.0.0',
    '01.0.0',
    '1.0.-1',
    '1.0.0-',
    '1.0.0-01',
    '1.0.0-a..b',
    '1.0.0+',
    '1.0.0+a+b',
    'V1.0.0',
    ' 1.0.0',
    '1.0.0\n',
    '9223372036854775808.0.0',
  ])('does not take %j for a version', (text) => {
    expect(isSemver(text)).toBe(false);
    expect(compareSemver(text, '1.0.0')).toBeUndefined();
    expect(compareSemver('1.0.0', text)).toBeUndefined();
  });
});
