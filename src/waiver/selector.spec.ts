import { describe, expect, it } from '@jest/globals';
import { namesComponent, parseSelectors, selectorsDigest, type WaiverSelector } from './selector.js';

const rule = { type: 'rule', ruleId: 'sast-severity' };
const parsed = (given: unknown[]): readonly WaiverSelector[] => {
  const result = parseSelectors(given);
  if (!result.ok) throw new Error(`${result.problem.where}: ${result.problem.expected}`);
  return result.value;
};

describe('the scope of a waiver', () => {
  it('has one canonical order and digest, however it was written', () => {
    const one = parsed([{ type: 'path', pattern: 'src/**' }, rule, { type: 'gate', gateId: 'GATE_A' }]);
    const other = parsed([{ gateId: 'GATE_A', type: 'gate' }, { type: 'path', pattern: 'src/**' }, rule]);
    expect(one.map(({ type }) => type)).toEqual(['gate', 'rule', 'path']);
    expect(selectorsDigest(one)).toBe(selectorsDigest(other));
    expect(selectorsDigest(one)).not.toBe(selectorsDigest(parsed([rule])));
  });

  it.each<[string, unknown, string]>([
    ['not a list', 'all', 'selectors'],
    ['nothing', [], 'selectors'],
    ['neither rule nor finding', [{ type: 'gate', gateId: 'GATE_A' }], 'selectors'],
    ['two rules', [rule, { type: 'rule', ruleId: 'no-secrets' }], 'selectors[1]'],
    ['an unknown type', [{ type: 'everything' }], 'selectors[0].type'],
    ['an unknown field', [{ ...rule, severity: 'high' }], 'selectors[0]'],
    ['a foreign id', [rule, { type: 'gate', gateId: 'ART_A' }], 'selectors[1].gateId'],
    [
      'a malformed digest',
      [rule, { type: 'artefact', artId: 'ART_A', digest: 'abc' }],
      'selectors[1].digest',
    ],
    ['an absolute path', [rule, { type: 'path', pattern: '/etc' }], 'selectors[1].pattern'],
    ['something that is no purl', [rule, { type: 'component', purl: 'left-pad' }], 'selectors[1].purl'],
    ['a NUL', [{ type: 'finding', scheme: 's', value: 'a\u0000' }], 'selectors[0].value'],
    [
      'half an occurrence',
      [{ type: 'finding', scheme: 's', value: 'v', occurrence: 0.5 }],
      'selectors[0].occurrence',
    ],
    [
      'null for absent',
      [{ type: 'finding', scheme: 's', value: 'v', occurrence: null }],
      'selectors[0].occurrence',
    ],
  ])('is refused, not skipped, when it holds %s', (_what, given, where) => {
    expect(parseSelectors(given)).toMatchObject({ ok: false, problem: { kind: 'SelectorInvalid', where } });
  });

  it.each([
    ['pkg:npm/x@1.0.0', 'pkg:npm/x@1.0.0', true],
    ['pkg:npm/x@1.0.0', 'pkg:npm/x@1.0.1', false],
    ['pkg:npm/x', 'pkg:npm/x@1.0.1', true],
    ['pkg:npm/x', 'pkg:npm/x@1.0.1?arch=any#sub', true],
    ['pkg:npm/x', 'pkg:npm/xy@1.0.1', false],
    ['pkg:npm/%40a/x', 'pkg:npm/%40a/x@1', true],
    ['pkg:npm/@a/x', 'pkg:npm/@a/x@1', true],
    ['pkg:npm/@a/x', 'pkg:npm/@a/y@1', false],
    ['pkg:npm/@a/x@1', 'pkg:npm/@a/x@2', false],
  ])('component %s names %s: %s', (selector, purl, expected) => {
    expect(namesComponent(selector, purl)).toBe(expected);
  });
});
