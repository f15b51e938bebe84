import { asInteger, compareNumbers, type RegoNumber } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { type Draft, draftOf, resolveReference, SchemaPool } from './references.js';
import { normalized } from './values.js';
import { compilePattern } from '../go/regexp.js';

/** A schema with its keywords checked: OPA's internal/gojsonschema, schema.go. */
export interface SubSchema {
  readonly draft: Draft;
  /** What a boolean schema says. */
  pass?: boolean;
  reference?: SubSchema;
  types: readonly string[];
  properties: readonly (readonly [string, SubSchema])[];
  patternProperties: readonly (readonly [string, SubSchema])[];
  additionalProperties?: boolean | SubSchema;
  propertyNames?: SubSchema;
  dependencies: ReadonlyMap<string, readonly string[] | SubSchema>;
  items?: SubSchema | readonly SubSchema[];
  additionalItems?: boolean | SubSchema;
  contains?: SubSchema;
  multipleOf?: RegoNumber;
  minimum?: RegoNumber;
  maximum?: RegoNumber;
  exclusiveMinimum?: RegoNumber;
  exclusiveMaximum?: RegoNumber;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  pattern?: string;
  format?: string;
  required: readonly string[];
  uniqueItems: boolean;
  /** As JSON text, numbers in one spelling. */
  constant?: string;
  enumeration?: readonly string[];
  oneOf: readonly SubSchema[];
  anyOf: readonly SubSchema[];
  allOf: readonly SubSchema[];
  not?: SubSchema;
  condition?: SubSchema;
  then?: SubSchema;
  otherwise?: SubSchema;
}

const TYPES = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'];

/** Throws `BuiltinError` with gojsonschema's text. */
export function parseSchema(document: RegoValue): SubSchema {
  return new SchemaParser(document).root();
}

const invalidType = (expected: string, given: string): BuiltinError =>
  new BuiltinError(`Invalid type. Expected: ${expected}, given: ${given}`);

const hasDraft = (draft: Draft, least: number): boolean => draft === 'hybrid' || draft >= least;

class SchemaParser {
  private readonly pool: SchemaPool;
  /** Also those being parsed: a schema may refer to itself. */
  private readonly references = new Map<string, SubSchema>();

  constructor(private readonly document: RegoValue) {
    this.pool = new SchemaPool(document);
  }

  root(): SubSchema {
    return this.schema(this.document, '', draftOf(this.document));
  }

  private schema(node: RegoValue, base: string, draft: Draft, into?: SubSchema): SubSchema {
    const schema = into ?? blank(draft);
    if (typeof node === 'boolean' && hasDraft(draft, 6)) {
      schema.pass = node;
      return schema;
    }
    if (!(node instanceof RegoObject)) throw new BuiltinError('Expected: Valid Schema, given: Invalid JSON');
    const keywords = new Keywords(node);
    const id = keywords.text(draft === 4 || (draft === 'hybrid' && keywords.has('id')) ? 'id' : '$id');
    const scope = id === undefined ? base : resolveReference(base, id);
    const parse = (child: RegoValue): SubSchema => this.schema(child, scope, draft);
    parseDefinitions(keywords.get('definitions'), parse);
    keywords.text('title');
    keywords.text('description');
    const reference = keywords.text('$ref');
    if (reference !== undefined) {
      schema.reference = this.referred(resolveReference(scope, reference), draft);
      return schema;
    }
    parseObjectKeywords(schema, keywords, parse);
    parseArrayKeywords(schema, keywords, parse);
    parseNumberKeywords(schema, keywords);
    parseTextKeywords(schema, keywords);
    parseValueKeywords(schema, keywords);
    parseCombinations(schema, keywords, parse);
    return schema;
  }

  private referred(reference: string, draft: Draft): SubSchema {
    const known = this.references.get(reference);
    if (known) return known;
    const schema = blank(draft);
    this.references.set(reference, schema);
    const node = this.pool.get(reference);
    if (typeof node !== 'boolean' && !(node instanceof RegoObject))
      throw new BuiltinError('Valid Schema must be of type object');
    return this.schema(node, reference, draft, schema);
  }
}

type Parse = (child: RegoValue) => SubSchema;

const blank = (draft: Draft): SubSchema => ({
  draft,
  types: [],
  properties: [],
  patternProperties: [],
  dependencies: new Map(),
  required: [],
  uniqueItems: false,
  oneOf: [],
  anyOf: [],
  allOf: [],
});

const isSchema = (value: RegoValue): value is boolean | RegoObject =>
  typeof value === 'boolean' || value instanceof RegoObject;

/** Keywords with the errors of those that hold something else. */
class Keywords {
  constructor(private readonly node: RegoObject) {}

  has(name: string): boolean {
    return this.node.get(name) !== undefined;
  }

  get(name: string): RegoValue | undefined {
    return this.node.get(name);
  }

  text(name: string): string | undefined {
    const value = this.node.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw invalidType('string', name);
  }

  list(name: string): readonly RegoValue[] | undefined {
    const value = this.node.get(name);
    if (value === undefined || isArray(value)) return value;
    throw new BuiltinError(`${name} must be of an array`);
  }

  /** A length. */
  count(name: string): number | undefined {
    const value = this.node.get(name);
    if (value === undefined) return undefined;
    const spelling = isNumber(value) ? String(value) : '';
    if (!/^-?\d{1,19}$/.test(spelling)) throw new BuiltinError(`${name} must be of an integer`);
    if (spelling.startsWith('-') && Number(spelling) !== 0)
      throw new BuiltinError(`${name} must be greater than or equal to 0`);
    return Number(spelling);
  }

  number(name: string): RegoNumber | undefined {
    const value = this.node.get(name);
    if (value === undefined || isNumber(value)) return value;
    throw new BuiltinError(`${name} must be of a Number`);
  }
}

function parseDefinitions(definitions: RegoValue | undefined, parse: Parse): void {
  if (definitions === undefined) return;
  if (!(definitions instanceof RegoObject)) throw invalidType('Array Of Schemas', 'definitions');
  for (const [, definition] of definitions.entries) {
    if (!isSchema(definition)) throw invalidType('Array Of Schemas', 'definitions');
    parse(definition);
  }
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

function parseObjectKeywords(schema: SubSchema, keywords: Keywords, parse: Parse): void {
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

function isPattern(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
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

function setCounts(
  schema: SubSchema,
  keywords: Keywords,
  names: readonly ['minProperties' | 'minItems' | 'minLength', 'maxProperties' | 'maxItems' | 'maxLength'],
): void {
  const [minimum, maximum] = [keywords.count(names[0]), keywords.count(names[1])];
  if (minimum !== undefined) schema[names[0]] = minimum;
  if (maximum !== undefined) schema[names[1]] = maximum;
  if (names[0] !== 'minItems' && minimum !== undefined && maximum !== undefined && minimum > maximum)
    throw new BuiltinError(`${names[0]} cannot be greater than ${names[1]}`);
}

function parseArrayKeywords(schema: SubSchema, keywords: Keywords, parse: Parse): void {
  const items = keywords.get('items');
  if (items !== undefined) {
    const wrong = invalidType('Valid Schema/Array Of Schemas', 'items');
    if (isArray(items))
      schema.items = items.map((item) => {
        if (!isSchema(item)) throw wrong;
        return parse(item);
      });
    else if (isSchema(items)) schema.items = parse(items);
    else throw wrong;
  }
  const additional = keywords.get('additionalItems');
  if (additional !== undefined) {
    if (!isSchema(additional)) throw invalidType('boolean/Valid Schema', 'additionalItems');
    schema.additionalItems = typeof additional === 'boolean' ? additional : parse(additional);
  }
  setCounts(schema, keywords, ['minItems', 'maxItems']);
  const unique = keywords.get('uniqueItems');
  if (unique !== undefined) {
    if (typeof unique !== 'boolean') throw new BuiltinError('uniqueItems must be of a boolean');
    schema.uniqueItems = unique;
  }
  const contains = keywords.get('contains');
  if (contains !== undefined && hasDraft(schema.draft, 6)) schema.contains = parse(contains);
}

function parseNumberKeywords(schema: SubSchema, keywords: Keywords): void {
  const multiple = keywords.get('multipleOf');
  if (multiple !== undefined) {
    if (!isNumber(multiple)) throw invalidType('Number', 'multipleOf');
    if (compareNumbers(multiple, 0) <= 0)
      throw new BuiltinError('multipleOf must be strictly greater than 0');
    schema.multipleOf = multiple;
  }
  parseLimit(schema, keywords, ['minimum', 'exclusiveMinimum']);
  parseLimit(schema, keywords, ['maximum', 'exclusiveMaximum']);
}

/** Draft 4 has a flag that makes the limit exclusive, later ones a limit of its own. */
function parseLimit(
  schema: SubSchema,
  keywords: Keywords,
  [name, exclusive]: readonly ['minimum', 'exclusiveMinimum'] | readonly ['maximum', 'exclusiveMaximum'],
): void {
  const limit = keywords.number(name);
  if (limit !== undefined) schema[name] = limit;
  const given = keywords.get(exclusive);
  if (given === undefined) return;
  if (isNumber(given) && schema.draft !== 4) {
    schema[exclusive] = given;
    return;
  }
  if (typeof given !== 'boolean' || (schema.draft !== 4 && schema.draft !== 'hybrid')) {
    const expected = schema.draft === 4 ? 'boolean' : schema.draft === 'hybrid' ? 'boolean/number' : 'number';
    throw invalidType(expected, exclusive);
  }
  if (limit === undefined) throw new BuiltinError(`${exclusive} cannot be used without ${name}`);
  if (!given) return;
  schema[exclusive] = limit;
  Reflect.deleteProperty(schema, name);
}

function parseTextKeywords(schema: SubSchema, keywords: Keywords): void {
  setCounts(schema, keywords, ['minLength', 'maxLength']);
  const pattern = keywords.text('pattern');
  if (pattern !== undefined) {
    if (!isPattern(pattern)) throw new BuiltinError('pattern must be a valid regex');
    schema.pattern = pattern;
  }
  const format = keywords.text('format');
  if (format !== undefined && format !== '') schema.format = format;
}

function parseValueKeywords(schema: SubSchema, keywords: Keywords): void {
  const constant = keywords.get('const');
  if (constant !== undefined && hasDraft(schema.draft, 6)) schema.constant = normalized(constant);
  const values = keywords.list('enum')?.map(normalized);
  if (!values) return;
  if (new Set(values).size < values.length) throw new BuiltinError('enum items must be unique');
  schema.enumeration = values;
}

function parseCombinations(schema: SubSchema, keywords: Keywords, parse: Parse): void {
  schema.oneOf = (keywords.list('oneOf') ?? []).map(parse);
  schema.anyOf = (keywords.list('anyOf') ?? []).map(parse);
  schema.allOf = (keywords.list('allOf') ?? []).map(parse);
  const one = (name: string): SubSchema | undefined => {
    const value = keywords.get(name);
    if (value === undefined) return undefined;
    if (!isSchema(value)) throw new BuiltinError(`${name} must be of an object`);
    return parse(value);
  };
  const not = one('not');
  if (not) schema.not = not;
  if (!hasDraft(schema.draft, 7)) return;
  const [condition, then, otherwise] = [one('if'), one('then'), one('else')];
  if (condition) schema.condition = condition;
  if (then) schema.then = then;
  if (otherwise) schema.otherwise = otherwise;
}

/** Whether a number is a multiple of another, exactly. */
export function isMultiple(value: RegoNumber, of: RegoNumber): boolean {
  const [a, b] = [fraction(value), fraction(of)];
  return (
    (a.digits * 10n ** BigInt(Math.max(0, b.scale - a.scale))) %
      (b.digits * 10n ** BigInt(Math.max(0, a.scale - b.scale))) ===
    0n
  );
}

function fraction(value: RegoNumber): { digits: bigint; scale: number } {
  const whole = asInteger(value);
  if (whole !== undefined) return { digits: whole, scale: 0 };
  const [, sign = '', integer = '', part = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(value)) ?? [];
  return { digits: BigInt(sign + integer + part), scale: part.length - Number(exponent) };
}
