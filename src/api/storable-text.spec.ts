import { parse } from 'graphql';
import { refuseUnstorable } from './storable-text.js';

const query = parse('query ($input: JSON) { a(input: $input) }');

test.each([
  ['U+0000', { input: { names: ['fine', 'a\u0000b'] } }, 'variables.input.names.1'],
  ['half a character', { input: '\uD83D' }, 'variables.input'],
  ['a name that cannot be stored', { input: { 'a\u0000': 1 } }, 'variables.input'],
])('%s is refused with its place', (_what, variables, place) => {
  expect(() => {
    refuseUnstorable(query, variables);
  }).toThrow(`${place}: expected text without U+0000`);
});

test('what is written into the query counts too', () => {
  expect(() => {
    refuseUnstorable(parse('{ a(b: "x\\u0000") }'), null);
  }).toThrow('the query: expected');
});

test('any other text passes', () => {
  refuseUnstorable(parse('{ a(b: """block\n\ttext""") }'), { input: ['😀\n\u0001', null, 1, true] });
});
