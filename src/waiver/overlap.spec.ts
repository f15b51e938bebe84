import { describe, expect, it } from '@jest/globals';
import { scopeRelation, type ScopeRelation } from './overlap.js';
import type { WaiverSelector } from './selector.js';

const rule: WaiverSelector = { type: 'rule', ruleId: 'r1' };
const path = (pattern: string): WaiverSelector => ({ type: 'path', pattern });
const finding = (value: string, occurrence?: number): WaiverSelector => ({
  ...{ type: 'finding', scheme: 's', value },
  ...(occurrence !== undefined && { occurrence }),
});
const artefact = (artId: string): WaiverSelector => ({ type: 'artefact', artId });
const family = (pattern: string): WaiverSelector => ({ type: 'artefact-pattern', pattern });
const component = (purl: string): WaiverSelector => ({ type: 'component', purl });

describe('two scopes', () => {
  it.each<[string, WaiverSelector[], WaiverSelector[], ScopeRelation | undefined]>([
    ['that say the same', [rule, path('src/*')], [rule, path('src/*')], 'same'],
    ['of which one has a condition more', [rule], [rule, { type: 'gate', gateId: 'GATE_A' }], 'wider'],
    ['of different rules', [rule], [{ type: 'rule', ruleId: 'r2' }], undefined],
    ['one of all occurrences', [finding('v')], [finding('v', 1)], 'wider'],
    ['of different findings', [finding('v')], [finding('w')], undefined],
    ['of a rule and of a finding', [rule], [finding('v')], 'overlapping'],
    ['of a folder and a file in it', [rule, path('src/*')], [rule, path('src/a')], 'wider'],
    ['of a folder and a file elsewhere', [rule, path('src/*')], [rule, path('test/a')], undefined],
    ['of two patterns', [rule, path('src/*')], [rule, path('**/a')], 'overlapping'],
    ['of a family and one of it', [rule, family('ART_S*')], [rule, artefact('ART_SHOP')], 'overlapping'],
    ['of a family and one of another', [rule, family('ART_S*')], [rule, artefact('ART_X')], undefined],
    [
      'of a package and one version of it',
      [rule, component('pkg:npm/x')],
      [rule, component('pkg:npm/x@1')],
      'wider',
    ],
  ])('%s', (_what, a, b, expected) => {
    expect(scopeRelation(a, b)).toBe(expected);
    const opposite = { wider: 'narrower', narrower: 'wider' } as Record<string, ScopeRelation>;
    expect(scopeRelation(b, a)).toBe(expected && (opposite[expected] ?? expected));
  });
});
