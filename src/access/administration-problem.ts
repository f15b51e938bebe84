import { refusalText, type Refused } from '../kernel/refusal.js';
import type { AccessRole } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';

/** Everything that can come of administering access, other than success. */
export type AdministrationProblem =
  | { readonly kind: 'PrincipalNotFound'; readonly principalId: string }
  /** Somebody with this login is known already. */
  | { readonly kind: 'PrincipalKnown'; readonly principalId: string }
  | PrincipalStale
  | { readonly kind: 'ProjectNotFound'; readonly project: string }
  | { readonly kind: 'GrantNotFound'; readonly grantId: string }
  /** The same role, in the same place, is held by a grant in force. */
  | { readonly kind: 'GrantStands'; readonly grantId: string; readonly role: AccessRole }
  | { readonly kind: 'GrantOver'; readonly grantId: string; readonly since: Instant }
  /** `reasonCode` is one of policies/access. */
  | ({ readonly kind: 'NotPermitted' } & Refused)
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** Somebody changed the principal's standing in between: both sides. */
export interface PrincipalStale {
  readonly kind: 'PrincipalStale';
  readonly principalId: string;
  readonly expectedVersion: number;
  readonly currentVersion: number;
  /** What was sent. */
  readonly yours: Standing;
  /** What stands. */
  readonly theirs: Standing;
  readonly changedBy: string | null;
  readonly changedAt: Instant | null;
}

export type Standing = 'ENABLED' | 'DISABLED';

export const ADMINISTRATION_MESSAGES: {
  readonly [K in AdministrationProblem['kind']]: (
    problem: Extract<AdministrationProblem, { kind: K }>,
  ) => string;
} = {
  PrincipalNotFound: ({ principalId }) => `There is no principal ${principalId}.`,
  PrincipalKnown: ({ principalId }) => `This login is known already, as principal ${principalId}.`,
  PrincipalStale: ({ expectedVersion, currentVersion, theirs }) =>
    `The principal is ${theirs} at version ${String(currentVersion)}, and not at version ${String(expectedVersion)} any more.`,
  ProjectNotFound: ({ project }) => `There is no project ${project}.`,
  GrantNotFound: ({ grantId }) => `There is no grant ${grantId}.`,
  GrantStands: ({ grantId, role }) => `The role ${role} is held already, by grant ${grantId}.`,
  GrantOver: ({ grantId }) => `Grant ${grantId} was revoked before.`,
  NotPermitted: (no) => refusalText(no),
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
