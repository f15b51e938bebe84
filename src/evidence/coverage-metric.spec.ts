import { normaliseEvidence } from '../formats/normalise.js';
import { encodeDocument } from '../formats/model/document.js';
import type { JsonValue } from '../kernel/canonical-json.js';
import { coverageMetric } from './coverage-metric.js';

const stored = (report: string): JsonValue =>
  JSON.parse(Buffer.from(encodeDocument(normaliseEvidence(Buffer.from(report)))).toString()) as JsonValue;

it('is called coverage.statements and says what a statement is', () => {
  expect(coverageMetric(stored('SF:a.c\nDA:1,1\nDA:2,0\nLF:9\nLH:9\nend_of_record\n'))).toEqual({
    ...{ name: 'coverage.statements', covered: 1, total: 2, basis: 'LINE' },
    ...{ declaredCovered: 9, declaredTotal: 9, files: 1 },
  });
  expect(coverageMetric(stored('mode: set\na.go:1.1,2.2 3 1\n'))).toMatchObject({
    ...{ basis: 'BLOCK_STATEMENT', covered: 3, total: 3, declaredTotal: null },
  });
});

it('is there for nothing but coverage', () => {
  expect(coverageMetric(stored("<testsuite name='s'><testcase name='x'/></testsuite>"))).toBeNull();
  expect(coverageMetric(null)).toBeNull();
});
