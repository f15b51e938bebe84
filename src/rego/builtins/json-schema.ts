import { isArray, RegoObject, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { readJson, writeJson } from '../go/json.js';
import { parseSchema } from '../json-schema/parse.js';
import { findings } from '../json-schema/validate.js';

/**
 * JSON Schema as OPA's internal/gojsonschema has it: drafts 4, 6 and 7, exact numbers, patterns in linear time,
 * nothing fetched. A validator of another make would find the same values wrong and say it in other words.
 */
export const JSON_SCHEMA: BuiltinFamily = {
  'json.match_schema': (_, document, schema) => {
    const value = documentOf(document);
    const found = findings(parseSchema(documentOf(schema)), value).map(({ type, field, desc }) =>
      RegoObject.of({ desc, error: `${field}: ${desc}`, field, type }),
    );
    return [found.length === 0, found];
  },
  'json.verify_schema': (_, schema) => {
    try {
      parseSchema(documentOf(schema));
      return [true, null];
    } catch (error) {
      if (error instanceof BuiltinError) return [false, `jsonschema: ${error.message}`];
      throw error;
    }
  },
};

function documentOf(given: RegoValue | undefined): RegoValue {
  if (typeof given === 'string') {
    try {
      return readJson(given);
    } catch (cause) {
      if (cause instanceof BuiltinError) throw new BuiltinError('invalid JSON string', { cause });
      throw cause;
    }
  }
  // By way of JSON, which makes sets arrays and keys text.
  if (given instanceof RegoObject || (given !== undefined && isArray(given)))
    return readJson(writeJson(given));
  throw new BuiltinError('wrong type, expected string or object');
}
