import type { LastAdministrator } from './administrators.port.js';

/** Everything that can come of erasing a person, or of a hold, other than success. */
export type ProtectionProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  /** Of this organisation; a principal that never was, or is another's. */
  | { readonly kind: 'PersonNotFound'; readonly principalId: string }
  /** Nothing was erased. `holdIds` are all that match, oldest first. */
  | { readonly kind: 'UnderLegalHold'; readonly holdIds: readonly string[] }
  /** Whoever erases must be there to answer for it. */
  | { readonly kind: 'OwnErasure'; readonly principalId: string }
  | LastAdministrator
  | { readonly kind: 'HoldNotFound'; readonly holdId: string }
  /** Another command lifted it, in that entry. */
  | { readonly kind: 'HoldLifted'; readonly holdId: string; readonly entrySeq: number }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** English texts of them. */
export const PROTECTION_MESSAGES: {
  readonly [K in ProtectionProblem['kind']]: (problem: Extract<ProtectionProblem, { kind: K }>) => string;
} = {
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  PersonNotFound: ({ principalId }) => `There is no principal ${principalId}.`,
  UnderLegalHold: ({ holdIds }) =>
    `Nothing was erased: ${String(holdIds.length)} legal hold${holdIds.length === 1 ? '' : 's'} in force.`,
  OwnErasure: () => 'Nobody can erase themselves; somebody else of data protection must do it.',
  LastAdministrator: () =>
    'Nothing was erased: nobody else would be left who may give roles. Give the role to somebody first.',
  HoldNotFound: ({ holdId }) => `There is no hold ${holdId}.`,
  HoldLifted: ({ holdId }) => `Hold ${holdId} was lifted before.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
