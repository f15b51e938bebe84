export const SOURCE_MESSAGES = {
  'patch.cut': {
    en: 'Line {line}: the patch ends within a change.',
    nl: 'Regel {line}: de patch eindigt midden in een wijziging.',
  },
  'patch.malformed-hunk': {
    en: 'Line {line}: a change that does not have the lines it announces.',
    nl: 'Regel {line}: een wijziging die niet de regels heeft die zij aankondigt.',
  },
  'patch.combined': {
    en: 'Line {line}: a combined diff of a merge does not say which lines are new; send a diff against one parent.',
    nl: 'Regel {line}: een gecombineerde diff van een merge zegt niet welke regels nieuw zijn; stuur een diff tegen één ouder.',
  },
  'patch.no-name': {
    en: 'Line {line}: the file has no name within the repository.',
    nl: 'Regel {line}: het bestand heeft geen naam binnen de repository.',
  },
  'patch.file-twice': {
    en: '{file} is changed twice; send one diff, and not a series.',
    nl: '{file} wordt tweemaal gewijzigd; stuur één diff en geen reeks.',
  },
  'patch.too-many-files': {
    en: '{count} changed files, more than the {limit} that are read.',
    nl: '{count} gewijzigde bestanden, meer dan de {limit} die worden gelezen.',
  },
  'patch.nothing-changed': { en: 'The patch changes no file.', nl: 'De patch wijzigt geen bestand.' },
  'expected-files.not-a-path': {
    en: 'Entry {index} is no path within the repository.',
    nl: 'Regel {index} is geen pad binnen de repository.',
  },
  'expected-files.none': { en: 'The list names no file.', nl: 'De lijst noemt geen bestand.' },
} as const;
