export const COVERAGE_MESSAGES = {
  'coverage.nothing-measured': { en: 'Nothing was measured: 0 of 0.', nl: 'Er is niets gemeten: 0 van 0.' },
  'coverage.declared-differs': {
    en: 'The files add up to {covered} of {total}; the report says {declaredCovered} of {declaredTotal}.',
    nl: 'De bestanden tellen op tot {covered} van {total}; het rapport zegt {declaredCovered} van {declaredTotal}.',
  },
  'coverage.totals-only': {
    en: 'The report lists no files; its own totals are all there is.',
    nl: 'Het rapport noemt geen bestanden; alleen zijn eigen totalen zijn bekend.',
  },
  'coverage.too-many-files': {
    en: '{count} files, more than the {limit} that are read.',
    nl: '{count} bestanden, meer dan de {limit} die worden gelezen.',
  },
  'coverage.too-large': {
    en: 'The counts add up to more than can be counted exactly.',
    nl: 'De aantallen tellen op tot meer dan exact kan worden geteld.',
  },
  'coverage.file-twice': {
    en: '{file} stands in the report twice, and its two counts cannot be merged.',
    nl: '{file} staat tweemaal in het rapport, en de twee aantallen zijn niet samen te voegen.',
  },
  'coverage.py.no-files': { en: 'The report lists no files.', nl: 'Het rapport noemt geen bestanden.' },
  'coverage.py.malformed-file': {
    en: '{file} has no readable line numbers.',
    nl: '{file} heeft geen leesbare regelnummers.',
  },
  'go-coverprofile.no-mode': {
    en: 'Line {line}: a coverprofile begins with its mode (set, count or atomic).',
    nl: 'Regel {line}: een coverprofile begint met zijn modus (set, count of atomic).',
  },
  'go-coverprofile.mode-conflict': {
    en: 'Line {line}: mode {second} after mode {first}; these parts do not belong together.',
    nl: 'Regel {line}: modus {second} na modus {first}; deze delen horen niet bij elkaar.',
  },
  'go-coverprofile.malformed-line': {
    en: 'Line {line}, column {column}: not a block.',
    nl: 'Regel {line}, kolom {column}: geen blok.',
  },
  'go-coverprofile.statements-conflict': {
    en: 'Line {line}: block {block} has {first} statements and {second}.',
    nl: 'Regel {line}: blok {block} heeft {first} statements en {second}.',
  },
  'istanbul.malformed-entry': {
    en: 'The entry of {entry} is incomplete or its counts cannot be.',
    nl: 'De gegevens van {entry} zijn onvolledig, of de aantallen kunnen niet kloppen.',
  },
  'istanbul.no-total': { en: 'The summary has no total.', nl: 'De samenvatting heeft geen totaal.' },
  'istanbul.bases-mixed': {
    en: 'Some files count statements and others lines (two tools, merged); there is no one number.',
    nl: 'Sommige bestanden tellen statements en andere regels (twee tools, samengevoegd); er is niet één getal.',
  },
  'lcov.malformed-line': { en: 'Line {line} cannot be read.', nl: 'Regel {line} is onleesbaar.' },
  'lcov.line-outside-record': {
    en: 'Line {line} belongs to no source file.',
    nl: 'Regel {line} hoort bij geen bronbestand.',
  },
  'lcov.record-not-closed': {
    en: 'Line {line}: a record is not ended; the file was cut.',
    nl: 'Regel {line}: een record is niet afgesloten; het bestand is afgekapt.',
  },
  'gcov.malformed-file': {
    en: '{file} has lines or branches that cannot be read.',
    nl: '{file} heeft regels of vertakkingen die onleesbaar zijn.',
  },
  'llvm-cov.malformed-file': {
    en: '{file} has neither readable segments nor a summary, or both in turn.',
    nl: '{file} heeft geen leesbare segmenten en geen samenvatting, of het een naast het ander.',
  },
  'simplecov.malformed-file': {
    en: '{file} has no readable lines, or results of different lengths.',
    nl: '{file} heeft geen leesbare regels, of resultaten van verschillende lengte.',
  },
  'opencover.malformed': {
    en: 'Line {line}: {what} cannot be read.',
    nl: 'Regel {line}: {what} is onleesbaar.',
  },
  'opencover.bases-mixed': {
    en: '{exact} points are statements and {plain} are lines (two tools, merged); there is no one number.',
    nl: '{exact} punten zijn statements en {plain} zijn regels (twee tools, samengevoegd); er is niet één getal.',
  },
  'sonar-coverage.malformed': {
    en: 'Line {line}: {what} cannot be read.',
    nl: 'Regel {line}: {what} is onleesbaar.',
  },
  'cobertura.malformed': {
    en: 'Line {line}: {what} cannot be read.',
    nl: 'Regel {line}: {what} is onleesbaar.',
  },
  'jacoco.malformed': {
    en: 'Line {line}: {what} cannot be read.',
    nl: 'Regel {line}: {what} is onleesbaar.',
  },
  'clover.malformed': {
    en: 'Line {line}: {what} cannot be read.',
    nl: 'Regel {line}: {what} is onleesbaar.',
  },
  'clover.basis-unknown': {
    en: 'The file does not show which tool wrote it, so its {covered} of {total} may be statements or lines.',
    nl: 'Het bestand laat niet zien welke tool het schreef; {covered} van {total} kunnen statements of regels zijn.',
  },
} as const;
