import { describe, expect, it } from '@jest/globals';
import { message, render, type Catalogue } from '../kernel/message.js';
import { GATE_MESSAGES } from './messages.js';

const catalogue: Catalogue = {
  'x.found': { en: '{tool} found {count} in {path}', nl: '{tool} vond {count} in {path}' },
  'x.only': { en: 'only English' },
};

describe('a message', () => {
  it('is rendered from code and parameters in the language asked for, else in English', () => {
    const params = { tool: 'bandit', count: 2, path: null };
    expect(render(catalogue, 'x.found', params)).toBe('bandit found 2 in null');
    expect(render(catalogue, 'x.found', params, 'nl')).toBe('bandit vond 2 in null');
    expect(render(catalogue, 'x.only', {}, 'nl')).toBe('only English');
    expect(message(catalogue, 'x.only', {})).toEqual({ code: 'x.only', params: {}, text: 'only English' });
  });

  it('is never empty, and takes no parameter for a template', () => {
    expect(render(catalogue, 'x.unknown', {})).toBe('x.unknown');
    expect(render(catalogue, 'constructor', {})).toBe('constructor');
    expect(render(catalogue, 'x.found', { tool: '{count}', count: ['a', 'b'] })).toBe(
      '{count} found a, b in {path}',
    );
  });

  it('has an end', () => {
    expect(render(catalogue, 'x.found', { tool: '😀'.repeat(5_000) })).toHaveLength(2_000);
  });

  it('of the gate itself exists in both languages, with the same parameters', () => {
    for (const { en, nl } of Object.values(GATE_MESSAGES)) {
      const names = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
      expect(names(nl)).toEqual(names(en));
    }
  });
});
