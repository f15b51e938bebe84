import { asInteger, asSmallest, type RegoNumber } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, RegoSet, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';

/** OPA's name for what a value is: `type_name`. */
export function typeName(value: RegoValue): string {
  if (value === null) return 'null';
  if (value instanceof RegoSet) return 'set';
  if (value instanceof RegoObject) return 'object';
  if (isArray(value)) return 'array';
  return isNumber(value) ? 'number' : typeof value;
}

/** OPA's `eval_type_error` for an operand, counted from 1. */
export const wrongType = (
  position: number,
  value: RegoValue | undefined,
  ...wanted: string[]
): BuiltinError => {
  const one = wanted.length === 1 ? (wanted[0] ?? '') : `one of {${wanted.join(', ')}}`;
  const got = value === undefined ? 'nothing' : typeName(value);
  return new BuiltinError(`operand ${position} must be ${one} but got ${got}`);
};

export function text(value: RegoValue | undefined, position: number): string {
  if (typeof value === 'string') return value;
  throw wrongType(position, value, 'string');
}

export function flag(value: RegoValue | undefined, position: number): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongType(position, value, 'boolean');
}

export function list(value: RegoValue | undefined, position: number): readonly RegoValue[] {
  if (value !== undefined && isArray(value)) return value;
  throw wrongType(position, value, 'array');
}

export function object(value: RegoValue | undefined, position: number): RegoObject {
  if (value instanceof RegoObject) return value;
  throw wrongType(position, value, 'object');
}

export function number(value: RegoValue | undefined, position: number): RegoNumber {
  if (value !== undefined && isNumber(value)) return value;
  throw wrongType(position, value, 'number');
}

const notAnInteger = (position: number): BuiltinError =>
  new BuiltinError(`operand ${position} must be integer number but got floating-point number`);

/** An integer of any size, also one spelled `1.0` or `1e3`: OPA's BigIntOperand. */
export function integer(value: RegoValue | undefined, position: number): bigint {
  if (value === undefined || !isNumber(value)) throw wrongType(position, value, 'integer');
  const whole = asInteger(value);
  if (whole === undefined) throw notAnInteger(position);
  return whole;
}

/** At most 19 characters, and no exponent, as OPA reads a machine integer. */
const INT64 = /^-?(?=[\d.]{1,19}$)(\d+)(?:\.0*)?$/;

/** A 64-bit integer, also one spelled `1.0`, but not `1e3`: OPA's IntOperand. */
export function int64(value: RegoValue | undefined, position: number): bigint {
  const given = number(value, position);
  const spelling = String(given);
  if (!INT64.test(spelling)) throw notAnInteger(position);
  const whole = BigInt(spelling.split('.')[0] ?? '');
  if (BigInt.asIntN(64, whole) !== whole) throw notAnInteger(position);
  return whole;
}

/** An integer as Rego has it, in the smallest form. */
export const fromInteger = asSmallest;

/** The members of an array or a set, all of them texts. */
export function texts(value: RegoValue | undefined, position: number): readonly string[] {
  const members =
    value instanceof RegoSet ? value.members : value !== undefined && isArray(value) ? value : undefined;
  if (!members) throw wrongType(position, value, 'array', 'set');
  return members.map((member) => {
    if (typeof member === 'string') return member;
    const whole = typeName(value ?? null);
    throw new BuiltinError(
      `operand ${position} must be ${whole} of strings but got ${whole} containing ${typeName(member)}`,
    );
  });
}
