/** Why a bill of materials is in its state. */
export const SBOM_MESSAGES = {
  'cyclonedx.vulnerabilities-unreadable': {
    en: '{count} vulnerabilities of the list cannot be read.',
    nl: '{count} kwetsbaarheden van de lijst zijn niet te lezen.',
  },
  'license-checker.not-packages': {
    en: 'Not a list of packages with their licences.',
    nl: 'Geen lijst van pakketten met hun licenties.',
  },
  'license-checker.nothing-listed': {
    en: 'No installed package is listed, so nothing was measured.',
    nl: 'Er staat geen geïnstalleerd pakket in, dus er is niets gemeten.',
  },
  'license-checker.too-many-packages': {
    en: '{count} packages, more than {limit}; a cut list would hide components.',
    nl: '{count} pakketten, meer dan {limit}; een ingekorte lijst zou componenten verbergen.',
  },
  'spdx.not-a-document': { en: 'Not an SPDX document.', nl: 'Geen SPDX-document.' },
  'spdx.not-a-list': { en: '{where} is not a list.', nl: '{where} is geen lijst.' },
  'spdx.version-not-supported': {
    en: 'SPDX version {version} is not read; 2.2 and 2.3 are.',
    nl: 'SPDX-versie {version} wordt niet gelezen; 2.2 en 2.3 wel.',
  },
  'spdx.nothing-listed': {
    en: 'The document lists no package, so nothing was measured.',
    nl: 'Het document noemt geen enkel pakket, dus er is niets gemeten.',
  },
  'spdx.too-many-packages': {
    en: '{count} packages, more than {limit}; a cut list would hide components.',
    nl: '{count} pakketten, meer dan {limit}; een ingekorte lijst zou componenten verbergen.',
  },
  'spdx.malformed-line': {
    en: 'Line {line} is not a tag with its value.',
    nl: 'Regel {line} is geen tag met een waarde.',
  },
  'spdx.text-not-closed': {
    en: 'The text that begins on line {line} never ends.',
    nl: 'De tekst die op regel {line} begint, eindigt nergens.',
  },
} as const;
