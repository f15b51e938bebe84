/** Why a list of findings is in its state. */
export const FINDINGS_MESSAGES = {
  'findings.unreadable-entries': {
    en: '{count} entries cannot be read.',
    nl: '{count} vermeldingen kunnen niet worden gelezen.',
  },
  'findings.too-many': {
    en: '{count} findings, more than the {limit} that are read; a cut report would hide some.',
    nl: '{count} bevindingen, meer dan de {limit} die worden gelezen; een ingekort rapport zou er verbergen.',
  },
  'semgrep.no-results': { en: 'No list of results.', nl: 'Geen lijst met resultaten.' },
  'semgrep.errors': {
    en: 'semgrep reports {count} errors, the first is: {first}.',
    nl: 'semgrep meldt {count} fouten, de eerste is: {first}.',
  },
  'semgrep.warnings': {
    en: 'semgrep reports {count} warnings, the first is: {first}.',
    nl: 'semgrep meldt {count} waarschuwingen, de eerste is: {first}.',
  },
  'semgrep.skipped-files': {
    en: '{count} files were left out, the first is {first} ({reason}).',
    nl: '{count} bestanden zijn overgeslagen, het eerste is {first} ({reason}).',
  },
  'semgrep.skipped-rules': { en: '{count} rules were left out.', nl: '{count} regels zijn overgeslagen.' },
  'zap.nothing-scanned': { en: 'No site was scanned.', nl: 'Er is geen site gescand.' },
  'zap.no-sites': { en: 'No list of sites.', nl: 'Geen lijst met sites.' },
  'sonar.no-issues': { en: 'No list of issues.', nl: 'Geen lijst met issues.' },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly nl: string }>>;
