import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';

const read = (file: string): EvidenceDocument =>
  normaliseEvidence(readFileSync(join(import.meta.dirname, '../../fixtures/coverage-js/reports', file)));

/** The README there counts them by hand. */
describe('what nyc and c8 wrote about one program of ours', () => {
  it.each([
    ['nyc/coverage-summary.json', 'istanbul-summary', 'statement', 5, 7],
    ['nyc/coverage-final.json', 'istanbul-final', 'statement', 5, 7],
    ['nyc/clover.xml', 'clover', 'line', 4, 5],
    ['nyc/cobertura-coverage.xml', 'cobertura', 'line', 4, 5],
    ['nyc/lcov.info', 'lcov', 'line', 4, 5],
    ['c8/coverage-summary.json', 'istanbul-summary', 'line', 9, 12],
    ['c8/coverage-final.json', 'istanbul-final', 'line', 9, 12],
    ['c8/clover.xml', 'clover', 'line', 9, 12],
    ['c8/cobertura-coverage.xml', 'cobertura', 'line', 9, 12],
    ['c8/lcov.info', 'lcov', 'line', 9, 12],
  ])('%s is %s and counts by %s', (file, ...expected) => {
    const [format, basis, covered, total] = expected;
    const document = read(file);
    expect(document).toMatchObject({ format, state: 'COMPLETE', reasons: [] });
    expect(document.coverage).toMatchObject({ basis, covered, total });
    expect(document.coverage?.files.map(({ path }) => path)).toEqual(['till.cjs']);
  });

  it('has the same lines in every format that has lines', () => {
    const lines = (file: string): unknown => read(file).coverage?.files[0]?.lines;
    const nyc = { covered: [[1, 1], [4, 5], [12, 12]], uncovered: [[9, 9]] }; // prettier-ignore
    const c8 = { covered: [[1, 7], [11, 12]], uncovered: [[8, 10]] }; // prettier-ignore
    for (const file of ['coverage-final.json', 'clover.xml', 'cobertura-coverage.xml', 'lcov.info'])
      expect([lines(`nyc/${file}`), lines(`c8/${file}`)]).toEqual([nyc, c8]);
  });
});
