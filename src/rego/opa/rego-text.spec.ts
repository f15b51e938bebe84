import { regoText } from './rego-text.js';

const variable = (value: string): object => ({ type: 'var', value });
const text = (value: string): object => ({ type: 'string', value });
const ref = (...value: object[]): object => ({ type: 'ref', value });
const call = (name: string, ...operands: object[]): object => ({
  terms: [
    ref(...name.split('.').map((part, index) => (index === 0 ? variable(part) : text(part)))),
    ...operands,
  ],
});

describe('a syntax tree as text', () => {
  it.each([
    ['a comparison', call('gt', variable('x'), { type: 'number', value: 1 }), 'x > 1'],
    ['a call', call('json.unmarshal', text('{}'), variable('y')), 'json.unmarshal("{}", y)'],
    ['a reference', ref(variable('data'), text('a'), text('b-c'), variable('i')), 'data.a["b-c"][i]'],
    ['a negation', { ...call('f', variable('x')), negated: true }, 'not f(x)'],
    ['sets', { type: 'set', value: [{ type: 'null' }, { type: 'boolean', value: true }] }, '{null, true}'],
    ['an empty set', { type: 'set', value: [] }, 'set()'],
    ['objects', { type: 'object', value: [[text('a'), { type: 'array', value: [] }]] }, '{"a": []}'],
    [
      'a comprehension',
      {
        type: 'setcomprehension',
        value: { term: variable('x'), body: [call('eq', variable('x'), text('a'))] },
      },
      '{x | x = "a"}',
    ],
    ['an expression of one term', { terms: variable('x') }, 'x'],
    ['a rule', { head: { ref: [variable('p'), text('q')] }, body: [] }, 'p.q'],
    ['a function', { head: { name: 'f', args: [variable('x')] } }, 'f(x)'],
    ['what the compiler made up', variable('$term1'), '_'],
    ['what is not known', { type: 'new thing', value: 1 }, '…'],
    ['nothing', null, '…'],
  ])('writes %s', (_, node, written) => {
    expect(regoText(node)).toBe(written);
  });

  it('uses the names that the author gave, not those of object members', () => {
    expect(regoText(variable('__local1__'), { __local1__: 'finding' })).toBe('finding');
    expect(regoText(variable('constructor'))).toBe('constructor');
  });

  it('is cut where it gets long, and ends however deep it goes', () => {
    const long = { type: 'array', value: Array.from({ length: 100_000 }, () => text('a'.repeat(10))) };
    expect(regoText(long)).toHaveLength(241);
    let deep: object = variable('x');
    for (let n = 0; n < 5_000; n++) deep = { type: 'array', value: [deep] };
    expect(regoText(deep)).toBe('[[[[[[[[[…]]]]]]]]]');
  });
});
