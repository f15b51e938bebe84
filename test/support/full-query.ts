import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  isInterfaceType,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { sampleValue, type RootField } from './sample-query.js';

/** So deep that an answer shows what a thing refers to, and no deeper than the cost limit allows. */
const DEPTH = 3;

/** One request that names something: each argument, also a nested or an optional one, that can hold an id or a digest. */
export interface Naming {
  readonly path: string;
  readonly type: 'id' | 'digest';
  /** The request with this in that place. */
  with(value: string): { readonly query: string; readonly variables: object };
}

/** Everything that an answer to this root field can show, as a selection; members of unions under names of their own. */
export function selectionOf(schema: GraphQLSchema, type: GraphQLOutputType, depth = DEPTH): string {
  const named = getNamedType(type);
  if (isLeafType(named) || !isCompositeType(named)) return '';
  if (isUnionType(named) || isInterfaceType(named)) {
    const members = schema
      .getPossibleTypes(named)
      .map((member) => `... on ${member.name} ${fieldsOf(schema, member.name, depth, `${member.name}_`)}`);
    return `{ __typename ${members.join(' ')} }`;
  }
  return fieldsOf(schema, named.name, depth, '');
}

function fieldsOf(schema: GraphQLSchema, typeName: string, depth: number, prefix: string): string {
  const type = schema.getType(typeName);
  if (!type || !('getFields' in type) || isInputObjectType(type)) return '{ __typename }';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const leaf = isLeafType(getNamedType(field.type));
    if (!leaf && depth === 0) return [];
    const list = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    return [
      `${prefix && `${prefix}${field.name}: `}${field.name}${list} ${leaf ? '' : selectionOf(schema, field.type, depth - 1)}`,
    ];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

const NAMES = new Set(['ID', 'String', 'Digest', 'Long']);

/** Every way to name something in a request for this field. */
export function namingsOf(schema: GraphQLSchema, { operation, name, field }: RootField): Naming[] {
  const places: { path: string[]; type: Naming['type'] }[] = [];
  const walk = (type: GraphQLInputType, path: string[]): void => {
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner)) {
      walk(inner.ofType, [...path, '0']);
      return;
    }
    if (isInputObjectType(inner)) {
      if (path.length < 5)
        for (const member of Object.values(inner.getFields())) walk(member.type, [...path, member.name]);
      return;
    }
    const last = path.filter((part) => part !== '0').at(-1) ?? '';
    if (!NAMES.has(String(inner)) || last === 'idempotencyKey' || path.includes('context')) return;
    if (/digest|sameAs|^text$/i.test(last)) places.push({ path, type: 'digest' });
    if (String(inner) === 'ID' || /id$|^text$/i.test(last)) places.push({ path, type: 'id' });
  };
  for (const arg of field.args) walk(arg.type, [arg.name]);
  return places.map(({ path, type }) => ({
    path: path.join('.'),
    type,
    with: (value) => {
      const given = field.args.filter((arg) => isRequiredArgument(arg) || arg.name === path[0]);
      const declared = given.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
      const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
      const first =
        field.args.some((arg) => arg.name === 'first') && !given.some((arg) => arg.name === 'first');
      return {
        query: `${operation} ${declared && `(${declared}) `}{ ${name}(${[passed, first ? 'first: 5' : ''].filter(Boolean).join(', ')}) ${selectionOf(schema, field.type)} }`,
        variables: Object.fromEntries(
          given.map((arg) => [
            arg.name,
            arg.name === path[0] ? placed(arg.type, path.slice(1), value) : sampleValue(arg.type),
          ]),
        ),
      };
    },
  }));
}

/** A valid value of the type, with `value` at the path. */
function placed(type: GraphQLInputType, path: readonly string[], value: string): unknown {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return [placed(inner.ofType, path.slice(1), value)];
  if (!isInputObjectType(inner)) return value;
  const [here] = path;
  const fields = Object.values(inner.getFields());
  const wanted = fields.filter(
    (field) => field.name === here || (!inner.isOneOf && isRequiredInputField(field)),
  );
  return Object.fromEntries(
    wanted.map((field) => [
      field.name,
      field.name === here ? placed(field.type, path.slice(1), value) : sampleValue(field.type),
    ]),
  );
}
