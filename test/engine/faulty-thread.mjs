// An evaluation thread with faults: the real one, with builtins that misbehave and a clock that jumps.
import { STRINGS } from '../../dist/src/rego/builtins/strings.js';
import { BuiltinError } from '../../dist/src/rego/value/builtin-error.js';

const FAULTS = {
  bug: () => [].at(0).length,
  error: () => {
    throw new BuiltinError('operand 1 must be something else');
  },
  promise: () => Promise.resolve(true),
  object: () => ({ allowed: true }),
  nan: () => NaN,
  exit: () => process.exit(0),
  exhaust: () => {
    for (const kept = []; ;) kept.push(new Array(100_000).fill(kept.length));
  },
  deep: function deep(...args) {
    return deep(...args) + 1;
  },
};
STRINGS['strings.any_prefix_match'] = (_, name) => FAULTS[name]();

let now = 0;
Date.now = () => (now += 86_400_000);

await import('../../dist/src/rego/host/evaluate.io.js');
