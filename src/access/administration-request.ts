import { ACCESS_ROLES } from '../kernel/actor.js';
import type { AdministrationProblem } from './administration-problem.js';

type InvalidInput = Extract<AdministrationProblem, { kind: 'InvalidInput' }>;

const invalid = (path: string, expected: string): InvalidInput => ({ kind: 'InvalidInput', path, expected });

const PROSE_LENGTH = 4_000;
const NAME_LENGTH = 200;
/** RFC 7519 §4.1.1 and OIDC core §2: an issuer is a URI; a subject at most 255 ASCII characters. */
const ISSUER_LENGTH = 500;
const SUBJECT = /^[\x21-\x7e]{1,255}$/;
const POLICY_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_POLICIES = 20;
/** A thousand a second for each of a thousand replicas: more is a mistake. */
const MAX_RATE = 60_000_000;

export const proseFault = (reason: string): InvalidInput | undefined =>
  reason.trim() === '' || reason.length > PROSE_LENGTH
    ? invalid('input.reason', `text of 1 to ${String(PROSE_LENGTH)} characters`)
    : undefined;

export function faultOfPrincipal({
  login: { issuer, subject },
  displayName,
}: {
  readonly login: { readonly issuer: string; readonly subject: string };
  readonly displayName: string;
}): InvalidInput | undefined {
  if (issuer.length > ISSUER_LENGTH || !URL.canParse(issuer))
    return invalid(
      'input.issuer',
      `the iss of their tokens: a URI of at most ${String(ISSUER_LENGTH)} characters`,
    );
  if (!SUBJECT.test(subject))
    return invalid(
      'input.subject',
      'the sub of their tokens: 1 to 255 printable ASCII characters, no spaces',
    );
  if (displayName.trim() === '' || displayName.length > NAME_LENGTH)
    return invalid('input.displayName', `a name of 1 to ${String(NAME_LENGTH)} characters`);
  return undefined;
}

export function faultOfGrant({
  role,
  requestsPerMinute,
  unrecordedPolicies = [],
}: {
  readonly role: string;
  readonly requestsPerMinute?: number;
  readonly unrecordedPolicies?: readonly string[];
}): InvalidInput | undefined {
  if (!(ACCESS_ROLES as readonly string[]).includes(role))
    return invalid('input.role', `one of ${ACCESS_ROLES.join(', ')}`);
  if (requestsPerMinute !== undefined && (requestsPerMinute < 1 || requestsPerMinute > MAX_RATE))
    return invalid('input.requestsPerMinute', `a whole number from 1 to ${String(MAX_RATE)}`);
  if (unrecordedPolicies.length > MAX_POLICIES || !unrecordedPolicies.every((id) => POLICY_ID.test(id)))
    return invalid('input.unrecordedPolicies', `at most ${String(MAX_POLICIES)} ids of policies`);
  return undefined;
}
