import type { TestRun } from '../model/test-run.js';

export type Declared = NonNullable<TestRun['declared']>;
/** Attributes of `<testsuites>` or of an outermost `<testsuite>`. */
export type Totals = Readonly<Record<string, string>>;

/** What the root says of itself, or else what its own suites say together; null unless each of them says it all. */
export function countDeclared(root: Totals | null, topSuites: readonly Totals[]): Declared | null {
  const own = root ? totalsOf(root) : undefined;
  if (own) return own;
  const suites = topSuites.map(totalsOf);
  let [tests, failures, errors] = [0, 0, 0];
  for (const suite of suites) {
    if (!suite) return null;
    tests += suite.tests;
    failures += suite.failures;
    errors += suite.errors;
  }
  return suites.length > 0 ? { tests, failures, errors } : null;
}

/** `errors` is left out by several writers that have none. */
function totalsOf(attributes: Totals): Declared | undefined {
  const [tests, failures, errors] = ['tests', 'failures', 'errors'].map((name) => {
    const text = attributes[name] ?? (name === 'errors' ? '0' : '');
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  });
  return tests === undefined || failures === undefined || errors === undefined
    ? undefined
    : { tests, failures, errors };
}
