import { refusalText, refusalTexts, type Needed, type Refused } from '../kernel/refusal.js';
import type { AccessRule, Message, NeededAccess, RefusalText } from './generated.js';
import { problemCode } from './present.js';

/** `NotPermitted` of the SDL: why, by which rule, and what would be needed; `message` is the English of it. */
export const showRefused = (problem: Refused): object => ({
  __typename: 'NotPermitted',
  code: problemCode('NotPermitted'),
  message: refusalText(problem),
  refusal: reasonOf(problem),
  ...refusalFacts(problem),
});

/** The same as members of whatever says that somebody may not. */
export function refusalFacts(problem: Refused): {
  texts: RefusalText[];
  rule: AccessRule | null;
  needed: NeededAccess | null;
  remedy: string | null;
} {
  const { refusedBy, needed } = problem;
  return {
    texts: refusalTexts(problem).map(({ locale, text }) => ({
      language: locale === 'nl' ? 'NL' : 'EN',
      text,
    })),
    rule: refusedBy ? ruleOf(refusedBy) : null,
    needed: needed ? neededOf(needed) : null,
    remedy: refusedBy?.remediation ?? null,
  };
}

const reasonOf = ({ reasonCode, params, refusedBy }: Refused): Message => ({
  code: reasonCode,
  params,
  text: refusalText({ reasonCode, params, refusedBy }),
});

const ruleOf = ({
  policyId,
  policyVersion,
  policyDigest,
  ruleId,
  title,
  entrypoint,
}: NonNullable<Refused['refusedBy']>): AccessRule => ({
  ...{ policyId, policyVersion, policyDigest, ruleId, title, entrypoint },
});

const neededOf = ({ roles, processRoles, kind, place, permission, anotherPerson }: Needed): NeededAccess => ({
  ...{ permission, anotherPerson, roles: [...roles], processRoles: [...processRoles] },
  ...{ person: kind === 'person', place: place === 'project' ? 'PROJECT' : 'ORGANISATION' },
});
