export const PERFORMANCE_MESSAGES = {
  'performance.no-requests': {
    en: 'The load test made no request.',
    nl: 'De belastingtest deed geen enkel verzoek.',
  },
  'performance.failures-exceed': {
    en: '{failures} failures of {requests} requests cannot be.',
    nl: '{failures} mislukte van {requests} verzoeken kan niet.',
  },
  'performance.too-many-metrics': {
    en: '{count} numbers, more than the {limit} that are read; group the names of requests.',
    nl: '{count} getallen, meer dan de {limit} die worden gelezen; groepeer de namen van verzoeken.',
  },
  'k6.malformed': { en: 'Not a summary of k6.', nl: 'Geen samenvatting van k6.' },
  'k6.no-http': {
    en: 'The test made no HTTP requests, so nobody knows how many failed.',
    nl: 'De test deed geen HTTP-verzoeken, dus niemand weet hoeveel er mislukten.',
  },
  'k6.failures-unknown': {
    en: 'The test does not say which requests failed.',
    nl: 'De test zegt niet welke verzoeken mislukten.',
  },
  'k6.no-thresholds': {
    en: 'The machine-readable summary leaves out whether thresholds were crossed.',
    nl: 'De machineleesbare samenvatting laat weg of drempels werden overschreden.',
  },
  'autocannon.malformed': { en: 'Not a result of autocannon.', nl: 'Geen resultaat van autocannon.' },
  'locust.malformed': { en: 'Row {row} cannot be read.', nl: 'Rij {row} is onleesbaar.' },
  'locust.no-aggregate': {
    en: 'The last row is missing: the file was cut.',
    nl: 'De laatste rij ontbreekt: het bestand is afgekapt.',
  },
  'locust.aggregate-differs': {
    en: 'The rows add up to {requests} requests and {failures} failures; the last says {declaredRequests} and {declaredFailures}.',
    nl: 'De rijen tellen op tot {requests} verzoeken en {failures} mislukte; de laatste zegt {declaredRequests} en {declaredFailures}.',
  },
} as const;
