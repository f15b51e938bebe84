import type { RegoNumber } from '../value/rego-number.js';
import { isArray, isNumber, type RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { compilePattern } from '../go/regexp.js';
import type { SubSchema } from './sub-schema.js';

export const invalidType = (expected: string, given: string): BuiltinError =>
  new BuiltinError(`Invalid type. Expected: ${expected}, given: ${given}`);

/** Keywords with the errors of those that hold something else. */
export class Keywords {
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

export function setCounts(
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

export function isPattern(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
