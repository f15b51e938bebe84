import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows } from '../../../src/formats/performance/csv.js';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { goldenTable } from './golden-tables.js';

interface Expected {
  readonly state: string;
  readonly counts?: readonly [number, number];
  readonly reasons: readonly string[];
  /** By name and statistic, as a checklist names them. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, boolean>>;
}

const numbers = ({ loadTest }: EvidenceDocument): Record<string, number> =>
  Object.fromEntries(
    (loadTest?.metrics ?? []).map(({ name, statistic, value }) => [`${name} ${statistic}`, value]),
  );

describe.each(goldenTable<Expected>('performance'))('$variant', ({ format, cases }) => {
  it.each(cases)('$name: $why', ({ content, expect: expected }) => {
    const document = normaliseEvidence(Buffer.from(content));
    const { loadTest } = document;
    expect(document).toMatchObject({ format, kinds: ['performance'], state: expected.state });
    expect(document.reasons.map(({ code }) => code)).toEqual(expected.reasons);
    expect(loadTest && [loadTest.requests, loadTest.failures]).toEqual(expected.counts ?? null);
    expect(numbers(document)).toMatchObject(expected.metrics ?? {});
    if (expected.thresholds)
      expect(
        Object.fromEntries((loadTest?.thresholds ?? []).map(({ name, passed }) => [name, passed])),
      ).toEqual(expected.thresholds);
  });
});

/** Made by the tools themselves on a server of ours: test/fixtures/load-tests/make-reports.sh. */
describe('what real load generators wrote about our own server', () => {
  const read = (file: string): EvidenceDocument =>
    normaliseEvidence(readFileSync(join(import.meta.dirname, '../../fixtures/load-tests/reports', file)));

  it.each([
    ['k6-summary.json', 'k6', 'COMPLETE', [100, 2], 79.767123],
    ['k6-export.json', 'k6', 'COMPLETE', [100, 2], null],
    ['k6-machine.json', 'k6', 'INCOMPLETE', [100, 2], 226.455026],
    ['autocannon.json', 'autocannon', 'COMPLETE', [400, 8], 1040],
    ['locust_stats.csv', 'locust', 'COMPLETE', [1587, 7], null],
  ])('%s is %s, %s: %j requests and failures', (file, ...expected) => {
    const [format, state, counts, durationMs] = expected;
    const document = read(file);
    expect(document).toMatchObject({ format, state });
    expect([document.loadTest?.requests, document.loadTest?.failures]).toEqual(counts);
    expect(document.loadTest?.durationMs).toBe(durationMs);
  });

  it('tells a crossed threshold from a kept one in both forms that have them', () => {
    const judged = [
      { name: 'http_req_failed: rate<0.001', passed: false },
      { name: 'http_req_duration: p(95)<500', passed: true },
    ];
    for (const file of ['k6-summary.json', 'k6-export.json'])
      expect(read(file).loadTest?.thresholds).toEqual(judged);
  });

  it('gives statistics one name, whatever the tool', () => {
    expect(numbers(read('k6-summary.json'))['http_req_duration p95']).toBe(4.837493849999999);
    expect(numbers(read('k6-export.json'))['http_req_duration p95']).toBe(4.837493849999999);
    expect(numbers(read('k6-machine.json'))['http_req_duration p95']).toBe(26.462007049999993);
    expect(numbers(read('autocannon.json'))).toMatchObject({ 'latency p97.5': 28, 'latency p99': 36 });
    expect(numbers(read('locust_stats.csv'))).toMatchObject({
      'Aggregated p95': 64,
      'GET /pay p99': 93,
      'Aggregated avg': 25.60504417400092,
    });
  });
});

describe('comma-separated values', () => {
  it.each([
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a,\n', [['a', '']]],
    ['"a\nb","c""d"\n', [['a\nb', 'c"d']]],
    ['"a', undefined],
    ['"a"b', undefined],
    ['', []],
  ])('%j', (text, rows) => {
    expect(csvRows(text)).toEqual(rows);
  });

  it('reads millions of characters in quotes, closed or not', () => {
    const long = 'x""'.repeat(1_000_000);
    expect(csvRows(`"${long}",b`)?.[0]?.[0]).toHaveLength(2_000_000);
    expect(csvRows(`"${long}`)).toBeUndefined();
  });
});
