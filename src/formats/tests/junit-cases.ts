import { MESSAGE_LENGTH } from '../model/finding.js';
import type { TestCase } from '../model/test-run.js';
import { named, shortened } from '../read/text.js';
import type { XmlElement, XmlVisitor } from '../xml/xml.js';
import type { Totals } from './declared.js';

/**
 * Names of properties whose value names acceptance criteria, in any case and with `-`, `_` or `.` between words;
 * several ids are parted by commas, semicolons or white space. On a test, or on a suite for all tests after it.
 */
export const CRITERION_PROPERTIES: readonly string[] = [
  'ac',
  'acceptance',
  'acceptance-criteria',
  'acceptance-criterion',
  'criterion',
  'requirement',
  'requirements', // Xray
];

/** What an element in a test says of it. The worst wins: a failure is one whatever stands beside it. */
const OUTCOMES: Readonly<Record<string, TestCase['outcome']>> = {
  error: 'error',
  failure: 'failed',
  skipped: 'skipped',
  disabled: 'skipped',
  flakyFailure: 'flaky', // Surefire: passed in the end
  flakyError: 'flaky',
  rerunFailure: 'flaky', // Surefire writes it beside `failure` when no run passed
  rerunError: 'flaky',
  rerun: 'flaky', // pytest-rerunfailures
};
const WORST: readonly TestCase['outcome'][] = ['error', 'failed', 'skipped', 'flaky', 'passed'];

/** `status` and `result` of a test, where they contradict an empty element (googletest, CTest, bazel). */
const STATUSES: Readonly<Record<string, TestCase['outcome']>> = {
  notrun: 'skipped',
  disabled: 'skipped',
  suppressed: 'skipped',
  skipped: 'skipped',
  ignored: 'skipped',
  fail: 'failed',
  failed: 'failed',
  failure: 'failed',
  error: 'error',
  broken: 'error',
  timeout: 'error',
};

interface Suite {
  readonly name: string;
  readonly criteria: string[];
}

interface OpenCase {
  readonly suite: string;
  readonly classname: string | null;
  readonly name: string;
  readonly criteria: string[];
  outcome: TestCase['outcome'];
  message: string;
}

/** Collects the tests of one JUnit report while it is read. */
export class JunitCases {
  readonly cases: TestCase[] = [];
  readonly topSuites: Totals[] = [];
  /** Attributes of `<testsuites>`. */
  root: Totals | null = null;
  wrongRoot: string | null = null;
  /** Errors of suites as a whole: some of their tests did not run. */
  suiteErrors = 0;

  readonly #suites: Suite[] = [];
  readonly #seen = new Map<string, number>();
  readonly #path: string[] = [];
  #case: OpenCase | null = null;
  /** Text of the element that says why a test did not pass; null outside one. */
  #why: string | null = null;
  /** Text of a property without an attribute `value`. */
  #property: { readonly into: string[]; text: string } | null = null;

  readonly visitor: XmlVisitor = {
    open: (element) => {
      this.#open(element);
      this.#path.push(element.local);
    },
    text: (piece) => {
      if (this.#property && this.#property.text.length < 1000) this.#property.text += piece;
      if (this.#why !== null && this.#why.length < MESSAGE_LENGTH) this.#why += piece;
    },
    close: (element) => {
      this.#path.pop();
      this.#close(element);
    },
  };

  #open(element: XmlElement): void {
    const { local, attributes, depth } = element;
    const parent = this.#path.at(-1);
    if (depth === 1 && local !== 'testsuites' && local !== 'testsuite') this.wrongRoot = local;
    if (local === 'testsuites' && depth === 1) this.root = attributes;
    else if (local === 'testsuite') {
      if (this.#suites.length === 0) this.topSuites.push(attributes);
      this.#suites.push({
        name: named(attributes['name'] ?? ''),
        criteria: [...(this.#suites.at(-1)?.criteria ?? [])],
      });
    } else if (local === 'testcase') this.#openCase(attributes);
    else if (local === 'property') this.#openProperty(attributes);
    else if (this.#case && parent === 'testcase') this.#openOutcome(this.#case, local, attributes);
    else if (parent === 'testsuite' && (local === 'error' || local === 'failure')) this.suiteErrors++;
  }

  #openCase(attributes: Totals): void {
    if (this.#case) this.suiteErrors++; // a test within a test: one of them would be lost
    const { name, classname, status, result } = attributes;
    const said = [status, result].map((text) => STATUSES[(text ?? '').toLowerCase()]);
    this.#case = {
      suite: this.#suites
        .map((suite) => suite.name)
        .filter((part) => part !== '')
        .join(' > '),
      classname: classname === undefined ? null : named(classname),
      name: named(name ?? ''),
      criteria: [...(this.#suites.at(-1)?.criteria ?? [])],
      outcome: WORST.find((outcome) => said.includes(outcome)) ?? 'passed',
      message: '',
    };
  }

  #openOutcome(open: OpenCase, local: string, attributes: Totals): void {
    const outcome = Object.hasOwn(OUTCOMES, local) ? OUTCOMES[local] : undefined;
    if (outcome === undefined || WORST.indexOf(outcome) > WORST.indexOf(open.outcome)) return;
    if (outcome !== open.outcome || open.message === '') open.message = attributes['message'] ?? '';
    open.outcome = outcome;
    this.#why = '';
  }

  #openProperty(attributes: Totals): void {
    const name = (attributes['name'] ?? '').toLowerCase().replace(/[_.]/g, '-');
    const into = this.#case?.criteria ?? this.#suites.at(-1)?.criteria;
    if (!into || !CRITERION_PROPERTIES.includes(name)) return;
    const { value } = attributes;
    if (value === undefined) this.#property = { into, text: '' };
    else addIds(into, value);
  }

  #close({ local }: XmlElement): void {
    if (local === 'testsuite') this.#suites.pop();
    if (local === 'property' && this.#property) {
      addIds(this.#property.into, this.#property.text);
      this.#property = null;
    }
    if (this.#why !== null && this.#case && Object.hasOwn(OUTCOMES, local)) {
      if (this.#case.message === '') this.#case.message = this.#why;
      this.#why = null;
    }
    if (local !== 'testcase' || !this.#case) return;
    const { message, ...open } = this.#case;
    const key = JSON.stringify([open.suite, open.classname, open.name]);
    const occurrence = this.#seen.get(key) ?? 0;
    this.#seen.set(key, occurrence + 1);
    this.cases.push({
      ...open,
      occurrence,
      message: open.outcome === 'passed' ? '' : shortened(message.trim()),
    });
    this.#case = null;
  }
}

function addIds(into: string[], text: string): void {
  for (const id of text.split(/[\s,;]+/))
    if (id !== '' && id.length <= 120 && !into.includes(id) && into.length < 100) into.push(id);
}
