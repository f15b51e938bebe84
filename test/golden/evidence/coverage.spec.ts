import { describeSamples, normalised, sampleBytes } from './samples.js';

describeSamples('coverage samples: integers, and 0 of 0 is not measured', () => {
  it.each([
    ['go/golden-set.out', 7, 18, 3],
    ['go/golden-count.out', 7, 18, 3],
    ['go/golden-atomic.out', 7, 18, 3],
    ['go/golden-pkg.out', 7, 18, 3],
    ['go/lefthook.out', 579, 1148, 28],
    ['go/handmade-concatenated.out', 7, 18, 3],
  ])('%s covers %i of %i statements in %i files', (file, covered, total, files) => {
    const document = normalised(`coverage/${file}`);
    expect(document).toMatchObject({ format: 'go-coverprofile', kinds: ['coverage'], state: 'COMPLETE' });
    expect(document.coverage).toMatchObject({ covered, total, basis: 'block-statement', declared: null });
    expect(document.coverage?.files).toHaveLength(files);
  });

  it.each(['python/golden-line.json', 'python/golden-branch.json'])('%s covers 9 of 14 lines', (file) => {
    const document = normalised(`coverage/${file}`);
    expect(document).toMatchObject({
      format: 'coverage.py',
      formatVersion: '3',
      state: 'COMPLETE',
      reasons: [],
    });
    expect(document.tools).toEqual([{ name: 'coverage.py', version: '7.16.2', versionFrom: 'file' }]);
    expect(document.coverage).toMatchObject({
      covered: 9,
      total: 14,
      basis: 'line',
      declared: { covered: 9, total: 14 },
    });
    expect(document.coverage?.files).toContainEqual({ path: 'unimported.py', covered: 0, total: 2 });
    expect(document.coverage?.files).toContainEqual({ path: 'empty.py', covered: 0, total: 0 });
  });

  it.each(['go/zero-statements.out', 'go/handmade-mode-only.out', 'python/handmade-nothing-measured.json'])(
    '%s measured nothing',
    (file) => {
      const document = normalised(`coverage/${file}`);
      expect(document.state).toBe('NOT_MEASURED');
      expect(document.coverage).toMatchObject({ covered: 0, total: 0 });
    },
  );

  it('refuses one block with two sizes, and says where', () => {
    expect(normalised('coverage/go/handmade-numstmt-conflict.out')).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'go-coverprofile.statements-conflict', params: { line: 3, first: 2, second: 3 } }],
    });
  });

  it.each([
    ['js/nyc/coverage-summary.json', 'istanbul-summary'],
    ['js/nyc/coverage-final.json', 'istanbul-final'],
    ['js/nyc/clover.xml', 'clover'],
    ['js/nyc/cobertura-coverage.xml', 'cobertura'],
    ['js/nyc/lcov.info', 'lcov'],
    ['dotnet/cobertura-coverlet.xml', 'cobertura'],
    ['java/jacoco-0.8.3.xml', 'jacoco'],
    ['java/handmade-jacoco-groups.xml', 'jacoco'],
    ['java/openclover-4.3.1.xml', 'clover'],
    ['cpp/opencppcoverage.xml', 'cobertura'],
  ])('%s is recognised as %s, and not read yet', (file, format) => {
    expect(sampleBytes(`coverage/${file}`).length).toBeGreaterThan(0);
    expect(normalised(`coverage/${file}`)).toMatchObject({
      format: 'unknown',
      state: 'UNKNOWN',
      reasons: [{ code: 'format.not-supported', params: { format } }],
    });
  });
});
