import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { Instant } from '../kernel/clock.js';
import type { Hold } from './hold.js';

/** Somebody, or something, about whom the record may hold data. */
export interface Person {
  readonly principalId: string;
  readonly kind: 'person' | 'service' | 'agent';
  /** Null once erased. */
  readonly displayName: string | null;
  readonly erasedAt: Instant | null;
  /** Personal records in the ledger that are still there. */
  readonly records: number;
}

/** What those who protect data look at. An organisation sees its own only. */
export interface ProtectionRead {
  holds(
    orgId: string,
    page: PageRequest & { readonly inForceAt?: Instant },
  ): Promise<Result<Page<Hold>, InvalidCursor>>;
  hold(orgId: string, holdId: string): Promise<Hold | undefined>;
  /** `pseudonymOf` names a principal as the ledger does. By id. */
  persons(
    orgId: string,
    page: PageRequest,
    pseudonymOf: (principalId: string) => string,
  ): Promise<Result<Page<Person>, InvalidCursor>>;
  /** Ids of the holds in force that touch one of these pseudonyms. */
  holdsOn(orgId: string, person: string): Promise<readonly string[]>;
}
