import { describe, expect, it } from '@jest/globals';
import { passes, verdictOf, VERDICTS, type Outcome } from './verdict.js';

const OUTCOMES: readonly Outcome[] = [
  'ERROR',
  'FAIL',
  'INDETERMINATE',
  'WAIVED',
  'PASS',
  'NOT_APPLICABLE',
  'SKIPPED',
];

describe('the verdict of a gate', () => {
  it('is that of its worst rule, for every set of outcomes', () => {
    const expected = (outcomes: readonly Outcome[]): string => {
      if (outcomes.includes('ERROR')) return 'ERROR';
      if (outcomes.includes('FAIL')) return 'FAIL';
      if (outcomes.includes('INDETERMINATE')) return 'INDETERMINATE';
      return outcomes.includes('WAIVED') ? 'PASS_WITH_WAIVERS' : 'PASS';
    };
    for (let set = 0; set < 2 ** OUTCOMES.length; set++) {
      const outcomes = OUTCOMES.filter((_, index) => set & (1 << index));
      expect(verdictOf(outcomes)).toBe(expected(outcomes));
      expect(verdictOf([...outcomes].reverse())).toBe(expected(outcomes));
    }
  });

  it('lets through only the two passes', () => {
    expect(VERDICTS.filter(passes)).toEqual(['PASS', 'PASS_WITH_WAIVERS']);
  });
});
