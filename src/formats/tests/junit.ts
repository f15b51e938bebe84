import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Dropped, Reason } from '../model/evidence-state.js';
import type { TestCase, TestRun } from '../model/test-run.js';
import { named } from '../read/text.js';
import { unreadableXml } from '../xml/unreadable-xml.js';
import { readXml } from '../xml/xml.js';
import { countDeclared, type Declared } from './declared.js';
import { JunitCases } from './junit-cases.js';

const FORMAT = 'junit';

/** Tests that did not pass, in one report. More of them is a broken run, and no list that anybody reads. */
export const FAILED_CASES_LIMIT = 20_000;
/** Tests kept by name. A report of more keeps those that did not pass or show a criterion, and says so. */
export const CASES_LIMIT = 20_000;

/**
 * Reads JUnit XML, which has no official schema and a hundred writers. Counted are the `<testcase>` elements: totals
 * of suites are absent, partial, or count nested suites again. What the outermost elements declare is kept; where they
 * declare failures that are not in the file, it is not complete. No test, or none that was not skipped, means that
 * nothing was measured.
 */
export function normaliseJunit(text: string): EvidenceDocument {
  const reading = new JunitCases();
  const parsed = readXml(text, reading.visitor);
  if (!parsed.ok) return unreadableXml(FORMAT, ['tests'], parsed.problem);
  const { cases } = reading;
  const count = (outcome: TestCase['outcome']): number =>
    cases.reduce((sum, one) => sum + (one.outcome === outcome ? 1 : 0), 0);
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    flaky: count('flaky'),
  };
  const declared = countDeclared(reading.root, reading.topSuites);
  const kept = keptCases(cases);
  const { state, reasons } = stateOf({ ...counts, declared, cases: [] }, reading, kept);
  return aDocument({
    format: FORMAT,
    kinds: ['tests'],
    state,
    reasons,
    tools: [{ name: 'junit', version: null, versionFrom: 'file' }],
    tests: { ...counts, declared, cases: kept.cases },
    dropped: kept.dropped,
  });
}

interface Kept {
  readonly cases: readonly TestCase[];
  readonly dropped: readonly Dropped[];
  /** Too many that did not pass: then none are kept, since a part of them would mislead. */
  readonly tooMany: number;
}

function keptCases(cases: readonly TestCase[]): Kept {
  const notable = cases.filter(({ outcome, criteria }) => outcome !== 'passed' || criteria.length > 0);
  if (notable.length > FAILED_CASES_LIMIT)
    return {
      cases: [],
      dropped: [{ what: 'tests', count: cases.length, why: 'more-than-are-kept' }],
      tooMany: notable.length,
    };
  if (cases.length <= CASES_LIMIT) return { cases, dropped: [], tooMany: 0 };
  const passed = cases.length - notable.length;
  return {
    cases: notable,
    dropped: [{ what: 'passed-tests', count: passed, why: 'more-than-are-kept' }],
    tooMany: 0,
  };
}

function stateOf(
  run: TestRun,
  { wrongRoot, suiteErrors }: JunitCases,
  { tooMany }: Kept,
): { readonly state: EvidenceDocument['state']; readonly reasons: readonly Reason[] } {
  const { passed, failed, errors, skipped, flaky, declared } = run;
  if (wrongRoot !== null)
    return { state: 'ERROR', reasons: [{ code: 'junit.not-a-report', params: { root: named(wrongRoot) } }] };
  if (tooMany > 0)
    return {
      state: 'ERROR',
      reasons: [{ code: 'junit.too-many-cases', params: { count: tooMany, limit: FAILED_CASES_LIMIT } }],
    };
  const reasons: Reason[] = [];
  const total = passed + failed + errors + skipped + flaky;
  const differs = declared !== null && !sameCounts(declared, total, failed, errors);
  if (suiteErrors > 0) reasons.push({ code: 'junit.suite-error', params: { count: suiteErrors } });
  if (differs)
    reasons.push({
      code: 'junit.declared-differs',
      params: { tests: total, bad: failed + errors, ...declaredParams(declared) },
    });
  if (suiteErrors > 0 || (declared && declared.failures + declared.errors > failed + errors))
    return { state: 'INCOMPLETE', reasons };
  if (total === 0)
    return { state: 'NOT_MEASURED', reasons: [...reasons, { code: 'junit.no-tests', params: {} }] };
  if (total === skipped)
    return {
      state: 'NOT_MEASURED',
      reasons: [...reasons, { code: 'junit.all-skipped', params: { skipped } }],
    };
  return { state: 'COMPLETE', reasons };
}

const sameCounts = (declared: Declared, tests: number, failures: number, errors: number): boolean =>
  declared.tests === tests && declared.failures + declared.errors === failures + errors;

const declaredParams = ({ tests, failures, errors }: Declared): Reason['params'] => ({
  declaredTests: tests,
  declaredBad: failures + errors,
});
