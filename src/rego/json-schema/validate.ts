import { asInteger, compareNumbers, type RegoNumber } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import { goFloat } from '../go/float.js';
import { isFormat } from './formats.js';
import { isMultiple } from './multiple.js';
import type { SubSchema } from './sub-schema.js';
import { normalized } from './values.js';
import { compilePattern } from '../go/regexp.js';

/** One finding, as gojsonschema has it. */
export interface Finding {
  readonly type: string;
  readonly field: string;
  readonly desc: string;
}

/** The findings about a value and a score: of several schemas that fail, the closest is reported. */
interface Result {
  readonly findings: Finding[];
  score: number;
}

/** Schemas that refer to one another can multiply: no policy checks more. */
const MAX_STEPS = 5_000_000;
const MAX_DEPTH = 2000;

export const findings = (schema: SubSchema, value: RegoValue): readonly Finding[] =>
  new Validation().check(schema, value, '(Root)').findings;

class Validation {
  private steps = 0;
  private depth = 0;

  check(schema: SubSchema, value: RegoValue, path: string): Result {
    const result: Result = { findings: [], score: 0 };
    this.visit(schema, { value, path, result });
    return result;
  }

  private visit(schema: SubSchema, at: Place): void {
    if (++this.steps > MAX_STEPS) throw new Error('json.match_schema: too many steps');
    if (this.depth >= MAX_DEPTH) throw new Error('json.match_schema: schema and document nest too deeply');
    this.depth++;
    if (schema.pass === false) report(at, 'false', 'False always fails validation');
    else if (schema.pass === undefined && schema.reference) this.visit(schema.reference, at);
    else if (schema.pass === undefined) this.visitTyped(schema, at);
    this.depth--;
  }

  private visitTyped(schema: SubSchema, at: Place): void {
    const type = typeOf(at.value);
    const fits = schema.types.includes(type) || (type === 'integer' && schema.types.includes('number'));
    if (schema.types.length > 0 && !fits) {
      const [only = ''] = schema.types;
      const expected = schema.types.length > 1 ? `[${schema.types.join(',')}]` : only;
      report(at, 'invalid_type', `Invalid type. Expected: ${expected}, given: ${type}`);
      return;
    }
    this.combined(schema, at);
    if (isArray(at.value)) this.array(schema, at.value, at);
    else if (at.value instanceof RegoObject) this.object(schema, at.value, at);
    else if (isNumber(at.value)) numeric(schema, at.value, at);
    common(schema, at);
    if (typeof at.value === 'string') textual(schema, at.value, at);
    if (at.value instanceof RegoObject) this.properties(schema, at.value, at);
    at.result.score++;
  }

  private properties(schema: SubSchema, value: RegoObject, at: Place): void {
    for (const [name, property] of schema.properties) {
      const item = value.get(name);
      if (item !== undefined)
        this.visit(property, { value: item, path: `${at.path}.${name}`, result: at.result });
    }
  }

  private combined(schema: SubSchema, at: Place): void {
    const check = (each: SubSchema): Result => this.check(each, at.value, at.path);
    if (schema.anyOf.length > 0) {
      const [holding, best] = tried(schema.anyOf, check, 1);
      if (holding === 0) {
        report(at, 'number_any_of', 'Must validate at least one schema (anyOf)');
        merge(at, best);
      }
    }
    if (schema.oneOf.length > 0) {
      const [holding, best] = tried(schema.oneOf, check, Infinity);
      if (holding !== 1) report(at, 'number_one_of', 'Must validate one and only one schema (oneOf)');
      if (holding === 0) merge(at, best);
    }
    const results = schema.allOf.map(check);
    for (const result of results) merge(at, result);
    if (results.some((result) => result.findings.length > 0))
      report(at, 'number_all_of', 'Must validate all the schemas (allOf)');
    if (schema.not && check(schema.not).findings.length === 0)
      report(at, 'number_not', 'Must not validate the schema (not)');
    this.dependencies(schema, at);
    if (schema.condition) this.conditional(schema, schema.condition, at);
    at.result.score++;
  }

  private dependencies(schema: SubSchema, at: Place): void {
    if (!(at.value instanceof RegoObject)) return;
    for (const [key] of at.value.entries) {
      const dependency = schema.dependencies.get(key as string) ?? [];
      if ('draft' in dependency) {
        this.visit(dependency, at);
        continue;
      }
      for (const name of dependency)
        if (at.value.get(name) === undefined) report(at, 'missing_dependency', `Has a dependency on ${name}`);
    }
  }

  private conditional(schema: SubSchema, condition: SubSchema, at: Place): void {
    const holds = this.check(condition, at.value, at.path).findings.length === 0;
    const branch = holds ? schema.then : schema.otherwise;
    if (!branch) return;
    const result = this.check(branch, at.value, at.path);
    if (result.findings.length === 0) return;
    if (holds) report(at, 'condition_then', 'Must validate "then" as "if" was valid');
    else report(at, 'condition_else', 'Must validate "else" as "if" was not valid');
    merge(at, result);
  }

  private array(schema: SubSchema, value: readonly RegoValue[], at: Place): void {
    const item = (each: SubSchema, index: number): Result =>
      this.check(each, value[index] ?? null, `${at.path}.${index}`);
    const { items, additionalItems } = schema;
    if (items && 'draft' in items) for (const index of value.keys()) merge(at, item(items, index));
    else if (items && items.length > 0) {
      for (const [index, each] of items.slice(0, value.length).entries()) merge(at, item(each, index));
      if (items.length < value.length && additionalItems === false)
        report(at, 'array_no_additional_items', 'No additional items allowed on array');
      if (typeof additionalItems === 'object')
        for (let index = items.length; index < value.length; index++) merge(at, item(additionalItems, index));
    }
    if (schema.minItems !== undefined && value.length < schema.minItems)
      report(at, 'array_min_items', `Array must have at least ${schema.minItems} items`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      report(at, 'array_max_items', `Array must have at most ${schema.maxItems} items`);
    if (schema.uniqueItems) unique(value, at);
    if (schema.contains) this.contains(schema.contains, value, at);
    at.result.score++;
  }

  private contains(contained: SubSchema, value: readonly RegoValue[], at: Place): void {
    let best: Result | undefined;
    for (const [index, item] of value.entries()) {
      const result = this.check(contained, item, `${at.path}.${index}`);
      if (result.findings.length === 0) return;
      if (!best || result.score > best.score) best = result;
    }
    report(at, 'contains', 'At least one of the items must match');
    if (best) merge(at, best);
  }

  private object(schema: SubSchema, value: RegoObject, at: Place): void {
    const size = value.entries.length;
    if (schema.minProperties !== undefined && size < schema.minProperties)
      report(at, 'array_min_properties', `Must have at least ${schema.minProperties} properties`);
    if (schema.maxProperties !== undefined && size > schema.maxProperties)
      report(at, 'array_max_properties', `Must have at most ${schema.maxProperties} properties`);
    for (const name of schema.required)
      if (value.get(name) === undefined) report(at, 'required', `${name} is required`);
      else at.result.score++;
    const declared = new Set(schema.properties.map(([name]) => name));
    for (const [key, item] of value.entries) this.property(schema, [key as string, item], declared, at);
    if (schema.propertyNames) this.names(schema.propertyNames, value, at);
    at.result.score++;
  }

  private property(
    schema: SubSchema,
    [name, value]: readonly [string, RegoValue],
    declared: ReadonlySet<string>,
    at: Place,
  ): void {
    const matching = schema.patternProperties.filter(([pattern]) => matches(pattern, name));
    for (const [, each] of matching) merge(at, this.check(each, value, `${at.path}.${name}`));
    if (matching.length > 0) at.result.score++;
    if (declared.has(name) || matching.length > 0) return;
    const additional = schema.additionalProperties;
    if (additional === false)
      report(at, 'additional_property_not_allowed', `Additional property ${name} is not allowed`);
    if (typeof additional === 'object') merge(at, this.check(additional, value, `${at.path}.${name}`));
  }

  private names(names: SubSchema, value: RegoObject, at: Place): void {
    for (const [key] of value.entries) {
      const result = this.check(names, key, at.path);
      if (result.findings.length === 0) continue;
      report(at, 'invalid_property_name', `Property name of "${key as string}" does not match`);
      merge(at, result);
    }
  }
}

interface Place {
  readonly value: RegoValue;
  readonly path: string;
  readonly result: Result;
}

/** gojsonschema's names for values: a number without a fraction is an integer. */
function typeOf(value: RegoValue): string {
  if (value === null) return 'null';
  if (isNumber(value)) return asInteger(value) === undefined ? 'number' : 'integer';
  if (isArray(value)) return 'array';
  return value instanceof RegoObject ? 'object' : typeof value;
}

function report({ path, result }: Place, type: string, desc: string): void {
  result.findings.push({ type, field: path.replace(/^\(Root\)\./, ''), desc });
  // Each check adds one when it is done.
  result.score -= 2;
}

function merge({ result }: Place, other: Result | undefined): void {
  if (!other) return;
  for (const finding of other.findings) result.findings.push(finding);
  result.score += other.score;
}

/** How many of the schemas hold, up to `enough`, and of those that fail before one does, the closest. */
function tried(
  schemas: readonly SubSchema[],
  check: (schema: SubSchema) => Result,
  enough: number,
): readonly [number, Result | undefined] {
  let holding = 0;
  let best: Result | undefined;
  for (const schema of schemas) {
    if (holding >= enough) break;
    const result = check(schema);
    if (result.findings.length === 0) holding++;
    else if (holding === 0 && (!best || result.score > best.score)) best = result;
  }
  return [holding, best];
}

const matches = (pattern: string, text: string): boolean => compilePattern(pattern).matcher(text).find();

function common(schema: SubSchema, at: Place): void {
  const { constant, enumeration, format } = schema;
  const field = at.path.replace(/^\(Root\)\./, '');
  if (constant !== undefined && normalized(at.value) !== constant)
    report(at, 'const', `${field} does not match: ${constant}`);
  if (enumeration && !enumeration.includes(normalized(at.value)))
    report(at, 'enum', `${field} must be one of the following: ${enumeration.join(', ')}`);
  if (format !== undefined && typeof at.value === 'string' && !isFormat(format, at.value))
    report(at, 'format', `Does not match format '${format}'`);
  at.result.score++;
}

function unique(value: readonly RegoValue[], at: Place): void {
  const seen = new Map<string, number>();
  for (const [j, item] of value.entries()) {
    const text = normalized(item);
    const i = seen.get(text);
    if (i !== undefined) report(at, 'unique', `array items[${i},${j}] must be unique`);
    seen.set(text, j);
  }
}

function textual(schema: SubSchema, value: string, at: Place): void {
  const { minLength, maxLength, pattern } = schema;
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (minLength !== undefined && length < minLength)
    report(at, 'string_gte', `String length must be greater than or equal to ${minLength}`);
  if (maxLength !== undefined && length > maxLength)
    report(at, 'string_lte', `String length must be less than or equal to ${maxLength}`);
  if (pattern !== undefined && !matches(pattern, value))
    report(at, 'pattern', `Does not match pattern '${pattern}'`);
  at.result.score++;
}

function numeric(schema: SubSchema, value: RegoNumber, at: Place): void {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema;
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    report(at, 'multiple_of', `Must be a multiple of ${limitText(multipleOf)}`);
  if (maximum !== undefined && compareNumbers(value, maximum) > 0)
    report(at, 'number_lte', `Must be less than or equal to ${limitText(maximum)}`);
  if (exclusiveMaximum !== undefined && compareNumbers(value, exclusiveMaximum) >= 0)
    report(at, 'number_lt', `Must be less than ${limitText(exclusiveMaximum)}`);
  if (minimum !== undefined && compareNumbers(value, minimum) < 0)
    report(at, 'number_gte', `Must be greater than or equal to ${limitText(minimum)}`);
  if (exclusiveMinimum !== undefined && compareNumbers(value, exclusiveMinimum) <= 0)
    report(at, 'number_gt', `Must be greater than ${limitText(exclusiveMinimum)}`);
  at.result.score++;
}

/** Go prints the shortest text of 64 bits of mantissa, this one that of a double's 53. */
const limitText = (limit: RegoNumber): string => goFloat(Number(limit.toString()));
