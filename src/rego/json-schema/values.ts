import { isArray, isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';
import { writeJson } from '../go/json.js';

/** JSON text in which numbers are doubles: what gojsonschema compares for `const`, `enum` and `uniqueItems`. */
export const normalized = (value: RegoValue): string => writeJson(asDoubles(value));

function asDoubles(value: RegoValue): RegoValue {
  if (isNumber(value)) {
    const double = Number(value.toString());
    if (!Number.isFinite(double)) throw new BuiltinError('json: cannot unmarshal number into float64');
    return double;
  }
  if (isArray(value)) return value.map(asDoubles);
  if (value instanceof RegoObject)
    return new RegoObject(value.entries.map(([key, item]) => [key, asDoubles(item)]));
  return value;
}
