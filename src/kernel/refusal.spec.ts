import { describe, expect, it } from '@jest/globals';
import { sha256 } from './digest.js';
import { refusalText, refusalTexts, refused, type Needed, type Refused } from './refusal.js';

const NOTHING: Needed = {
  ...{ permission: null, roles: [], processRoles: [], kind: null },
  ...{ anotherPerson: false, place: 'organisation' },
};
const RULE = {
  ...{ policyId: 'access', policyVersion: '1.5.0', policyDigest: sha256('access') },
  ...{
    ruleId: 'gate-run',
    title: 'Who may',
    entrypoint: 'assay/access/gate_run/decision',
    remediation: 'Ask.',
  },
  messages: { en: 'Denied: it waits for {roles}.', nl: 'Geweigerd: wacht op {roles}.' },
};
const no = (needed?: Partial<Needed>): Refused => ({
  ...{ reasonCode: 'not-its-owner', params: { roles: 'QA' }, refusedBy: RULE },
  ...(needed && { needed: { ...NOTHING, ...needed } }),
});

describe('a refusal of the access policy', () => {
  it('says in each language what its rule says, and what would be needed', () => {
    expect(refusalTexts(no({ processRoles: ['PM', 'QA'], place: 'project' }))).toEqual([
      { locale: 'en', text: 'Denied: it waits for QA. Needed: the process role PM or QA, in the project.' },
      { locale: 'nl', text: 'Geweigerd: wacht op QA. Nodig: de procesrol PM of QA, in het project.' },
    ]);
  });

  it.each<[Partial<Needed>, string]>([
    [
      { permission: 'a.b', roles: ['x', 'y'] },
      'Needed: the permission a.b, which x or y has, in the whole organisation.',
    ],
    [{ permission: 'a.b' }, 'Needed: the permission a.b, which no role has, in the whole organisation.'],
    [{ permission: 'a.b', kind: 'person' }, 'Needed: a person.'],
    [{ anotherPerson: true }, 'Needed: another person.'],
    [
      { roles: ['x'], processRoles: ['SEC'] },
      'Needed: the role x, the process role SEC, in the whole organisation.',
    ],
  ])('of %j', (needed, text) => {
    expect(refusalText(no(needed))).toBe(`Denied: it waits for QA. ${text}`);
  });

  it('of which nothing could be had otherwise says only why', () => {
    expect(refusalText(no({}))).toBe('Denied: it waits for QA.');
    expect(refusalText(no())).toBe('Denied: it waits for QA.');
  });

  it('of a policy that says no more, or that could not be asked, is its code', () => {
    expect(refusalText({ reasonCode: 'access-policy-failed', params: {} })).toBe(
      'The access policy refuses: access-policy-failed.',
    );
    expect(refusalText({ ...no(), refusedBy: { ...RULE, messages: { en: 'No.' } } }, 'nl')).toBe('No.');
  });

  it('is taken out of an answer without what else that says', () => {
    const answer = { ...no({}), allowed: false, requiredApprovals: 2 };
    expect(refused(answer)).toEqual(no({}));
    expect(refused({ reasonCode: 'x', params: {} })).toEqual({ reasonCode: 'x', params: {} });
  });
});
