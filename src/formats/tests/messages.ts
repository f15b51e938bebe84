export const TESTS_MESSAGES = {
  'junit.not-a-report': {
    en: 'The root is {root}, which is no test report.',
    nl: 'De wortel is {root}; dat is geen testrapport.',
  },
  'junit.no-tests': {
    en: 'The report holds no test: nothing ran.',
    nl: 'Het rapport bevat geen test: er draaide niets.',
  },
  'junit.all-skipped': {
    en: 'All {skipped} tests were skipped: nothing ran.',
    nl: 'Alle {skipped} tests werden overgeslagen: er draaide niets.',
  },
  'junit.suite-error': {
    en: '{count} suites broke before their tests ran.',
    nl: '{count} suites braken af voordat hun tests draaiden.',
  },
  'junit.declared-differs': {
    en: 'The report holds {tests} tests, {bad} of them bad; it says {declaredTests} and {declaredBad}.',
    nl: 'Het rapport bevat {tests} tests, waarvan {bad} slecht; het zegt {declaredTests} en {declaredBad}.',
  },
  'junit.too-many-cases': {
    en: '{count} tests that did not pass, more than the {limit} that are listed.',
    nl: '{count} tests die niet slaagden, meer dan de {limit} die worden opgesomd.',
  },
} as const;
