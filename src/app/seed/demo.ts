import type { AccessRole } from '../../kernel/actor.js';
import type { PrincipalKind } from '../../access/organisation.js';

/** The demo organisation: somebody for every part of the story. Made in embedded mode only. */
export const DEMO_ORGANISATION = {
  slug: 'demo',
  name: 'Demo organisation',
  timeZone: 'Europe/Amsterdam',
  locale: 'en',
} as const;

export const DEMO_PROJECT = { slug: 'shop', name: 'The flawed shop' } as const;

export interface DemoPrincipal {
  /** The `sub` claim, and the name under which the demo's token is kept. */
  readonly subject: string;
  readonly displayName: string;
  readonly kind: PrincipalKind;
  readonly roles: readonly AccessRole[];
}

const person = (subject: string, displayName: string, ...roles: AccessRole[]): DemoPrincipal => ({
  subject,
  displayName,
  kind: 'person',
  roles,
});

export const DEMO_PRINCIPALS: readonly DemoPrincipal[] = [
  { subject: 'service', displayName: 'Demo pipeline', kind: 'service', roles: ['service'] },
  person('developer', 'Dana Developer', 'developer'),
  // May approve, in general: but not what they asked for themselves.
  person('lead', 'Lou Lead', 'developer', 'approver'),
  person('officer', 'Otis Officer', 'officer'),
  person('approver', 'Ada Approver', 'approver'),
  person('second-approver', 'Sam Second', 'approver'),
  person('auditor', 'Aude Auditor', 'auditor'),
  person('admin', 'Ari Admin', 'admin'),
  person('data-protection', 'Dee Protection', 'data-protection'),
];

/** Checklists of the demo, by the packs they pin; parameters as the packs' defaults. */
export const DEMO_CHECKLISTS = [
  {
    chkId: 'CHK_ACCESS',
    packs: ['access'],
    title: { en: 'Access policy in force', nl: 'Geldend toegangsbeleid' },
  },
  {
    chkId: 'CHK_RELEASE',
    packs: ['secure-release', 'model-governance'],
    title: { en: 'Release', nl: 'Uitgave' },
  },
  {
    chkId: 'CHK_DOD',
    packs: ['definition-of-done'],
    title: { en: 'Definition of done', nl: 'Definitie van gereed' },
  },
] as const;

export const DEMO_GATES = [
  {
    gateId: 'GATE_RELEASE',
    title: 'Release',
    locus: 'RELEASE',
    chkId: 'CHK_RELEASE',
    ownerRole: 'SEC',
    maxRunMs: 60_000,
  },
  {
    gateId: 'GATE_DOD',
    title: 'Definition of done',
    locus: 'LOCAL',
    chkId: 'CHK_DOD',
    ownerRole: 'DEV',
    maxRunMs: 30_000,
  },
] as const;
