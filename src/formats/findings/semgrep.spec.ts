import { normaliseEvidence } from '../normalise.js';

const stateWith = (...errors: object[]): string =>
  normaliseEvidence(Buffer.from(JSON.stringify({ version: '1.182.0', results: [], errors, paths: {} })))
    .state;

describe('a clean semgrep report', () => {
  it.each([
    ['Syntax error'],
    ['Lexical error'],
    ['Other syntax error'],
    ['Timeout'],
    ['Out of memory'],
    ['Internal matching error'],
    ['a type of tomorrow'],
    [['PartialParsing', [{ path: 'a.js' }]]],
    [['IncompatibleRule', { rule_id: 'r' }]],
    [undefined],
  ])('is not complete beside a warning of type %j', (type) => {
    expect(stateWith({ level: 'warn', type, message: 'm' })).toBe('INCOMPLETE');
  });

  it('is complete beside a warning that leaves nothing unread', () => {
    expect(stateWith({ level: 'warn', type: 'SemgrepWarning', message: 'm' })).toBe('COMPLETE');
    expect(stateWith({ level: 'error', type: 'SemgrepWarning', message: 'm' })).toBe('INCOMPLETE');
    expect(stateWith()).toBe('COMPLETE');
  });
});
