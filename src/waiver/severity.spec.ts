import { describe, expect, it } from '@jest/globals';
import { covers, SEVERITIES, worstSeverity } from './severity.js';

describe('a severity ceiling', () => {
  it('covers what is no worse, and unknown only when it is named or nothing could be worse', () => {
    const table = Object.fromEntries(
      SEVERITIES.map((ceiling) => [ceiling, SEVERITIES.filter((severity) => covers(ceiling, severity))]),
    );
    expect(table).toEqual({
      none: ['none'],
      low: ['none', 'low'],
      medium: ['none', 'low', 'medium'],
      high: ['none', 'low', 'medium', 'high'],
      critical: ['none', 'low', 'medium', 'high', 'critical', 'unknown'],
      unknown: ['unknown'],
    });
  });

  it('ranks the unknown worst when one has to stand for many', () => {
    expect(worstSeverity([])).toBe('none');
    expect(worstSeverity(['low', 'high', 'medium'])).toBe('high');
    expect(worstSeverity(['critical', 'unknown'])).toBe('unknown');
  });
});
