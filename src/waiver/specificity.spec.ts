import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestFrom } from '../kernel/digest.js';
import { scopeRelation } from './overlap.js';
import { matchesPath } from './path-pattern.js';
import type { WaiverSelector } from './selector.js';
import { narrowerFirst } from './specificity.js';

const DIGEST = digestFrom(`sha256:${'a'.repeat(64)}`);
const rule: WaiverSelector = { type: 'rule', ruleId: 'r1' };
const path = (pattern: string): WaiverSelector => ({ type: 'path', pattern });
const family = (pattern: string): WaiverSelector => ({ type: 'artefact-pattern', pattern });

/** Widest first. */
const RANKED: readonly (readonly WaiverSelector[])[] = [
  [rule],
  [rule, { type: 'gate', gateId: 'GATE_A' }],
  [rule, path('**')],
  [rule, path('src/**')],
  [rule, path('**/a.js')],
  [rule, path('src/app/**')],
  [rule, path('src/**/a.json')],
  [rule, path('src/*')],
  [rule, path('src/*.js')],
  [rule, { type: 'component', purl: 'pkg:npm/x' }],
  [rule, family('ART_S*')],
  [rule, family('ART_SH*P')],
  [rule, family('ART_SHOP*')],
  [rule, path('src/a.js')],
  [rule, { type: 'component', purl: 'pkg:npm/x@1' }],
  [rule, { type: 'artefact', artId: 'ART_SHOP' }],
  [rule, { type: 'artefact', artId: 'ART_SHOP', digest: DIGEST }],
  [{ type: 'finding', scheme: 's', value: 'v', content: 'c' }],
  [{ type: 'finding', scheme: 's', value: 'v' }],
  [{ type: 'finding', scheme: 's', value: 'v' }, rule],
  [{ type: 'finding', scheme: 's', value: 'v', occurrence: 0 }],
];

describe('of two scopes', () => {
  it('there is one order, and each kind of condition has its place in it', () => {
    for (const [at, wide] of RANKED.entries())
      for (const narrow of RANKED.slice(at + 1)) {
        expect([wide, narrow].toSorted(narrowerFirst)).toEqual([narrow, wide]);
        expect([narrow, wide].toSorted(narrowerFirst)).toEqual([narrow, wide]);
      }
  });

  it('neither is narrower where they leave equally much open', () => {
    expect(narrowerFirst([rule, path('src/*')], [rule, path('lib/*')])).toBe(0);
    expect(narrowerFirst([rule], [{ type: 'rule', ruleId: 'another' }])).toBe(0);
  });

  const text = fc.constantFrom('a', 'b');
  const segment = fc.constantFrom('a', 'b', 'a*', '*b', '*', '**', 'ab');
  const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const members: fc.Arbitrary<Record<string, WaiverSelector>> = fc
    .record(
      {
        gate: text.map((gateId): WaiverSelector => ({ type: 'gate', gateId })),
        rule: text.map((ruleId): WaiverSelector => ({ type: 'rule', ruleId })),
        finding: fc
          .tuple(text, fc.option(fc.nat(1), { nil: undefined }))
          .map(([value, occurrence]): WaiverSelector => ({
            ...{ type: 'finding', scheme: 's', value },
            ...(occurrence !== undefined && { occurrence }),
          })),
        artefact: fc
          .tuple(text, fc.option(fc.constant(DIGEST), { nil: undefined }))
          .map(([artId, digest]): WaiverSelector => ({
            ...{ type: 'artefact', artId },
            ...(digest && { digest }),
          })),
        path: pattern.map(path),
        component: fc
          .constantFrom('pkg:npm/x', 'pkg:npm/x@1', 'pkg:npm/y')
          .map((purl): WaiverSelector => ({ type: 'component', purl })),
      },
      { requiredKeys: [] },
    )
    .map((each) => each as Record<string, WaiverSelector>);
  /** A scope, and another one with some of the same conditions. */
  const pair = fc
    .tuple(members, members)
    .map(([one, more]) => [Object.values({ ...one, ...more }), Object.values(one)] as const);

  it('the one inside the other is the narrower one, whatever they consist of', () => {
    let inside = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        if (scopeRelation(a, b) !== 'narrower') return;
        inside++;
        expect(narrowerFirst(a, b)).toBeLessThan(0);
      }),
      { numRuns: 20_000 },
    );
    expect(inside).toBeGreaterThan(200);
  });

  it('a pattern that matches less is the narrower one', () => {
    // With a letter that no pattern names: what only a wildcard matches.
    const names = ['a', 'b', 'c', 'ab', 'ac', 'cb'];
    const below = (folders: string[]): string[] =>
      folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
    const paths = [...names, ...below(names), ...below(below(names))];
    const matchedBy = (one: string): string[] => paths.filter((each) => matchesPath(one, each));
    let compared = 0;
    fc.assert(
      fc.property(pattern, pattern, (p, q) => {
        if (`${p}/${q}`.includes('**')) return; // without an end: no list of paths tells which is inside which
        const [some, more] = [matchedBy(p), matchedBy(q)];
        const isInside = some.length < more.length && some.every((one) => more.includes(one));
        if (some.length === 0 || !isInside) return;
        compared++;
        expect(narrowerFirst([rule, path(p)], [rule, path(q)])).toBeLessThan(0);
      }),
      { numRuns: 4_000 },
    );
    expect(compared).toBeGreaterThan(30);
  });
});
