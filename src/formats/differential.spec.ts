import fc from 'fast-check';
import { composeFinding } from './compose-finding.js';
import { differential, type ComparedSide } from './differential.js';
import { OccurrenceCounter } from './identity.js';
import { aDocument } from './model/document.js';
import type { EvidenceState } from './model/evidence-state.js';

interface Spot {
  readonly rule: string;
  readonly code: string;
  readonly path: string;
  readonly line: number;
}

/** What a tool reports of some places. */
function run(spots: readonly Spot[], state: EvidenceState = 'COMPLETE', tool = 'semgrep'): ComparedSide {
  const occurrences = new OccurrenceCounter();
  const findings = spots.map(({ rule, code, path, line }) =>
    composeFinding(
      { kind: 'sast', tool, rule, severity: 'high', message: 'm', place: path, startLine: line, code },
      occurrences,
    ),
  );
  const tools = [{ name: tool, version: '1', versionFrom: 'file' as const }];
  return { documents: [aDocument({ format: 'semgrep', kinds: ['sast'], state, tools, findings })] };
}
const spot = (path: string, code = 'eval(x)', line = 1): Spot => ({ rule: 'r', code, path, line });

function states(head: ComparedSide, baseline: ComparedSide): { head: string[]; gone: string[] } {
  const found = differential(head, baseline);
  return { head: found.head.map(({ state }) => state), gone: found.gone.map(({ state }) => state) };
}

it.each([
  {
    what: 'a moved line is unchanged',
    head: [spot('a', 'x', 9)],
    baseline: [spot('a', 'x', 1)],
    states: ['unchanged'],
    gone: [],
  },
  {
    what: 'other code is new, and the old one fixed',
    head: [spot('a', 'y')],
    baseline: [spot('a', 'x')],
    states: ['new'],
    gone: ['fixed'],
  },
  {
    what: 'a renamed file is unchanged',
    head: [spot('b')],
    baseline: [spot('a')],
    states: ['unchanged'],
    gone: [],
  },
  {
    what: 'a copy is new',
    head: [spot('a'), spot('b')],
    baseline: [spot('a')],
    states: ['unchanged', 'new'],
    gone: [],
  },
  {
    what: 'two copies of what went are both new',
    head: [spot('b'), spot('c')],
    baseline: [spot('a')],
    states: ['new', 'new'],
    gone: ['fixed'],
  },
  {
    what: 'two renames are unchanged',
    head: [spot('c'), spot('d')],
    baseline: [spot('a'), spot('b')],
    states: ['unchanged', 'unchanged'],
    gone: [],
  },
  {
    what: 'of two that went, one was renamed',
    head: [spot('c')],
    baseline: [spot('a'), spot('b')],
    states: ['unchanged'],
    gone: ['fixed'],
  },
  {
    what: 'one repetition less is fixed',
    head: [spot('a')],
    baseline: [spot('a'), spot('a')],
    states: ['unchanged'],
    gone: ['fixed'],
  },
  {
    what: 'one repetition more is new',
    head: [spot('a'), spot('a')],
    baseline: [spot('a')],
    states: ['unchanged', 'new'],
    gone: [],
  },
  { what: 'nothing against nothing', head: [], baseline: [], states: [], gone: [] },
])('$what', ({ head, baseline, states: expected, gone }) => {
  expect(states(run(head), run(baseline))).toEqual({ head: expected, gone });
});

it('takes a finding that two reports name for one', () => {
  const twice = (...spots: Spot[]): ComparedSide => ({
    documents: [...run(spots).documents, ...run(spots).documents],
  });
  expect(states(run([spot('b')]), twice(spot('a')))).toEqual({ head: ['unchanged'], gone: [] });
  expect(states(twice(spot('b')), run([spot('a')]))).toEqual({ head: ['unchanged', 'unchanged'], gone: [] });
  expect(states(run([]), twice(spot('a')))).toEqual({ head: [], gone: ['fixed'] });
});

it('says from where a file was renamed', () => {
  expect(differential(run([spot('b')]), run([spot('a')])).head[0]).toMatchObject({ renamedFrom: 'a' });
});

it('knows nothing but what stands on both sides, unless both runs are complete', () => {
  const [head, baseline] = [
    [spot('a'), spot('a', 'y')],
    [spot('a'), spot('a', 'z')],
  ];
  for (const state of ['INCOMPLETE', 'ERROR', 'UNKNOWN', 'NOT_MEASURED'] as const)
    for (const [left, right] of [
      [run(head, state), run(baseline)],
      [run(head), run(baseline, state)],
    ] as const) {
      expect(states(left, right)).toEqual({ head: ['unchanged', 'unknown'], gone: ['unknown'] });
      expect(states(run([spot('b')], state), run([spot('a')])).head).toEqual(['unknown']); // perhaps a copy
      expect([...differential(left, right).incomparable]).toEqual([['semgrep', 'not-complete']]);
    }
});

it('compares one tool with itself only, under one set of rules and one version of identities', () => {
  const other = differential(run([spot('a')]), run([spot('a')], 'COMPLETE', 'bandit'));
  expect(other.head.map(({ state }) => state)).toEqual(['unknown']);
  expect(Object.fromEntries(other.incomparable)).toEqual({ semgrep: 'no-baseline', bandit: 'not-complete' });
  const ruleSets = (digest: string): Pick<ComparedSide, 'ruleSets'> => ({
    ruleSets: new Map([['semgrep', digest]]),
  });
  const [head, baseline] = [run([spot('a', 'y')]), run([])];
  expect(states({ ...head, ...ruleSets('1') }, { ...baseline, ...ruleSets('2') }).head).toEqual(['unknown']);
  expect(states({ ...head, ...ruleSets('1') }, { ...baseline, ...ruleSets('1') }).head).toEqual(['new']);
  const renamed = JSON.parse(
    JSON.stringify(run([spot('a', 'x')])).replaceAll('snippet/1', 'snippet/2'),
  ) as ComparedSide;
  expect(differential(run([spot('a', 'x')]), renamed).incomparable.get('semgrep')).toBe('other-identity');
});

it('after random edits finds exactly the edits', () => {
  const path = fc.constantFrom('a', 'b', 'c', 'd');
  const codes = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });
  const edit = fc.constantFrom('keep', 'move', 'rename', 'change', 'delete', 'copy');
  fc.assert(
    fc.property(codes, fc.infiniteStream(fc.tuple(path, edit, fc.nat(500))), (ids, stream) => {
      const baseline: Spot[] = [];
      const head: Spot[] = [];
      const expected = { unchanged: 0, new: 0, fixed: 0 };
      for (const id of ids) {
        const [at, what, line] = stream.next().value as [string, string, number];
        const before = spot(at, `code ${String(id)}`, 1);
        baseline.push(before);
        if (what === 'delete' || what === 'change') expected.fixed += 1;
        else expected.unchanged += 1;
        if (what === 'change' || what === 'copy') expected.new += 1;
        if (what === 'keep' || what === 'copy') head.push(before);
        if (what === 'move') head.push({ ...before, line });
        if (what === 'rename') head.push({ ...before, path: `${at}/renamed`, line });
        if (what === 'change') head.push({ ...before, code: `${before.code} changed` });
        if (what === 'copy') head.push({ ...before, path: `${at}/copy`, line });
      }
      const found = states(run(head), run(baseline));
      const count = (list: string[], state: string): number => list.filter((one) => one === state).length;
      expect({
        unchanged: count(found.head, 'unchanged'),
        new: count(found.head, 'new'),
        fixed: count(found.gone, 'fixed'),
      }).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
