/** Why a signed statement is in its state. */
export const STATEMENT_MESSAGES = {
  'statement.unsigned': {
    en: 'Nobody signed this statement, so it shows nothing.',
    nl: 'Niemand heeft deze verklaring ondertekend, dus zij toont niets aan.',
  },
  'statement.unknown-key': {
    en: 'No key that this installation trusts signed this statement.',
    nl: 'Geen sleutel die deze installatie vertrouwt, heeft deze verklaring ondertekend.',
  },
  'statement.envelope-malformed': {
    en: '{where} of the envelope is not what DSSE asks for.',
    nl: '{where} van de envelop is niet wat DSSE vraagt.',
  },
  'statement.payload-type': {
    en: 'The envelope holds {type}, not an in-toto statement.',
    nl: 'De envelop bevat {type}, geen in-toto-verklaring.',
  },
  'statement.payload-not-json': {
    en: 'What was signed is not JSON.',
    nl: 'Wat ondertekend is, is geen JSON.',
  },
  'statement.bundle-without-statement': {
    en: 'The bundle holds no statement, only a signature.',
    nl: 'De bundel bevat geen verklaring, alleen een handtekening.',
  },
  'statement.type-not-supported': {
    en: '"{type}" is not a type of statement that is read.',
    nl: '"{type}" is geen soort verklaring die wordt gelezen.',
  },
  'statement.malformed': {
    en: '{where} is missing or not what in-toto asks for (digests in lower-case hex).',
    nl: '{where} ontbreekt of is niet wat in-toto vraagt (digests in hexadecimale kleine letters).',
  },
  'statement.too-many-subjects': {
    en: '{count} subjects, more than {limit}.',
    nl: '{count} onderwerpen, meer dan {limit}.',
  },
} as const;
