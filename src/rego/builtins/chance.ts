import { createHash } from 'node:crypto';
import type { RegoValue } from '../value/rego-value.js';
import { writeTerm } from '../value/write-term.js';
import type { BuiltinFamily } from './builtin.js';
import { fromInteger, int64, text } from './operands.js';

/**
 * What looks random: made of the evaluation's seed and the arguments, so that a decision can be replayed, and so that
 * equal arguments have equal answers throughout an evaluation, as in OPA.
 */
export const CHANCE: BuiltinFamily = {
  'rand.intn': ({ seed }, key, below) => fromInteger(integerBelow(seed, text(key, 1), int64(below, 2))),
  'uuid.rfc4122': ({ seed }, key) => version4(draw(seed, 'uuid.rfc4122', [key ?? null]).subarray(0, 16)),
};

/** 256 bits. */
const draw = (seed: string, name: string, args: readonly RegoValue[]): Buffer =>
  createHash('sha256')
    .update(writeTerm([seed, name, ...args]))
    .digest();

const DRAWN = 2n ** 256n;

/** Uniform over 0 up to, not including, `below`; 0 for 0, and for a negative number as for its absolute value. */
function integerBelow(seed: string, key: string, below: bigint): bigint {
  if (below === 0n) return 0n;
  const size = below < 0n ? -below : below;
  // What lies above the last whole multiple would make small numbers likelier: draw again.
  const usable = DRAWN - (DRAWN % size);
  for (let attempt = 0; ; attempt++) {
    const drawn = BigInt(`0x${draw(seed, 'rand.intn', [key, size, attempt]).toString('hex')}`);
    if (drawn < usable) return drawn % size;
  }
}

/** RFC 9562 §5.4. */
function version4(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
