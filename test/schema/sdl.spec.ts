import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  findBreakingChanges,
  isInterfaceType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { problemCode } from '../../src/api/present.js';
import { expectFile } from '../support/expect-file.js';

const folder = `${import.meta.dirname}/../../graphql`;
const snapshot = `${import.meta.dirname}/schema.snapshot.graphql`;
const sources = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
const schema = buildSchema(sources.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('\n'));

describe('the GraphQL schema', () => {
  it('breaks no client of the last snapshot', () => {
    const before = buildSchema(readFileSync(snapshot, 'utf8'));
    // A break that is meant shows in the review as a change of the snapshot.
    expect(findBreakingChanges(before, schema).map(({ description }) => description)).toEqual([]);
  });

  it('is the one of the snapshot (UPDATE_GOLDEN=1 after a change that breaks nobody)', () => {
    expectFile(snapshot, `${printSchema(lexicographicSortSchema(schema))}\n`);
  });

  it('has for each problem the code that graphql/problem-codes.txt promises, and loses none', () => {
    const list = `${folder}/problem-codes.txt`;
    const promised = readFileSync(list, 'utf8').trimEnd().split('\n');
    const codes = problemTypes(schema).map(problemCode);
    // UPDATE_GOLDEN=1 adds the new ones; nothing takes one away but a hand.
    expectFile(list, `${[...new Set([...promised, ...codes])].sort().join('\n')}\n`);
    expect(promised.filter((code) => !codes.includes(code))).toEqual([]);
  });
});

function problemTypes(schema: GraphQLSchema): string[] {
  const problem = schema.getType('Problem');
  if (!isInterfaceType(problem)) throw new Error('interface Problem is missing');
  return schema.getPossibleTypes(problem).map(({ name }) => name);
}
