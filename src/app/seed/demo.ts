import type { AccessRole } from '../../kernel/actor.js';
import type { Setup, SetupPrincipal } from '../setup/setup.js';

const person = (subject: string, displayName: string, ...roles: AccessRole[]): SetupPrincipal => ({
  subject,
  displayName,
  kind: 'person',
  roles,
});
const withDefaults = (pack: string) => ({ pack, parameters: {} });

/** The demo organisation: somebody for every part of the story. The subject is also the name of their token. */
export const DEMO_SETUP: Setup = {
  organisation: {
    slug: 'demo',
    name: 'Demo organisation',
    timeZone: 'Europe/Amsterdam',
    locale: 'en',
  },
  projects: [{ slug: 'shop', name: 'The flawed shop' }],
  principals: [
    { subject: 'service', displayName: 'Demo pipeline', kind: 'service', roles: ['service'] },
    person('developer', 'Dana Developer', 'developer'),
    // May approve, in general: but not what they asked for themselves.
    person('lead', 'Lou Lead', 'developer', 'approver'),
    person('officer', 'Otis Officer', 'officer'),
    // Somebody else publishes what an officer wrote.
    person('second-officer', 'Olga Officer', 'officer'),
    person('approver', 'Ada Approver', 'approver'),
    person('second-approver', 'Sam Second', 'approver'),
    person('auditor', 'Aude Auditor', 'auditor'),
    person('admin', 'Ari Admin', 'admin'),
    person('data-protection', 'Dee Protection', 'data-protection'),
  ],
  checklists: [
    {
      chkId: 'CHK_ACCESS',
      title: { en: 'Access policy in force', nl: 'Geldend toegangsbeleid' },
      packs: [withDefaults('access')],
    },
    {
      chkId: 'CHK_PROCESS',
      title: { en: 'Process policy in force', nl: 'Geldend procesbeleid' },
      packs: [withDefaults('process')],
    },
    {
      chkId: 'CHK_RELEASE',
      title: { en: 'Release', nl: 'Uitgave' },
      packs: [withDefaults('secure-release'), withDefaults('model-governance')],
    },
    {
      chkId: 'CHK_DOD',
      title: { en: 'Definition of done', nl: 'Definitie van gereed' },
      packs: [withDefaults('definition-of-done')],
    },
  ],
  templates: ['TMP_STORY'],
  gates: [
    {
      gateId: 'GATE_RELEASE',
      title: 'Release',
      locus: 'RELEASE',
      project: 'shop',
      chkId: 'CHK_RELEASE',
      ownerRole: 'SEC',
      maxRunMs: 60_000,
    },
    {
      gateId: 'GATE_DOD',
      title: 'Definition of done',
      locus: 'LOCAL',
      project: 'shop',
      chkId: 'CHK_DOD',
      ownerRole: 'DEV',
      maxRunMs: 30_000,
    },
  ],
};
