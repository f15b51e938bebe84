/** Why what people wrote is in its state. */
export const PEOPLE_MESSAGES = {
  'people.malformed': { en: '{where}: {expected}.', nl: '{where}: {expected}.' },
  'people.item-twice': {
    en: 'Item {item} is answered twice, so nobody knows what was meant.',
    nl: 'Onderdeel {item} is twee keer beantwoord, dus niemand weet wat er bedoeld is.',
  },
  'people.nothing-attested': {
    en: 'The checklist answers no item.',
    nl: 'De checklist beantwoordt geen enkel onderdeel.',
  },
  'people.no-runs': { en: 'The file lists no run.', nl: 'Het bestand noemt geen enkele run.' },
} as const;
