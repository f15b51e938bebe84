/** Why a report on secrets is in its state. */
export const SECRETS_MESSAGES = {
  'secrets.not-a-list': { en: 'A {format} report is a list.', nl: 'Een rapport van {format} is een lijst.' },
  'trufflehog.errors-logged': {
    en: 'TruffleHog logged {count} errors: something was left out.',
    nl: 'TruffleHog logde {count} fouten: er is iets overgeslagen.',
  },
  'detect-secrets.no-results': { en: 'No results in the baseline.', nl: 'Geen resultaten in de baseline.' },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly nl: string }>>;
