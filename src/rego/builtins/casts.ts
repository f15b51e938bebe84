import { isArray, RegoSet, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { flag, object, text, wrongType } from './operands.js';

/** Deprecated casts, which exist in Rego v0 only: from and to collections; otherwise they check a type. */
export const CASTS: BuiltinFamily = {
  cast_array: (_, given) => membersOf(given),
  cast_set: (_, given) => (given instanceof RegoSet ? given : new RegoSet(membersOf(given))),
  cast_string: (_, given) => text(given, 1),
  cast_boolean: (_, given) => flag(given, 1),
  cast_object: (_, given) => object(given, 1),
  cast_null: (_, given) => {
    if (given === null) return given;
    throw wrongType(1, given, 'null');
  },
};

function membersOf(given: RegoValue | undefined): readonly RegoValue[] {
  if (given instanceof RegoSet) return given.members;
  if (given !== undefined && isArray(given)) return given;
  throw wrongType(1, given, 'array', 'set');
}
