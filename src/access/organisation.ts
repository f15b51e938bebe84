import type { JsonObject } from '../kernel/canonical-json.js';
import type { Locale } from '../kernel/message.js';
import type { AccessRole, Actor } from '../kernel/actor.js';

export interface Organisation {
  readonly orgId: string;
  /** Stable short name: the `org` claim of tokens. */
  readonly slug: string;
  readonly name: string;
  /** IANA zone; days of waivers and reports are counted in it. */
  readonly timeZone: string;
  readonly locale: Locale;
}

export interface Project {
  readonly projectId: string;
  readonly orgId: string;
  readonly slug: string;
  readonly name: string;
}

export type PrincipalKind = 'person' | 'service' | 'agent';

/** Who can be authenticated: `issuer` and `subject` are the `iss` and `sub` of their tokens. */
export interface Principal {
  readonly principalId: string;
  readonly orgId: string;
  readonly kind: PrincipalKind;
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string;
}

export interface Grant {
  readonly grantId: string;
  readonly orgId: string;
  readonly principalId: string;
  readonly role: AccessRole;
  /** Undefined: everywhere in the organisation. */
  readonly projectId?: string;
  /** Of a service or an agent: how often it may ask, whatever its class may. */
  readonly requestsPerMinute?: number;
  /** Policies whose answers to the holder's questions are not recorded: sorted, and not empty. */
  readonly unrecordedPolicies?: readonly string[];
}

/** Roles that hold in one project only, beside those that hold everywhere. */
export interface ProjectRoles {
  readonly projectId: string;
  readonly roles: readonly AccessRole[];
}

/** Who bears a token: an actor, and what of their grants matters before anything is asked. */
export interface Bearer extends Actor {
  readonly projectRoles: readonly ProjectRoles[];
  /** The highest that a grant of theirs says; null where none does. */
  readonly requestsPerMinute: number | null;
  /** Policies of which a grant of theirs says that answers to their questions are not recorded. */
  readonly unrecordedPolicies: readonly string[];
}

/** How a principal is recognised: what their tokens say. */
export const loginOf = ({ issuer, subject }: Pick<Principal, 'issuer' | 'subject'>): string =>
  `${issuer} ${subject}`;

/** What an entry about a grant says of it, beside whom it was given to. */
export const grantDetails = ({
  role,
  grantId,
  projectId,
  requestsPerMinute,
  unrecordedPolicies,
}: Grant): JsonObject => ({
  role,
  grantId,
  ...(projectId !== undefined && { projectId }),
  ...(requestsPerMinute !== undefined && { requestsPerMinute }),
  ...(unrecordedPolicies && { unrecordedPolicies: [...unrecordedPolicies] }),
});
