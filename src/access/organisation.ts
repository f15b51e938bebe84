import type { Locale } from '../kernel/message.js';
import type { AccessRole } from '../kernel/actor.js';

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
}
