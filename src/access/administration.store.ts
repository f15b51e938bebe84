import type { AccessRole } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { Grant, Principal } from './organisation.js';
import type { Recorded } from './organisation.store.js';

/** A principal as whoever administers access sees it. Erased ones are not found. */
export interface AdministeredPrincipal extends Principal {
  readonly addedAt: Instant;
  readonly disabled: boolean;
  /** How often the standing was changed; what `expectedVersion` names. */
  readonly version: number;
  readonly changedAt: Instant | null;
  readonly changedBy: string | null;
  /** Held everywhere by grants in force. */
  readonly roles: readonly AccessRole[];
}

export interface AdministeredGrant extends Grant {
  /** Slug of the project, where it is of one. */
  readonly project: string | null;
  readonly grantedAt: Instant;
  /** Null: the installation itself. */
  readonly grantedBy: string | null;
  readonly revokedAt: Instant | null;
  readonly revokedBy: string | null;
}

/** By role, how many other persons who are let in hold it everywhere. */
export type Remaining = Readonly<Record<string, number>>;

/** Changes who may do what. Nothing is updated: what ends, ends by a row of its own. */
export interface AdministrationStore {
  /** One administrative step of an organisation at a time, until the transaction ends. */
  lock(orgId: string): Promise<void>;
  principal(orgId: string, principalId: string): Promise<AdministeredPrincipal | undefined>;
  principalByLogin(
    orgId: string,
    login: Pick<Principal, 'issuer' | 'subject'>,
  ): Promise<AdministeredPrincipal | undefined>;
  grant(orgId: string, grantId: string): Promise<AdministeredGrant | undefined>;
  /** The grant in force of the same role in the same place. */
  sameGrant(grant: Omit<Grant, 'grantId'>): Promise<AdministeredGrant | undefined>;
  projectId(orgId: string, slug: string): Promise<string | undefined>;
  /** Without the principal; where a role is given, without the principal as its holder only. */
  remaining(orgId: string, without: { principalId: string; role?: AccessRole }): Promise<Remaining>;
  /** What an earlier command under this key did, if it did. */
  revocationBy(orgId: string, key: IdempotencyKey): Promise<string | undefined>;
  standingBy(
    orgId: string,
    key: IdempotencyKey,
  ): Promise<{ readonly principalId: string; readonly disabled: boolean } | undefined>;
  addRevocation(grant: Grant, revokedBy: string, recorded: Recorded): Promise<void>;
  addStanding(
    principal: Principal,
    change: { readonly ordinal: number; readonly disabled: boolean; readonly by: string },
    recorded: Recorded,
  ): Promise<void>;
}
