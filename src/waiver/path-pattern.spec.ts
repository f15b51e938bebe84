import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesPath, pathPatternFault, pathPatternReach } from './path-pattern.js';

describe('a path pattern', () => {
  it.each([
    ['src/a.js', 'src/a.js', true],
    ['src/a.js', 'src/A.js', false],
    ['src/*.js', 'src/a.js', true],
    ['src/*.js', 'src/deep/a.js', false],
    ['src/*', 'src', false],
    ['**', 'a/b/c', true],
    ['**/a.js', 'a.js', true],
    ['**/a.js', 'x/y/a.js', true],
    ['src/**', 'src/x/y', true],
    ['src/**', 'srcs/x', false],
    ['src/**/test/*.spec.js', 'src/test/a.spec.js', true],
    ['src/**/test/*.spec.js', 'src/a/b/test/a.spec.js', true],
    ['src/**/test/*.spec.js', 'src/a/b/a.spec.js', false],
    ['a.b', 'axb', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
  ])('%s against %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it.each(['', '/src', 'src/', 'src//a', './src', '../src', 'a**', 'src/a**/b', 'src\\a', 'a\u0000b'])(
    'refuses %j, which could never match or means something else',
    (pattern) => {
      expect(pathPatternFault(pattern)).toBeDefined();
    },
  );

  it('says how far it reaches', () => {
    expect(['src/a.js', 'src/*.js', '**/a.js'].map(pathPatternReach)).toEqual(['one', 'folder', 'tree']);
  });

  it('agrees with a regular expression', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '**');
    const pattern = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab', 'aab'), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(pattern, path, (given, against) => {
        expect(matchesPath(given, against)).toBe(naively(given).test(`/${against}`));
      }),
      { numRuns: 5_000 },
    );
  });

  it('stays fast on a pattern made to be slow', () => {
    const slow = `${'*a'.repeat(200)}b`;
    expect(matchesPath(slow, 'a'.repeat(2_000))).toBe(false);
  });
});

const naively = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('/')
      .map((part) => (part === '**' ? '(/[^/]+)*' : `/${part.replaceAll('*', '[^/]*')}`))
      .join('')}$`,
  );
