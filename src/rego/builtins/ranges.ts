import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { fromInteger, integer } from './operands.js';

/** Runs of integers. */
export const RANGES: BuiltinFamily = {
  'numbers.range_step': (_, from, to, step) => range(integer(from, 1), integer(to, 2), integer(step, 3)),
};

/** OPA goes on until it is cancelled, which fails the evaluation; here that comes before memory runs out. */
const MAX_MEMBERS = 4_000_000n;

function range(from: bigint, to: bigint, step: bigint): readonly (number | bigint)[] {
  if (step <= 0n) throw new BuiltinError('numbers.range_step: step must be a positive integer');
  const distance = from <= to ? to - from : from - to;
  const count = distance / step + 1n;
  if (count > MAX_MEMBERS) throw new Error('numbers.range_step: the range has too many members');
  const signed = from <= to ? step : -step;
  return Array.from({ length: Number(count) }, (_, index) => fromInteger(from + signed * BigInt(index)));
}
