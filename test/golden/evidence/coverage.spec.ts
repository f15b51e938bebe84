import { describeSamples, normalised } from './samples.js';

type Pair = readonly [covered: number, total: number];

interface Expected {
  readonly file: string;
  readonly format: string;
  readonly basis: string;
  readonly counts: Pair;
  readonly files: number;
  readonly others?: Readonly<Record<string, Pair>>;
  /** Where it differs from `counts`; then the report says so. `same`: stated, and right. Otherwise not stated. */
  readonly declared?: Pair | 'same';
}

const go = (file: string, counts: Pair, files = 3): Expected => ({
  ...{ file: `go/${file}`, format: 'go-coverprofile', basis: 'block-statement', counts, files },
});
const lines = (
  file: string,
  format: string,
  counts: Pair,
  rest: Omit<Expected, 'file' | 'format' | 'basis' | 'counts'>,
): Expected => ({
  ...{ file, format, basis: 'line', counts, ...rest },
});

/** The numbers of shared/samples/README.md, where each was computed from the file itself. */
const MEASURED: readonly Expected[] = [
  ...['golden-set.out', 'golden-count.out', 'golden-atomic.out', 'golden-pkg.out'].map((file) =>
    go(file, [7, 18]),
  ),
  go('lefthook.out', [579, 1148], 28),
  go('handmade-concatenated.out', [7, 18]),
  {
    ...{
      file: 'js/nyc/coverage-summary.json',
      format: 'istanbul-summary',
      basis: 'statement',
      counts: [8, 12],
    },
    ...{ files: 3, declared: 'same', others: { line: [3, 4], function: [1, 3], branch: [1, 4] } },
  },
  {
    ...{ file: 'js/nyc/coverage-final.json', format: 'istanbul-final', basis: 'statement', counts: [8, 12] },
    ...{ files: 3, others: { line: [3, 4], function: [1, 3], branch: [1, 4] } },
  },
  lines('js/nyc/clover.xml', 'clover', [3, 4], {
    files: 3,
    declared: 'same',
    others: { branch: [1, 4], function: [1, 3] },
  }),
  lines('js/nyc/cobertura-coverage.xml', 'cobertura', [3, 4], {
    files: 3,
    declared: 'same',
    others: { branch: [1, 4] },
  }),
  lines('js/nyc/lcov.info', 'lcov', [3, 4], {
    files: 3,
    declared: 'same',
    others: { branch: [1, 4], function: [1, 3] },
  }),
  lines('js/c8/coverage-summary.json', 'istanbul-summary', [5, 7], { files: 3, declared: 'same' }),
  lines('js/jest-clover-trimmed.xml', 'clover', [109, 138], { files: 2, declared: [634, 1446] }),
  lines('js/huge-hit-count.lcov', 'lcov', [16, 17], {
    files: 3,
    declared: 'same',
    others: { branch: [7, 8] },
  }),
  lines('js/wrong-totals.lcov', 'lcov', [5, 10], { files: 1, declared: [6, 6] }),
  lines('python/golden-line.json', 'coverage.py', [9, 14], { files: 6, declared: 'same' }),
  lines('python/golden-branch.json', 'coverage.py', [9, 14], {
    files: 6,
    declared: 'same',
    others: { branch: [1, 4] },
  }),
  lines('python/golden-line.xml', 'cobertura', [9, 14], { files: 6, declared: 'same' }),
  lines('python/golden-branch.xml', 'cobertura', [9, 14], {
    files: 6,
    declared: 'same',
    others: { branch: [1, 4] },
  }),
  lines('python/golden-line.lcov', 'lcov', [9, 14], { files: 6, declared: 'same' }),
  lines('python/cobertura-conditions.xml', 'cobertura', [5, 6], {
    files: 1,
    declared: 'same',
    others: { branch: [4, 9] },
  }),
  lines('python/cobertura-rate-lies.xml', 'cobertura', [4, 8], { files: 1 }),
  {
    ...{ file: 'java/jacoco-0.8.3.xml', format: 'jacoco', basis: 'instruction', counts: [96, 161] },
    ...{ files: 7, declared: 'same', others: { line: [26, 38], branch: [1, 4] } },
  },
  {
    ...{
      file: 'java/jacoco-inconsistent-packages.xml',
      format: 'jacoco',
      basis: 'instruction',
      counts: [54, 64],
    },
    ...{ files: 4, declared: [27, 32], others: { line: [10, 12] } },
  },
  {
    ...{ file: 'java/handmade-jacoco-groups.xml', format: 'jacoco', basis: 'instruction', counts: [15, 47] },
    ...{ files: 2, declared: 'same', others: { line: [2, 3] } },
  },
  {
    ...{ file: 'java/openclover-4.3.1.xml', format: 'clover', basis: 'statement', counts: [15, 22] },
    ...{ files: 7, declared: 'same', others: { branch: [1, 2], function: [6, 12] } },
  },
  lines('java/cobertura-2.1.1.xml', 'cobertura', [24, 36], {
    files: 7,
    declared: 'same',
    others: { branch: [1, 4] },
  }),
  lines('dotnet/cobertura-coverlet.xml', 'cobertura', [156, 255], {
    files: 18,
    declared: 'same',
    others: { branch: [9, 14] },
  }),
  lines('dotnet/cobertura-totals-of-other-modules.xml', 'cobertura', [130, 199], {
    files: 17,
    declared: [3639, 14183],
  }),
  lines('dotnet/duplicate-da.lcov', 'lcov', [118, 184], {
    files: 15,
    declared: [124, 199],
    others: { branch: [5, 8] },
  }),
  lines('cpp/opencppcoverage.xml', 'cobertura', [0, 2], { files: 1 }),
  lines('cpp/fnl-fna.lcov', 'lcov', [16, 17], { files: 1, declared: 'same', others: { function: [3, 3] } }),
  lines('cpp/handmade-lcov22-merge.info', 'lcov', [3, 4], {
    files: 2,
    declared: [3, 8],
    others: { branch: [1, 3], function: [1, 2] },
  }),
  lines('php/phpunit-clover-trimmed.xml', 'clover', [79, 79], { files: 2, declared: [2376, 2420] }),
];

describeSamples('coverage samples: integers, and 0 of 0 is not measured', () => {
  it.each(MEASURED)('$file covers $counts ($basis)', (expected) => {
    const [covered, total] = expected.counts;
    const document = normalised(`coverage/${expected.file}`);
    expect(document).toMatchObject({ format: expected.format, kinds: ['coverage'], state: 'COMPLETE' });
    expect(document.coverage).toMatchObject({ covered, total, basis: expected.basis });
    expect(document.coverage?.files).toHaveLength(expected.files);
    const { declared } = expected;
    const stated = declared === 'same' ? expected.counts : declared;
    expect(document.coverage?.declared).toEqual(stated ? { covered: stated[0], total: stated[1] } : null);
    expect(document.reasons.map(({ code }) => code)).toEqual(
      declared === undefined || declared === 'same' ? [] : ['coverage.declared-differs'],
    );
    for (const [measure, pair] of Object.entries(expected.others ?? {}))
      expect(document.coverage?.others).toContainEqual({ measure, covered: pair[0], total: pair[1] });
  });

  it.each([
    'go/zero-statements.out',
    'go/handmade-mode-only.out',
    'python/handmade-nothing-measured.json',
    'python/cobertura-line-zero-only.xml',
    'java/cobertura-empty-nan.xml',
    'js/handmade-empty-run-summary.json',
  ])('%s measured nothing', (file) => {
    const document = normalised(`coverage/${file}`);
    expect(document.state).toBe('NOT_MEASURED');
    expect(document.coverage).toMatchObject({ covered: 0, total: 0 });
  });

  it('refuses one block with two sizes, and says where', () => {
    expect(normalised('coverage/go/handmade-numstmt-conflict.out')).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'go-coverprofile.statements-conflict', params: { line: 3, first: 2, second: 3 } }],
    });
  });

  it('refuses an external entity, and says where', () => {
    expect(normalised('coverage/java/handmade-xxe.xml')).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'xml.malformed', params: { fault: 'EntityDeclaration', line: 2 } }],
    });
  });

  it('names tool and version where the file does', () => {
    const tool = (file: string): unknown => normalised(`coverage/${file}`).tools;
    const from = { versionFrom: 'file' };
    expect(tool('python/golden-line.json')).toEqual([{ name: 'coverage.py', version: '7.16.2', ...from }]);
    expect(tool('java/openclover-4.3.1.xml')).toEqual([{ name: 'openclover', version: '4.3.1', ...from }]);
    expect(tool('js/nyc/clover.xml')).toEqual([{ name: 'istanbul', version: null, ...from }]);
    expect(tool('js/c8/coverage-summary.json')).toEqual([{ name: 'istanbul or v8', version: null, ...from }]);
    expect(tool('php/phpunit-clover-trimmed.xml')).toEqual([{ name: 'phpunit', version: null, ...from }]);
  });

  it('shows no folder of the machine a report was made on', () => {
    for (const { file } of MEASURED)
      for (const { path } of normalised(`coverage/${file}`).coverage?.files ?? [])
        expect(path).not.toMatch(/^(?:\/|[A-Za-z]:|\.\.)|\\/);
    const [first] = normalised('coverage/dotnet/duplicate-da.lcov').coverage?.files ?? [];
    expect(first?.path).toBe('…/AbstractClass.cs');
  });

  it('keeps lines as ranges, which hold as many lines as are counted', () => {
    const python = normalised('coverage/python/golden-line.json').coverage?.files ?? [];
    expect(python.find(({ path }) => path === 'unimported.py')).toEqual({
      path: 'unimported.py',
      covered: 0,
      total: 2,
      lines: { covered: [], uncovered: [[1, 2]] },
    });
    const count = (ranges: readonly (readonly [number, number])[] = []): number =>
      ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    for (const { file, basis } of MEASURED.filter((one) => one.basis === 'line'))
      for (const { path, covered, total, lines: kept } of normalised(`coverage/${file}`).coverage?.files ??
        [])
        if (kept)
          expect([file, path, count(kept.covered), count(kept.uncovered)]).toEqual([
            file,
            path,
            covered,
            total - covered,
          ]);
        else expect([basis, file]).toEqual([basis, 'js/c8/coverage-summary.json']); // counts only
  });
});
