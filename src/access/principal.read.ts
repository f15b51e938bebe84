import type { AccessRole } from '../kernel/actor.js';
import type { Bearer, Organisation, Principal, Project } from './organisation.js';

/** Answers "who is this, and what has been granted?" in one query each. */
export interface PrincipalRead {
  /** The principal that a token names in an organisation, with all granted access roles, let in or not. */
  byClaims(claims: {
    issuer: string;
    subject: string;
    org: string;
  }): Promise<(Bearer & { readonly disabled: boolean }) | undefined>;
  /** Roles that were held everywhere, were revoked, and are not held now. */
  revokedRoles(orgId: string, principalId: string): Promise<readonly AccessRole[]>;
  viewer(
    orgId: string,
    principalId: string,
  ): Promise<{ principal: Principal; organisation: Organisation } | undefined>;
  projects(orgId: string): Promise<readonly Project[]>;
  /** Throws for a project that does not exist: whoever asks holds a reference to it. */
  nameOf(orgId: string, projectId: string): Promise<Pick<Project, 'slug' | 'name'>>;
  projectBySlug(orgId: string, slug: string): Promise<Project | undefined>;
  organisationBySlug(slug: string): Promise<Organisation | undefined>;
}
