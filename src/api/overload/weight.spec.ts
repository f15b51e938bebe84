import { expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { weightOf } from './weight.js';

const weight = (query: string, variables?: Record<string, unknown>): number =>
  weightOf(parse(query), variables);
const questions = Array.from({ length: 7 }, (_, n) => ({ gateId: String(n) }));

it.each([
  ['one field', '{ gates { gateId } }', {}, 1],
  ['each field that is asked for', '{ a: viewer { kind } b: viewer { kind } gates { gateId } }', {}, 3],
  ['fields in fragments', '{ ...Two ... { c: viewer { kind } } } fragment Two on Query { a: x b: x }', {}, 3],
  [
    'questions of a batch',
    'mutation($input: I!) { evaluateGates(input: $input) { __typename } }',
    { input: { questions } },
    7,
  ],
  [
    'questions that are a variable of their own',
    'mutation($q: [Q!]!) { evaluateGates(input: {questions: $q}) { __typename } }',
    { q: questions },
    7,
  ],
  [
    'inputs that are written out',
    'mutation { evaluatePolicies(input: {inputs: [1, 2, 3]}) { __typename } }',
    {},
    3,
  ],
  [
    'the heaviest of several operations',
    'query A { x } mutation B { evaluatePolicies(input: {inputs: [1, 2]}) { x } a: x }',
    {},
    3,
  ],
  ['what is missing as nothing', 'mutation($input: I) { evaluateGates(input: $input) { x } }', undefined, 1],
  ['an empty batch as a request', 'mutation { evaluatePolicies(input: {inputs: []}) { x } }', {}, 1],
])('counts %s', (_, query, variables, expected) => {
  expect(weight(query, variables)).toBe(expected);
});
