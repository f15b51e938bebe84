import { goldenTable } from './golden-tables.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { describeSamples, normalised } from './samples.js';

interface Expected {
  readonly state: string;
  readonly counts?: readonly [number, number, number, number, number];
  readonly reasons: readonly string[];
  /** Of the tests that did not pass, in the order of the file. */
  readonly messages?: readonly string[];
  readonly occurrences?: readonly number[];
  readonly criteria?: readonly (readonly string[])[];
}

describe.each(goldenTable<Expected>('tests'))('$variant', ({ format, cases }) => {
  it.each(cases)('$name: $why', ({ content, expect: expected }) => {
    const document = normaliseEvidence(Buffer.from(content));
    const { tests } = document;
    expect(document).toMatchObject({ format, kinds: ['tests'], state: expected.state });
    expect(document.reasons.map(({ code }) => code)).toEqual(expected.reasons);
    expect(tests && [tests.passed, tests.failed, tests.errors, tests.skipped, tests.flaky]).toEqual(
      expected.counts ?? null,
    );
    const bad = tests?.cases.filter(({ outcome }) => outcome !== 'passed');
    if (expected.messages) expect(bad?.map(({ message }) => message)).toEqual(expected.messages);
    if (expected.occurrences)
      expect(tests?.cases.map(({ occurrence }) => occurrence)).toEqual(expected.occurrences);
    if (expected.criteria) expect(tests?.cases.map(({ criteria }) => criteria)).toEqual(expected.criteria);
  });
});

describeSamples('JUnit samples: test cases are counted, never totals', () => {
  it.each([
    ['nested-suites.xml', [8, 1, 0, 0, 0], null],
    ['pytest-declared-15-has-10.xml', [6, 2, 0, 2, 0], 15],
    ['unittest.xml', [4, 1, 1, 2, 0], 8],
    ['jest-junit.xml', [1, 4, 0, 1, 0], 6],
    ['phpunit-nested-totals.xml', [10, 2, 0, 0, 0], 12],
    ['declared-6-has-1.xml', [0, 1, 0, 0, 0], 1],
    ['jest-suite-errors-zero-tests.xml', [0, 0, 2, 0, 0], 0],
    ['surefire-same-name-twice.xml', [0, 1, 0, 1, 0], 2],
    ['phpunit-suites-double-count.xml', [28, 2, 0, 0, 0], 30],
  ])('%s has %j of passed, failed, errors, skipped, flaky', (file, counts, declared) => {
    const { format, state, tests } = normalised(`junit/${file}`);
    expect([format, state]).toEqual(['junit', 'COMPLETE']);
    expect(tests && [tests.passed, tests.failed, tests.errors, tests.skipped, tests.flaky]).toEqual(counts);
    expect(tests?.declared?.tests ?? null).toBe(declared);
    expect(tests?.cases).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
  });

  it.each(['empty-testsuites.xml', 'empty-root-no-totals.xml'])('%s measured nothing', (file) => {
    expect(normalised(`junit/${file}`)).toMatchObject({
      state: 'NOT_MEASURED',
      reasons: [{ code: 'junit.no-tests' }],
    });
  });

  it('says where a report stops being XML; its root is misspelt, so nobody guesses what it was', () => {
    expect(normalised('junit/malformed.xml')).toMatchObject({ state: 'UNKNOWN', kinds: [] });
    expect(normalised('junit/malformed.xml', { declaredFormat: 'junit' })).toMatchObject({
      state: 'ERROR',
      kinds: ['tests'],
      reasons: [{ code: 'xml.malformed', params: { line: 22 } }],
    });
  });

  it('tells two tests of one name apart, and names the suites they are in', () => {
    const twice = normalised('junit/surefire-same-name-twice.xml').tests?.cases;
    expect(twice?.map(({ name, occurrence, outcome }) => [name, occurrence, outcome])).toEqual([
      ['testVersionStrings', 0, 'skipped'],
      ['testVersionStrings', 1, 'failed'],
    ]);
    expect(twice?.[1]?.message).toBe('expected [1.2.1] but found [1.2.0]');
    expect(normalised('junit/nested-suites.xml').tests?.cases[3]?.suite).toBe(
      'Tests.Authentication > Tests.Authentication.Login',
    );
  });
});
