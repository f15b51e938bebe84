import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  decodeDocument,
  encodeDocument,
  evidenceDocumentSchema,
} from '../../../src/formats/model/document.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { goldenTable } from './golden-tables.js';

/** Formats of the rooms coverage, tests, performance, source and acceptance criteria. */
const TABLES = ['coverage', 'tests', 'performance'] as const;
const EXAMPLES = TABLES.flatMap((name) =>
  goldenTable<object>(name).flatMap(({ format, cases }) => cases.map(({ content }) => ({ format, content }))),
);
const LOAD_TESTS = join(import.meta.dirname, '../../fixtures/load-tests/reports');
const OTHERS = [
  ...readdirSync(LOAD_TESTS).map((file) => ({
    format: file.startsWith('k6') ? 'k6' : file.startsWith('locust') ? 'locust' : 'autocannon',
    content: readFileSync(join(LOAD_TESTS, file), 'utf8'),
  })),
  {
    format: 'patch',
    content:
      'diff --git a/a.js b/b.js\nrename from a.js\nrename to b.js\n--- a/a.js\n+++ b/b.js\n@@ -1,2 +1,3 @@\n one\n+two\n three\n',
  },
  { format: 'assay.expected-files/1', content: '{"format":"assay.expected-files/1","files":["src/a.js"]}' },
  {
    format: 'assay.acceptance/1',
    content:
      '{"format":"assay.acceptance/1","criteria":[{"id":"AC-1","title":"t","tests":[{"suite":"s","name":"n"}]}]}',
  },
];
const FORMATS = [...new Set([...EXAMPLES, ...OTHERS].map(({ format }) => format))];

/** Whatever was read can be stored, is what it says, and gives a reason for everything but success. */
function expectSound(text: string, declaredFormat?: string): void {
  const bytes = Buffer.from(text.toWellFormed());
  const document = normaliseEvidence(bytes, declaredFormat === undefined ? {} : { declaredFormat });
  expect(evidenceDocumentSchema.safeParse(document).error).toBeUndefined();
  expect(decodeDocument(encodeDocument(document))).toEqual(document);
  if (document.state !== 'COMPLETE') expect(document.reasons).not.toEqual([]);
  const { coverage, tests, loadTest } = document;
  if (document.state === 'COMPLETE' && document.kinds.includes('coverage'))
    expect(coverage?.total).toBeGreaterThan(0);
  if (coverage) expect(coverage.covered).toBeLessThanOrEqual(coverage.total);
  if (loadTest) expect(loadTest.failures).toBeLessThanOrEqual(loadTest.requests);
  if (tests && document.state === 'COMPLETE')
    expect(tests.passed + tests.failed + tests.errors + tests.flaky).toBeGreaterThan(0);
}

const options = { numRuns: 400, ...(process.env['FUZZ_SEED'] && { seed: Number(process.env['FUZZ_SEED']) }) };
const declared = fc.constantFrom(...FORMATS);

describe('readers of coverage, tests, load tests and patches', () => {
  it('take any text for any of their formats', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), declared, (text, format) => {
        expectSound(text, format);
        expectSound(`<coverage>${text}</coverage>`, 'cobertura');
        expectSound(`SF:${text}\nDA:1,1\nend_of_record\n`);
      }),
      options,
    );
  });

  it('take any JSON for any of their formats', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 1e308, 2 ** 53));
    const leaf = fc.oneof(number, fc.string({ maxLength: 9 }), fc.boolean(), fc.constant(null));
    const key = fc.constantFrom(
      ...[
        'total',
        'lines',
        'statements',
        'covered',
        'files',
        'executed_lines',
        'missing_lines',
        'statementMap',
      ],
      ...['s', 'b', 'f', 'start', 'end', 'line', '0', 'metrics', 'values', 'count', 'http_reqs', '__proto__'],
      ...[
        'results',
        'requests',
        'latency',
        'errors',
        'non2xx',
        'criteria',
        'tests',
        'thresholds',
        'meta',
        'totals',
      ],
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, declared, (json, format) => {
        expectSound(JSON.stringify(json), format);
      }),
      options,
    );
  });

  it('take reports that are cut, doubled, shuffled or overwritten', () => {
    const example = fc.constantFrom(...EXAMPLES, ...OTHERS);
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\n',
        '-1',
        '0',
        '1e999',
        'null',
        '\0',
        '&x;',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(example, place, place, piece, ({ format, content }, one, other, text) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)].map((at) =>
          Math.floor(at * content.length),
        );
        expectSound(content.slice(0, from));
        expectSound(content.slice(0, from) + content.slice(to), format);
        expectSound(content.slice(0, from) + text + content.slice(to));
        expectSound(content.slice(0, to) + content.slice(from), format);
      }),
      options,
    );
  });

  it('do not call the first part of an XML or JSON report complete', () => {
    for (const { format, content } of EXAMPLES) {
      if (!['cobertura', 'jacoco', 'clover', 'junit', 'istanbul-final', 'istanbul-summary'].includes(format))
        continue;
      const whole = content.trimEnd();
      for (let at = 1; at < whole.length; at += 7)
        expect(normaliseEvidence(Buffer.from(whole.slice(0, at))).state).not.toBe('COMPLETE');
    }
  });
});
