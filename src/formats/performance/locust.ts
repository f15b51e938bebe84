import type { EvidenceDocument } from '../model/document.js';
import type { Metric } from '../model/performance.js';
import { named } from '../read/text.js';
import { csvRows } from './csv.js';
import { loadTestDocument, metric, performanceFailure } from './load-test.js';

const FORMAT = 'locust';

/** Columns by their heading, with the statistic each becomes; percentile columns are headed `95%`. */
const STATISTICS: Readonly<Record<string, string>> = {
  'Average Response Time': 'avg',
  'Min Response Time': 'min',
  'Max Response Time': 'max',
};

interface Row {
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly metrics: readonly Metric[];
}

/**
 * Reads `*_stats.csv` of Locust: a row per request name, and a last one called Aggregated. Counted are the rows; the
 * aggregate is written last, so a file without it was cut, and one whose rows do not add up to it is not whole.
 */
export function normaliseLocust(text: string): EvidenceDocument {
  const [heading = [], ...lines] = csvRows(text) ?? [];
  const rows = lines.map((line) => rowOf(heading, line));
  const whole = rows.filter((row) => row !== undefined);
  if (heading.length < 4 || whole.length !== rows.length)
    return performanceFailure(FORMAT, {
      code: 'locust.malformed',
      params: { row: rows.findIndex((row) => row === undefined) + 2 },
    });
  const aggregate = whole.at(-1)?.name === 'Aggregated' ? whole.at(-1) : undefined;
  const parts = aggregate ? whole.slice(0, -1) : whole;
  const requests = parts.reduce((sum, row) => sum + row.requests, 0);
  const failures = parts.reduce((sum, row) => sum + row.failures, 0);
  const adds = aggregate?.requests === requests && aggregate.failures === failures;
  return loadTestDocument({
    format: FORMAT,
    tool: { name: 'locust', version: null, versionFrom: 'file' },
    requests,
    failures,
    durationMs: null,
    metrics: whole.flatMap((row) => row.metrics),
    thresholds: [],
    ...(!adds && {
      doubt: {
        code: aggregate ? 'locust.aggregate-differs' : 'locust.no-aggregate',
        params: aggregate ? { requests, failures, ...saidBy(aggregate) } : {},
      },
    }),
  });
}

const saidBy = ({ requests, failures }: Row): Readonly<Record<string, number>> => ({
  declaredRequests: requests,
  declaredFailures: failures,
});

function rowOf(heading: readonly string[], fields: readonly string[]): Row | undefined {
  if (fields.length !== heading.length) return undefined;
  const of = (column: string): string => fields[heading.indexOf(column)] ?? '';
  const [requests, failures] = [of('Request Count'), of('Failure Count')].map((count) =>
    /^\d{1,15}$/.test(count) ? Number(count) : undefined,
  );
  if (requests === undefined || failures === undefined) return undefined;
  const type = of('Type') === '' ? [] : [of('Type')];
  const name = named([...type, of('Name')].join(' '));
  return {
    name,
    requests,
    failures,
    metrics: [
      ...responseTimes(heading, fields, name),
      ...metric(name, '1/s', 'rate', numberIn(of('Requests/s'))),
    ],
  };
}

/** Locust writes N/A where a row has no requests. */
const responseTimes = (heading: readonly string[], fields: readonly string[], name: string): Metric[] =>
  heading.flatMap((column, at) => {
    const percentile = /^(\d{1,2}(?:\.\d{1,6})?)%$/.exec(column)?.[1]; // 100% is the maximum again
    const statistic = percentile === undefined ? STATISTICS[column] : `p${percentile}`;
    return statistic === undefined ? [] : metric(name, 'ms', statistic, numberIn(fields[at] ?? ''));
  });

const numberIn = (text: string): number | null =>
  /^\d{1,15}(?:\.\d{1,20})?$/.test(text) ? Number(text) : null;
