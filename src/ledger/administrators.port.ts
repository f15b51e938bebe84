import type { Actor } from '../kernel/actor.js';
import type { Result } from '../kernel/result.js';

/** Nobody else would be left who may give roles: the organisation would be locked out. */
export interface LastAdministrator {
  readonly kind: 'LastAdministrator';
  readonly principalId: string;
}

/** Who administers an organisation; answered by the access policy, wired in `app`. */
export interface Administrators {
  /** Does the work while nobody can change who administers; refuses without doing it. */
  unlessLast<T>(
    by: Actor,
    principalId: string,
    work: () => Promise<T>,
  ): Promise<Result<T, LastAdministrator>>;
  /** As things stand; they may change. */
  isLast(by: Actor, principalId: string): Promise<boolean>;
}
