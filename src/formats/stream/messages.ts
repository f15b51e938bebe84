import type { Catalogue } from '../../kernel/message.js';

export const STREAM_MESSAGES = {
  'format.too-large': {
    en: 'The file has {sizeBytes} bytes; of this format {limitBytes} are read.',
    nl: 'Het bestand telt {sizeBytes} bytes; van dit formaat worden er {limitBytes} gelezen.',
  },
  'format.member-too-large': {
    en: 'What begins at line {line}, column {column} is one entry of more than {limitBytes} bytes.',
    nl: 'Wat begint op regel {line}, kolom {column} is één regel van meer dan {limitBytes} bytes.',
  },
  'format.exhausted': {
    en: 'Reading the file took more time or memory than is allowed.',
    nl: 'Het lezen van het bestand kostte meer tijd of geheugen dan is toegestaan.',
  },
} as const satisfies Catalogue;
