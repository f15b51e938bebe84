import { goldenTable } from './golden-tables.js';
import { COVERAGE_READERS } from '../../../src/formats/coverage/readers.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';

interface Expected {
  readonly state: string;
  readonly counts?: readonly [number, number];
  readonly basis?: string;
  readonly reasons: readonly string[];
  readonly others?: Readonly<Record<string, readonly [number, number]>>;
  readonly files?: readonly string[];
}

const TABLE = goldenTable<Expected>('coverage');

it('has every coverage format, at least 12, in variants of at least 4 cases each', () => {
  const formats = [...new Set(TABLE.map(({ format }) => format))].sort();
  expect(formats).toEqual(COVERAGE_READERS.map(({ format }) => format).sort());
  expect(formats.length).toBeGreaterThanOrEqual(12);
  for (const { variant, cases } of TABLE) expect([variant, cases.length >= 4]).toEqual([variant, true]);
});

describe.each(TABLE)('$variant', ({ format, cases }) => {
  it.each(cases)('$name: $why', ({ content, expect: expected }) => {
    const document = normaliseEvidence(Buffer.from(content));
    const { coverage } = document;
    expect(document).toMatchObject({ format, kinds: ['coverage'], state: expected.state });
    expect(document.reasons.map(({ code }) => code)).toEqual(expected.reasons);
    expect(coverage && [coverage.covered, coverage.total]).toEqual(expected.counts ?? null);
    expect(coverage?.basis).toBe(expected.basis);
    for (const [measure, [covered, total]] of Object.entries(expected.others ?? {}))
      expect(coverage?.others).toContainEqual({ measure, covered, total });
    if (expected.files) expect(coverage?.files.map(({ path }) => path)).toEqual(expected.files);
  });

  it.each(cases)('$name: files and lines add up', ({ content }) => {
    const { coverage } = normaliseEvidence(Buffer.from(content));
    if (!coverage || coverage.files.length === 0) return;
    const sum = (part: 'covered' | 'total'): number =>
      coverage.files.reduce((all, file) => all + file[part], 0);
    expect([sum('covered'), sum('total')]).toEqual([coverage.covered, coverage.total]);
  });
});
