import type { BuiltinFamily } from './builtin.js';
import { fromInteger, text } from './operands.js';
import { parseRfc3339Nanos } from './rfc3339-nanos.js';

/** Time as instants: one instant per evaluation. */
export const CLOCK: BuiltinFamily = {
  'time.now_ns': ({ instant }) => fromInteger(BigInt(instant) * 1_000_000n),
  'time.parse_rfc3339_ns': (_, given) => parseRfc3339Nanos(text(given, 1)),
};
