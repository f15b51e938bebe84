export const XML_MESSAGES = {
  'xml.malformed': {
    en: 'Not XML at line {line}, column {column}: {detail}.',
    nl: 'Geen XML op regel {line}, kolom {column}: {detail}.',
  },
} as const;
