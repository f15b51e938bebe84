import { compareNumbers } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { invalidType, isPattern, Keywords, setCounts } from './keywords.js';
import { parseObjectKeywords } from './object-keywords.js';
import { type Draft, draftOf, resolveReference, SchemaPool } from './references.js';
import { blank, hasDraft, isSchema, type Parse, type SubSchema } from './sub-schema.js';
import { normalized } from './values.js';

/** Throws `BuiltinError` with gojsonschema's text. */
export function parseSchema(document: RegoValue): SubSchema {
  return new SchemaParser(document).root();
}

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

function parseDefinitions(definitions: RegoValue | undefined, parse: Parse): void {
  if (definitions === undefined) return;
  if (!(definitions instanceof RegoObject)) throw invalidType('Array Of Schemas', 'definitions');
  for (const [, definition] of definitions.entries) {
    if (!isSchema(definition)) throw invalidType('Array Of Schemas', 'definitions');
    parse(definition);
  }
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
