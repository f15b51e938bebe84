import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLObjectType,
  type GraphQLUnionType,
} from 'graphql';

const folder = `${import.meta.dirname}/../../graphql`;
const sources = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
const schema = buildSchema(sources.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('\n'));

/** All that people edit: what they saw (`expected…`), and what they are told when somebody was faster. */
const EDITS = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((mutation) => {
  const inputs = mutation.args.map(({ type }) => getNamedType(type)).filter(isInputObjectType);
  const expected = inputs
    .flatMap((input) => Object.values(input.getFields()))
    .find(({ name }) => /^expected[A-Z]/.test(name));
  return expected ? [{ mutation, expected: expected.name, result: getNamedType(mutation.type) }] : [];
});
const conflictsOf = (result: GraphQLUnionType): GraphQLObjectType[] =>
  result.getTypes().filter(({ name }) => name.endsWith('Stale'));

/** Their side of a conflict, and the sender's own where it is not merely what was sent. */
const THEIRS = /^(theirs|files|fields|activeVersion)$/;
const YOURS = /^(yours|files|fields)$/;
/** What was sent is all there is on the sender's side: a whole document, which they have. */
const SENT_WHOLE: Readonly<Record<string, string>> = {
  TemplateStale: 'a template is published whole: what was sent is the whole of it',
};

describe('what people edit', () => {
  it('is at least this', () => {
    expect(EDITS.map(({ mutation }) => mutation.name)).toEqual(
      expect.arrayContaining([
        ...['savePolicyDraft', 'discardPolicyDraft', 'formatPolicyDraft', 'requestPolicyReview'],
        ...['activateChecklist', 'defineGate', 'disablePrincipal', 'enablePrincipal', 'saveWorkItem'],
      ]),
    );
  });

  it.each(EDITS.map((edit) => [edit.mutation.name, edit] as const))(
    'by %s says what was seen, and has one conflict with both sides',
    (_name, { expected, result }) => {
      if (!isUnionType(result)) throw new Error('the result is no union');
      const conflicts = conflictsOf(result);
      expect(conflicts).toHaveLength(1);
      const [conflict] = conflicts;
      if (!isObjectType(conflict)) throw new Error('the conflict is no type');
      const names = Object.keys(conflict.getFields());
      expect(conflict.getInterfaces().map(({ name }) => name)).toContain('Problem');
      expect(names).toContain(expected);
      expect(names.filter((name) => THEIRS.test(name))).not.toEqual([]);
      if (SENT_WHOLE[conflict.name] === undefined)
        expect(names.filter((name) => YOURS.test(name))).not.toEqual([]);
    },
  );
});
