import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegoSet, RegoValue } from '../../src/rego/value/rego-value.js';
import { opaProgram } from './kit.js';

const root = join(import.meta.dirname, '../..');

/** The harness is plain JavaScript, hence names the type checker does not follow. */
const part = (name: string): string => join(root, 'scripts/conformance', name);

interface Wish {
  readonly wantDefined?: boolean;
  readonly wantResult?: string;
  readonly wantErrorCode?: string;
  readonly strictError?: boolean;
  readonly sortBindings?: boolean;
}
type Outcome =
  | { readonly kind: 'bindings'; readonly bindings: readonly RegoValue[] }
  | { readonly kind: 'error'; readonly cause: string; readonly detail: string };
type Judge = (wish: Wish, outcome: Outcome, how?: { anyOrder: boolean }) => { readonly passed: boolean };
interface Case {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly folder: string;
}

const { judge, sameOutcome } = (await import(part('judge.mjs'))) as {
  judge: Judge;
  sameOutcome: (one: Outcome, other: Outcome) => boolean;
};
const { wants } = (await import(part('dist.mjs'))) as { wants: (file: string) => Promise<unknown> };
// The harness runs what was built, so its values are of those classes.
const { parseRego } = (await wants('value/read-dump.js')) as { parseRego: (text: string) => RegoValue };
const { plansOf, variablesOf } = (await import(part('plan.mjs'))) as {
  plansOf: (wish: object) => readonly { readonly entrypoint: string; readonly modules: readonly string[] }[];
  variablesOf: (query: string) => readonly string[];
};
const { readCases, loadCases, obtainModule, pinnedVersion, sampleOf } = (await import(part('suite.mjs'))) as {
  readCases: (yaml: string) => readonly Readonly<Record<string, unknown>>[];
  loadCases: (module: { readonly folder: string }) => readonly Case[];
  obtainModule: (version: string) => Promise<{ readonly folder: string }>;
  pinnedVersion: (root: string) => string;
  sampleOf: (cases: readonly Case[], size: number) => readonly Case[];
};

/** What an engine answered, its bindings in Rego notation. */
const answered = (...bindings: readonly string[]): Outcome => ({
  kind: 'bindings',
  bindings: (parseRego(`{${bindings.join(',')}, 0}`) as RegoSet).members.filter((each) => each !== 0),
});
const UNDEFINED: Outcome = { kind: 'bindings', bindings: [] };
const conflict: Outcome = { kind: 'error', cause: 'conflict', detail: 'var assignment conflict' };
const trap: Outcome = { kind: 'error', cause: 'trap', detail: 'unreachable' };

describe('How a case is judged', () => {
  const passes = (wish: Wish, outcome: Outcome): boolean => judge(wish, outcome).passed;

  it('finds a wrong value, a missing and a superfluous binding', () => {
    const wish = { wantResult: '[{"x": [1, 2]}, {"x": 3}]' };
    expect(passes(wish, answered('{"x": [1, 2]}', '{"x": 3}'))).toBe(true);
    expect(passes(wish, answered('{"x": 3}', '{"x": [1, 2]}'))).toBe(true);
    expect(passes(wish, answered('{"x": [2, 1]}', '{"x": 3}'))).toBe(false);
    expect(passes(wish, answered('{"x": [1, 2]}'))).toBe(false);
    expect(passes(wish, answered('{"x": [1, 2]}', '{"x": 3}', '{"x": 4}'))).toBe(false);
    expect(passes(wish, answered('{"y": [1, 2]}', '{"y": 3}'))).toBe(false);
    expect(passes(wish, UNDEFINED)).toBe(false);
    expect(passes(wish, conflict)).toBe(false);
  });

  it('takes sets for arrays in the order of Rego, and keys for texts', () => {
    expect(passes({ wantResult: '[{"x": [1, "a"]}]' }, answered('{"x": {"a", 1}}'))).toBe(true);
    expect(passes({ wantResult: '[{"x": ["a", 1]}]' }, answered('{"x": {"a", 1}}'))).toBe(false);
    expect(passes({ wantResult: '[{"x": {"1": 2}}]' }, answered('{"x": {1: 2}}'))).toBe(true);
  });

  it('compares numbers by their exact value', () => {
    const wish = { wantResult: '[{"x": 9007199254740993}]' };
    expect(passes(wish, answered('{"x": 9007199254740993}'))).toBe(true);
    expect(passes(wish, answered('{"x": 9007199254740992}'))).toBe(false);
    expect(passes({ wantResult: '[{"x": 1}]' }, answered('{"x": 1.0}'))).toBe(true);
  });

  it('sorts the arrays of bindings only where the case says so', () => {
    const wish = { wantResult: '[{"x": [1, 2]}]' };
    expect(passes({ ...wish, sortBindings: true }, answered('{"x": [2, 1]}'))).toBe(true);
    expect(passes({ ...wish, sortBindings: true }, answered('{"x": [2, 2]}'))).toBe(false);
    expect(judge(wish, answered('{"x": [2, 1]}'), { anyOrder: true }).passed).toBe(true);
    expect(judge(wish, answered('{"x": [2, 3]}'), { anyOrder: true }).passed).toBe(false);
  });

  it('wants an error that only strict evaluation shows to be undefined', () => {
    const wish = { wantErrorCode: 'eval_builtin_error', strictError: true };
    expect(passes(wish, UNDEFINED)).toBe(true);
    expect(passes(wish, answered('{"x": 1}'))).toBe(false);
    expect(passes(wish, trap)).toBe(false);
  });

  it('wants a conflict to be a conflict, not any error', () => {
    const wish = { wantErrorCode: 'eval_conflict_error' };
    expect(passes(wish, conflict)).toBe(true);
    expect(passes(wish, trap)).toBe(false);
    expect(passes(wish, UNDEFINED)).toBe(false);
  });

  it('looks at definedness first', () => {
    expect(passes({ wantDefined: true, wantResult: '[]' }, answered('{"x": 1}'))).toBe(true);
    expect(passes({ wantDefined: false }, answered('{"x": 1}'))).toBe(false);
  });

  it('sees when two engines disagree', () => {
    expect(sameOutcome(answered('{"x": {2, 1}}'), answered('{"x": [1, 2]}'))).toBe(true);
    expect(sameOutcome(answered('{"x": 1}'), answered('{"x": 2}'))).toBe(false);
    expect(sameOutcome(UNDEFINED, conflict)).toBe(false);
    expect(sameOutcome(trap, conflict)).toBe(false);
  });
});

describe('How a case is read', () => {
  it('rounds no integer that OPA does not round, and keeps the last of equal keys', () => {
    const yaml = `cases:
- note: n
  query: data.test.p = x
  data: {a: 9223372036854775807, b: 1.50, c: 123456789012345678901234567890, d: 1, d: 2, e: 2020-01-01, f: on}
  input: null
  want_result: []`;
    const [each] = readCases(yaml);
    expect(each).toMatchObject({
      data: '{"a":9223372036854775807,"b":1.5,"c":1.2345678901234568e+29,"d":2,"e":"2020-01-01","f":"on"}',
      wantResult: '[]',
      strictError: false,
    });
    expect(each!['input']).toBeUndefined();
  });

  it('keeps a term a term, without the trailing commas that a compiled policy cannot read', () => {
    const yaml = `cases: [{note: n, query: q, input: {a: 1}, input_term: '{"a": {1, 2,}, "b,}": 3, }'}]`;
    expect(readCases(yaml)[0]).toMatchObject({ input: '{"a": {1, 2}, "b,}": 3 }', inputIsTerm: true });
  });

  it('asks for a path itself, and for anything else by a rule of its own', () => {
    const entrypoints = (query: string): readonly string[] =>
      plansOf({ query, modules: ['package test'], version: 'v1' }).map(({ entrypoint }) => entrypoint);
    expect(entrypoints('data.test.p = x')).toEqual(['test/p', 'assay_case/bindings']);
    expect(entrypoints('data = x')).toEqual(['/', 'assay_case/bindings']);
    expect(entrypoints('data.test.p = input')).toEqual(['assay_case/bindings']);
    expect(entrypoints('data.test.p(1) = x')).toEqual(['assay_case/bindings']);
  });

  it.each([
    ['data.x.p[x] = z', ['x', 'z']],
    ['data.test.p.q[i].s = x', ['i', 'x']],
    ['uri.parse("http://a/b", x)', ['x']],
    ['1 / 0', []],
    ['x = 42; y = $"{x} {data.test.p} {{$"{z}": 1}}"', ['x', 'y']],
  ])('binds in %s the names that are variables', (query, names) => {
    expect(variablesOf(query)).toEqual(names);
  });
});

const SAMPLE = 160;
const suite = await obtainModule(pinnedVersion(root)).catch((error: unknown) => String(error));
const missing = typeof suite === 'string' ? ` (left out: it cannot be had: ${suite.slice(0, 200)})` : '';

(typeof suite === 'string' ? describe.skip : describe)(`A sample of OPA's own suite${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-conformance-spec-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('has a case of every folder', () => {
    const all = loadCases(suite as { readonly folder: string });
    const sample = sampleOf(all, SAMPLE);
    expect(sample).toHaveLength(SAMPLE);
    expect(new Set(sample.map(({ folder: name }) => name))).toEqual(new Set(all.map((each) => each.folder)));
    expect(sampleOf(all, SAMPLE)).toEqual(sample);
  });

  it("passes wherever OPA's own WASM runner does", async () => {
    const json = join(folder, 'figures.json');
    const args = ['scripts/conformance.mjs', '--sample', String(SAMPLE), '--json', json];
    const env = { ...process.env, ASSAY_OPA: opaProgram() };
    const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, output: `${stdout}${stderr}` });
      });
    });
    // What the run printed is what there is to read when it fails.
    expect(status === 0 ? 'all passed' : output).toBe('all passed');
    const { languages } = JSON.parse(readFileSync(json, 'utf8')) as {
      languages: readonly { cases: number; statuses: Record<string, number> }[];
    };
    const total = (status: string): number =>
      languages.reduce((sum, each) => sum + each.statuses[status]!, 0);
    expect(languages.reduce((sum, { cases }) => sum + cases, 0)).toBe(SAMPLE);
    expect(total('failed')).toBe(0);
    expect(total('passed') + total('refused') + total('excepted')).toBe(SAMPLE);
    expect(total('passed')).toBeGreaterThan(SAMPLE * 0.9);
  }, 120_000);
});
