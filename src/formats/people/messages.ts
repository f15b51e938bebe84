/** Why what people wrote is in its state. */
export const PEOPLE_MESSAGES = {
  'people.malformed': { en: '{where}: {expected}.', nl: '{where}: {expected}.' },
  'people.item-twice': {
    en: 'Item {item} is answered twice, so nobody knows what was meant.',
    nl: 'Onderdeel {item} is twee keer beantwoord, dus niemand weet wat er bedoeld is.',
  },
  'people.criterion-twice': {
    en: 'Criterion {criterion} stands in the file twice.',
    nl: 'Criterium {criterion} staat tweemaal in het bestand.',
  },
  'people.no-criteria': {
    en: 'The file names no acceptance criterion.',
    nl: 'Het bestand noemt geen enkel acceptatiecriterium.',
  },
  'people.nothing-attested': {
    en: 'The checklist answers no item.',
    nl: 'De checklist beantwoordt geen enkel onderdeel.',
  },
  'people.no-runs': { en: 'The file lists no run.', nl: 'Het bestand noemt geen enkele run.' },
} as const;
