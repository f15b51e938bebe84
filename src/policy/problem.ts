import type { OpaBusy, OpaUnavailable, RegoInvalid } from '../rego/compiler.port.js';

/** Arguments that cannot be what they should: where, and what was expected. */
export interface InvalidInput {
  readonly kind: 'InvalidInput';
  readonly path: string;
  readonly expected: string;
}
export type CheckProblem = OpaUnavailable | OpaBusy | RegoInvalid | InvalidInput;
