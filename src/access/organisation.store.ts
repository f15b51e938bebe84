import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { Grant, Organisation, Principal, Project } from './organisation.js';

/** When a row was made and which ledger entry says so. */
export interface Recorded {
  readonly at: Instant;
  readonly entryKey: IdempotencyKey;
}

/** Inserts only. A row whose id exists is left as it is: commands derive ids from their idempotency key. */
export interface OrganisationStore {
  addOrganisation(organisation: Organisation, recorded: Recorded): Promise<void>;
  addProject(project: Project, recorded: Recorded): Promise<void>;
  addPrincipal(principal: Principal, recorded: Recorded): Promise<void>;
  addGrant(grant: Grant, grantedBy: string | null, recorded: Recorded): Promise<void>;
}
