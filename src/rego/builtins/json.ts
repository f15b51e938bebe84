import type { RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { writeJson } from '../go/json.js';
import { indented } from './json-layout.js';
import { patch } from './json-patch.js';
import { object } from './operands.js';

/** JSON as a document and as a text. `json.marshal`, `filter`, `remove` and others come along with the policy. */
export const JSON_DOCUMENTS: BuiltinFamily = {
  'json.patch': (_, target = null, operations) => patch(target, operations),
  'json.marshal_with_options': (_, value = null, options) => marshal(value, options),
};

/** No policy reads more. */
const MAX_TEXT = 2 ** 26;

function marshal(value: RegoValue, options: RegoValue | undefined): string {
  const json = writeJson(value);
  let prefix = '';
  let indent = '\t';
  let pretty: boolean | undefined;
  const { entries } = object(options, 2);
  for (const [key, option] of entries) {
    if (key === 'prefix' && typeof option === 'string') prefix = option;
    else if (key === 'indent' && typeof option === 'string') indent = option;
    else if (key === 'pretty' && typeof option === 'boolean') pretty = option;
    else throw new BuiltinError(`operand 2 has an option that is none: ${writeJson(key)}`);
  }
  pretty ??= entries.length > 0;
  return pretty ? prefix + indented(json, { prefix, indent, limit: MAX_TEXT }) : json;
}
