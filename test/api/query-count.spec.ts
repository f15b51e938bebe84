import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Logger } from 'typeorm';
import { ACCESS_ROLES } from '../../src/kernel/actor.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { selectionOf } from '../support/full-query.js';
import { addEverybody, FEATURE, manyMore, ONE_DIGEST } from '../support/many.js';
import { rootFields, type RootField } from '../support/sample-query.js';

jest.setTimeout(1_800_000);

const FEW = { count: 2, policies: 2 };
/** ASSAY_LONG=1: twenty things, which take twice as long to make as ten. What grows with them grows with ten as well. */
const MORE = { count: process.env['ASSAY_LONG'] === '1' ? 18 : 8, policies: 6 };
const MANY = FEW.count + MORE.count;
/** How many more objects of a type the second question must have shown for its fields to count as looked at. */
const ENOUGH = 6;

/** With what lists are asked that need to be told: a list that is not here and needs it fails the test. */
const ARGUMENTS: Readonly<Record<string, object>> = {
  scans: { artId: 'ART_MANY', digest: ONE_DIGEST },
  processRoles: { project: 'shop' },
  find: { text: 'no-secrets' },
  workItem: { caseId: FEATURE },
  artefact: { digest: ONE_DIGEST },
  caseTimeline: { caseId: 'MANY-A_0' },
};
/** Questions whose answer holds a list and yet cannot be asked for many: why. */
const ONE_THING: ReadonlySet<string> = new Set([
  ...['evidence', 'decision', 'gateRun', 'waiver', 'gate', 'checklist', 'principal'], // one, by its id
  ...['template', 'policyVersion', 'policyDraft', 'policyReview', 'export', 'scan', 'ledgerEntry'],
  ...['decisionDiff', 'decisionPicture', 'explainDecision', 'replayDecision', 'policyDiff', 'conformance'], // of one or two
  ...['verdictAt', 'whatChangesIf', 'waiverPreview', 'explainAccess', 'differential'], // judged: no list of records
  ...['inclusionProof', 'consistencyProof', 'checkpoint', 'viewer', 'rejudging'],
]);
/** Look-ups of what no list shows: an artefact version is asked for by its digest. */
const NOT_LISTED: ReadonlySet<string> = new Set(
  ['evidence', 'decisions', 'relations'].map((field) => `ArtefactVersion.${field}`),
);
/** Look-ups of one turn of the event loop go together; in how many turns they fall is not always the same. */
const TURNS = 3;
/** On a busy machine they are more: what grows with the things themselves grows each time that it is asked. */
const AGAIN = 3;
const DEPTH = 5;

let app: TestApplication;
let schema: GraphQLSchema;
let everybody: string;
let statements: string[] = [];
/** How many of a list are asked for. */
let first = FEW.count;

beforeAll(async () => {
  app = await openTestApplication({ opaPath: process.env['ASSAY_TEST_OPA'] ?? '' });
  everybody = await addEverybody(app, ACCESS_ROLES);
  const { text } = await app.post(app.tokenFor('auditor'), { query: getIntrospectionQuery({ oneOf: true }) });
  schema = buildClientSchema(JSON.parse(text).data);
  const counting = { logQuery: (query: string) => statements.push(query) };
  const silent = new Proxy(counting, { get: (own, name) => Reflect.get(own, name) ?? (() => undefined) });
  app.platform.database.logger = silent as object as Logger;
});
afterAll(() => app.close());

/** Whether an answer of this type can hold many of something. */
function holdsMany(type: GraphQLOutputType, depth = 2): boolean {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return !isLeafType(getNamedType(inner));
  return (
    depth > 0 &&
    isObjectType(inner) &&
    Object.values(inner.getFields()).some((f) => holdsMany(f.type, depth - 1))
  );
}

interface Question {
  readonly name: string;
  readonly root: RootField;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Every list that can be asked for, an enumeration that it needs in each of its values. */
function questions(): Question[] {
  return rootFields(schema)
    .filter(
      ({ operation, name, field }) => operation === 'query' && holdsMany(field.type) && !ONE_THING.has(name),
    )
    .flatMap((root) => {
      const { name, field } = root;
      const required = field.args.filter(isRequiredArgument).filter((arg) => arg.name !== 'first');
      const [only] = required;
      const named = only && getNamedType(only.type);
      if (required.length === 1 && only && isEnumType(named))
        return named.getValues().map(({ name: value }) => ({
          ...{ name: `${name}(${value})`, root, given: { [only.name]: value } },
        }));
      const given = { ...ARGUMENTS[name] };
      const lacking = required.filter((arg) => !(arg.name in given)).map((arg) => arg.name);
      if (lacking.length > 0) throw new Error(`${name} must be told ${lacking.join(', ')}: see ARGUMENTS`);
      return [{ name, root, given }];
    });
}

interface Asked {
  readonly statements: readonly string[];
  /** How many objects showed it, by `Type.field`. */
  readonly shown: ReadonlyMap<string, number>;
}

/** Everything at once, as deep as one question may be; where that could cost too much, one member of a thing after another. */
async function ask(question: Question): Promise<Asked> {
  const { type } = question.root.field;
  const whole = await send(question, selectionOf(schema, type, DEPTH));
  if (whole) return whole;
  const { thing, within } = itemOf(type);
  const asked: Asked[] = [];
  for (const { name, type: member, args } of Object.values(thing.getFields())) {
    if (args.some(isRequiredArgument)) continue;
    for (let depth = DEPTH; depth > 0; depth--) {
      const selection = isLeafType(getNamedType(member)) ? '' : selectionOf(schema, member, depth);
      const one = await send(question, within(`{ __typename ${name} ${selection} }`));
      if (one) asked.push(one);
      if (one) break;
    }
  }
  const shown = new Map<string, number>();
  for (const one of asked)
    for (const [field, count] of one.shown) shown.set(field, Math.max(count, shown.get(field) ?? 0));
  return { statements: asked.flatMap((one) => one.statements), shown };
}

/** What an answer is made of – of a page its nodes – and where in the answer that stands. */
function itemOf(type: GraphQLOutputType): {
  thing: GraphQLObjectType;
  within: (selection: string) => string;
} {
  const named = getNamedType(type);
  const nodes = isObjectType(named) ? named.getFields()['nodes'] : undefined;
  const node = nodes && getNamedType(nodes.type);
  if (isObjectType(node)) return { thing: node, within: (selection) => `{ nodes ${selection} }` };
  if (!isObjectType(named))
    throw new Error(`${named.name} costs too much, and cannot be asked for bit by bit`);
  return { thing: named, within: (selection) => selection };
}

/** Undefined where the question could cost too much, asked for as many as it ever is here. */
async function send(question: Question, selection: string): Promise<Asked | undefined> {
  const token = app.tokenFor(everybody);
  // Also for whatever is caught up with on reading, or kept for a moment.
  const { text: refusal } = await app.post(token, bodyOf(question, selection, MANY));
  if (refusal.includes('could cost')) return undefined;
  statements = [];
  const { text } = await app.post(token, bodyOf(question, selection, first));
  const taken = [...statements];
  const { data, errors } = JSON.parse(text);
  if (errors) throw new Error(`${question.name}: ${JSON.stringify(errors)}`);
  return { statements: taken, shown: shownIn(data) };
}

function bodyOf({ root: { name, field }, given }: Question, selection: string, count: number): object {
  const args = field.args.filter((arg) => arg.name in given);
  const page = field.args.some((arg) => arg.name === 'first') ? `first: ${String(count)}` : '';
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = [...args.map((arg) => `${arg.name}: $${arg.name}`), page].filter(Boolean).join(', ');
  const query = `query ${declared && `(${declared})`} { ${name}${passed && `(${passed})`} ${selection} }`;
  return { query, variables: given };
}

function shownIn(data: unknown): Map<string, number> {
  const shown = new Map<string, number>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { __typename: type } = value as { __typename?: string };
    for (const [key, member] of Object.entries(value)) {
      const of = `${String(type)}.${key.replace(`${String(type)}_`, '')}`;
      if (type !== undefined) shown.set(of, (shown.get(of) ?? 0) + 1);
      walk(member);
    }
  };
  walk(data);
  return shown;
}

/** `Type.field` of each field below the root that a resolver of its own answers. */
function lookUps(): string[] {
  const found: string[] = [];
  for (const module of app.api.get(ModulesContainer).values())
    for (const { metatype } of module.providers.values()) {
      const prototype = (typeof metatype === 'function' ? metatype.prototype : undefined) as
        object | undefined;
      for (const key of Object.getOwnPropertyNames(prototype ?? {})) {
        const handler: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
        if (typeof handler !== 'function' || typeof metatype !== 'function') continue;
        if (Reflect.getMetadata('graphql:resolve_property', handler) !== true) continue;
        const type = Reflect.getMetadata('graphql:resolver_name', metatype) as string;
        const name = (Reflect.getMetadata('graphql:resolver_name', handler) as string | undefined) ?? key;
        found.push(`${type}.${name}`);
      }
    }
  return found.sort();
}

const tally = (all: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
};

describe('the statements that a question takes', () => {
  it('are no more for many things than for two, whatever is asked of each', async () => {
    await manyMore(app, 'A', FEW);
    const asked = questions();
    const few = new Map<string, Asked>();
    for (const question of asked) few.set(question.name, await ask(question));
    await manyMore(app, 'B', MORE);
    first = MANY;
    const growing: Record<string, string[]> = {};
    // What two things do not show cannot be compared.
    const unseen: Record<string, string[]> = {};
    const lookedAt = new Set<string>();
    const rows: string[] = [];
    for (const question of asked) {
      const before = few.get(question.name) ?? { statements: [], shown: new Map<string, number>() };
      const enough = before.statements.length + TURNS;
      let many = await ask(question);
      for (let again = 0; again < AGAIN && many.statements.length > enough; again++)
        many = await ask(question);
      for (const [field, count] of many.shown)
        if (count - (before.shown.get(field) ?? 0) >= ENOUGH) lookedAt.add(field);
      const late = [...many.shown.keys()].filter((field) => !before.shown.has(field));
      if (late.length > 0) unseen[question.name] = late;
      rows.push(`${question.name}: ${String(before.statements.length)} → ${String(many.statements.length)}`);
      if (many.statements.length <= enough) continue;
      const had = tally(before.statements);
      growing[question.name] = [...tally(many.statements)]
        .filter(([text, count]) => count > (had.get(text) ?? 0))
        .map(
          ([text, count]) =>
            `${String(had.get(text) ?? 0)} → ${String(count)}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`,
        );
    }
    console.log(`statements for two things and for ${String(MANY)}:\n${rows.join('\n')}`);
    expect({
      growing,
      unseen,
      notLookedAt: lookUps().filter((field) => !lookedAt.has(field) && !NOT_LISTED.has(field)),
    }).toEqual({ growing: {}, unseen: {}, notLookedAt: [] });
  });
});
