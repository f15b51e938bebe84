import type { JsonObject } from './canonical-json.js';
import type { Digest } from './digest.js';
import { render, type Catalogue, type Locale } from './message.js';

/**
 * What would have to be otherwise for the access policy to say yes, as far as somebody could see to it. Every part
 * that says something is needed, of a list one. Roles count that are held in the place, or everywhere.
 */
export interface Needed {
  readonly permission: string | null;
  /** Access roles; with a permission those that have it. */
  readonly roles: readonly string[];
  readonly processRoles: readonly string[];
  /** Kind of principal. */
  readonly kind: 'person' | null;
  /** Somebody else, however many roles the asking one has. */
  readonly anotherPerson: boolean;
  readonly place: 'organisation' | 'project';
}

/** The rule of the access policy in force that said no, and what it says of that in each of its languages. */
export interface RefusingRule {
  readonly policyId: string;
  readonly policyVersion: string;
  readonly policyDigest: Digest;
  readonly ruleId: string;
  readonly title: string;
  readonly entrypoint: string;
  readonly remediation: string;
  /** Templates. */
  readonly messages: { readonly en: string; readonly nl?: string | undefined };
}

/** A no of the access policy. Policies before 1.5.0 say neither rule nor what would be needed. */
export interface Refused {
  /** One of policies/access. */
  readonly reasonCode: string;
  readonly params: JsonObject;
  readonly refusedBy?: RefusingRule | undefined;
  readonly needed?: Needed | undefined;
}

/** Nothing but the refusal, of an answer that says more. */
export const refused = ({ reasonCode, params, refusedBy, needed }: Refused): Refused => ({
  ...{ reasonCode, params },
  ...(refusedBy && { refusedBy }),
  ...(needed && { needed }),
});

const LOCALES: readonly Locale[] = ['en', 'nl'];

const WORDS = {
  'refused.unsaid': {
    en: 'The access policy refuses: {code}.',
    nl: 'Het toegangsbeleid weigert: {code}.',
  },
  'refused.needed': { en: 'Needed: {needed}.', nl: 'Nodig: {needed}.' },
  'refused.permission': {
    en: 'the permission {permission}, which {roles} has',
    nl: 'de bevoegdheid {permission}, die bij {roles} hoort',
  },
  'refused.permission-of-nobody': {
    en: 'the permission {permission}, which no role has',
    nl: 'de bevoegdheid {permission}, die bij geen rol hoort',
  },
  'refused.roles': { en: 'the role {roles}', nl: 'de rol {roles}' },
  'refused.process-roles': { en: 'the process role {roles}', nl: 'de procesrol {roles}' },
  'refused.person': { en: 'a person', nl: 'een mens' },
  'refused.another-person': { en: 'another person', nl: 'een andere persoon' },
  'refused.in-project': { en: 'in the project', nl: 'in het project' },
  'refused.in-organisation': { en: 'in the whole organisation', nl: 'in de hele organisatie' },
  'refused.or': { en: ' or ', nl: ' of ' },
} as const satisfies Catalogue;

const say = (code: keyof typeof WORDS, locale: Locale, params: JsonObject = {}): string =>
  render(WORDS, code, params, locale);

/** The refusal in one language: what the rule says, and what would be needed. English where the rule has no other. */
export function refusalText(
  { reasonCode, params, refusedBy, needed }: Refused,
  locale: Locale = 'en',
): string {
  const why = refusedBy
    ? render({ [reasonCode]: refusedBy.messages }, reasonCode, params, locale)
    : say('refused.unsaid', locale, { code: reasonCode });
  const parts = needed ? partsOf(needed, locale) : [];
  return parts.length === 0 ? why : `${why} ${say('refused.needed', locale, { needed: parts.join(', ') })}`;
}

function partsOf({ permission, roles, processRoles, kind, anotherPerson, place }: Needed, locale: Locale) {
  const listed = (names: readonly string[]): string => names.join(say('refused.or', locale));
  const held = [
    ...(permission !== null && kind === null
      ? [
          roles.length > 0
            ? say('refused.permission', locale, { permission, roles: listed(roles) })
            : say('refused.permission-of-nobody', locale, { permission }),
        ]
      : []),
    ...(permission === null && roles.length > 0
      ? [say('refused.roles', locale, { roles: listed(roles) })]
      : []),
    ...(processRoles.length > 0
      ? [say('refused.process-roles', locale, { roles: listed(processRoles) })]
      : []),
  ];
  return [
    ...(held.length > 0 ? [`${held.join(', ')}, ${say(`refused.in-${place}`, locale)}`] : []),
    ...(kind === 'person' ? [say('refused.person', locale)] : []),
    ...(anotherPerson ? [say('refused.another-person', locale)] : []),
  ];
}

/** The refusal in every language that there is. */
export const refusalTexts = (no: Refused): readonly { readonly locale: Locale; readonly text: string }[] =>
  LOCALES.map((locale) => ({ locale, text: refusalText(no, locale) }));
