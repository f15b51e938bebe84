import { isArray, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { invalidType, isPattern, type Keywords, setCounts } from './keywords.js';
import { hasDraft, isSchema, type Parse, type SubSchema } from './sub-schema.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'];

/** What is said of an object's members, and of the type. */
export function parseObjectKeywords(schema: SubSchema, keywords: Keywords, parse: Parse): void {
  const type = keywords.get('type');
  if (type !== undefined) schema.types = parseTypes(type);
  const properties = keywords.get('properties');
  if (properties !== undefined) {
    if (!(properties instanceof RegoObject)) throw new BuiltinError('Properties must be of type object');
    schema.properties = properties.entries.map(([name, value]) => [name as string, parse(value)]);
  }
  const additional = keywords.get('additionalProperties');
  if (additional !== undefined) {
    if (!isSchema(additional)) throw invalidType('boolean/Valid Schema', 'additionalProperties');
    schema.additionalProperties = typeof additional === 'boolean' ? additional : parse(additional);
  }
  const patterns = keywords.get('patternProperties');
  if (patterns !== undefined) {
    if (!(patterns instanceof RegoObject)) throw invalidType('Valid Schema', 'patternProperties');
    schema.patternProperties = patterns.entries.map(([pattern, value]) => {
      if (!isPattern(pattern as string))
        throw new BuiltinError(`Invalid regex pattern '${pattern as string}'`);
      return [pattern as string, parse(value)];
    });
  }
  const names = keywords.get('propertyNames');
  if (names !== undefined && hasDraft(schema.draft, 6)) {
    if (!isSchema(names)) throw invalidType('Valid Schema', 'patternProperties');
    schema.propertyNames = parse(names);
  }
  const dependencies = keywords.get('dependencies');
  if (dependencies !== undefined) schema.dependencies = parseDependencies(dependencies, parse);
  setCounts(schema, keywords, ['minProperties', 'maxProperties']);
  const required = (keywords.list('required') ?? []).map((name) => {
    if (typeof name !== 'string') throw invalidType('string', 'required');
    return name;
  });
  if (new Set(required).size < required.length) throw new BuiltinError('required items must be unique');
  schema.required = required;
}

function parseTypes(given: RegoValue): readonly string[] {
  const names = typeof given === 'string' ? [given] : isArray(given) ? given : undefined;
  const types: string[] = [];
  for (const name of names ?? [null]) {
    if (typeof name !== 'string') throw invalidType('type', 'string/Array Of Strings');
    if (!TYPES.includes(name))
      throw new BuiltinError(
        `has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${TYPES.join(' ')}]`,
      );
    if (types.includes(name)) throw new BuiltinError(`${name} type is duplicated`);
    types.push(name);
  }
  return types;
}

function parseDependencies(
  given: RegoValue,
  parse: Parse,
): ReadonlyMap<string, readonly string[] | SubSchema> {
  if (!(given instanceof RegoObject)) throw new BuiltinError('dependencies must be of type object');
  const wrong = new BuiltinError('Dependency must be of type Schema Or Array Of Strings');
  return new Map(
    given.entries.map(([name, value]): [string, readonly string[] | SubSchema] => {
      if (isSchema(value)) return [name as string, parse(value)];
      if (!isArray(value)) throw wrong;
      const names = value.map((each) => {
        if (typeof each !== 'string') throw wrong;
        return each;
      });
      return [name as string, names];
    }),
  );
}
