import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { AdministeredGrant, AdministeredPrincipal, Remaining } from './administration.store.js';
import type { PrincipalKind } from './organisation.js';

/** What is listed, and what the access policy is asked with about it. */
export type Listed<T> = T & { readonly remaining: Remaining };
export type ListedPrincipal = Listed<AdministeredPrincipal>;
/** `holder` is the principal; null when they were erased. */
export type ListedGrant = Listed<AdministeredGrant> & {
  readonly holder: Pick<AdministeredPrincipal, 'principalId' | 'kind' | 'roles'> | null;
};

export interface PrincipalFilter {
  readonly kind?: PrincipalKind;
  readonly disabled?: boolean;
}
export interface GrantFilter {
  readonly principalId?: string;
  readonly role?: string;
  readonly project?: string;
  readonly inForce: boolean;
}

/** Lists for whoever administers access: one query each, whatever the page's size. */
export interface AdministrationRead {
  /** By id. */
  principals(
    orgId: string,
    filter: PrincipalFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedPrincipal>, InvalidCursor>>;
  /** Newest first. */
  grants(
    orgId: string,
    filter: GrantFilter,
    page: PageRequest,
  ): Promise<Result<Page<ListedGrant>, InvalidCursor>>;
  principal(orgId: string, principalId: string): Promise<ListedPrincipal | undefined>;
  grant(orgId: string, grantId: string): Promise<ListedGrant | undefined>;
}
