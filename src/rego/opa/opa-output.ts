import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { parseJson, STRICT_JSON } from '../../kernel/strict-json.js';
import type {
  Annotation,
  CoverageReport,
  RegoError,
  RegoInvalid,
  ReviewFinding,
  TestOutcome,
} from '../compiler.port.js';
import { failureIn, readTrace, traceEvents } from './opa-trace.js';

/**
 * Readers of what `opa` 1.22 prints (engine.md §2). Each throws when the text is not of the expected shape: a
 * usage message must never pass for "no errors".
 */
const location = z.object({ file: z.string().default(''), row: z.number(), col: z.number() });
const errors = z.object({
  errors: z.array(
    z.object({
      message: z.string(),
      code: z.string().default('rego_file_error'),
      location: location.optional(),
    }),
  ),
});

/** `check -f json` on standard error, `eval -f json` on standard output. Sorted, none twice. */
export function readErrors(text: string): readonly RegoError[] {
  const found = errors.parse(JSON.parse(text)).errors.map(({ code, message, location: at }): RegoError => ({
    code,
    message,
    file: at?.file ?? '',
    row: at?.row ?? 0,
    column: at?.col ?? 0,
  }));
  if (found.length === 0) throw new Error('opa failed without naming an error');
  return sortErrors(found);
}

/** `build` has no JSON: `file:row: code: message` per line. Undefined when a line is something else. */
export function readBuildErrors(text: string): readonly RegoError[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter((line) => line !== '' && !/^\d+ errors? occurred:$/.test(line));
  const found = lines.map((line) => /^(?:1 error occurred: )?(.+?):(\d+): (rego_\w+): (.*)$/.exec(line));
  if (found.length === 0) return undefined;
  const mistakes: RegoError[] = [];
  for (const match of found) {
    if (!match) return undefined;
    const [, file = '', row = '0', code = '', message = ''] = match;
    mistakes.push({ code, message, file, row: Number(row), column: 0 });
  }
  return sortErrors(mistakes);
}

/** The entrypoint `build` does not know, if that is what it says. */
export function readUnknownEntrypoint(text: string): string | undefined {
  return /entrypoint "([^"]+)" does not refer to a rule or policy decision/.exec(text)?.[1];
}

export function sortErrors(found: readonly RegoError[]): readonly RegoError[] {
  const key = (error: RegoError): string =>
    JSON.stringify([error.file, error.row, error.column, error.code, error.message]);
  return [...new Map(found.map((error) => [key(error), error])).values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.row - b.row ||
      a.column - b.column ||
      compare(a.code + a.message, b.code + b.message),
  );
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const version = /^Version: (\S+)$[\s\S]*^Rego Version: (\S+)$/m;

/** `opa version`. Undefined when it is something else. */
export function readVersion(text: string): { readonly opa: string; readonly rego: string } | undefined {
  const match = version.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined ? { opa: match[1], rego: match[2] } : undefined;
}

const inspection = z.object({
  annotations: z
    .array(
      z.object({
        location,
        path: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]) })),
        annotations: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
});

/** `inspect -a -f json`. */
export function readAnnotations(text: string): readonly Annotation[] {
  return inspection
    .parse(JSON.parse(text))
    .annotations.map(({ location: at, path, annotations }) => ({
      file: at.file,
      row: at.row,
      column: at.col,
      path: path.slice(1).map(({ value }) => String(value)),
      annotations: annotations as JsonObject,
    }))
    .sort((a, b) => compare(a.file, b.file) || a.row - b.row || a.column - b.column);
}

const tests = z.array(
  z.object({
    location,
    package: z.string(),
    name: z.string(),
    fail: z.boolean().default(false),
    skip: z.boolean().default(false),
    error: z.unknown().optional(),
    output: z.base64().optional(),
    trace: traceEvents.default([]),
    sub_results: z.record(z.string(), z.object({ fail: z.boolean().default(false) })).default({}),
  }),
);

/** Enough to see how a failed expression was reached. */
const MAX_TEST_EVENTS = 50;

/** `test -f json`. Sorted by file and row. */
export function readTests(text: string): readonly TestOutcome[] {
  const outcomes = tests.parse(JSON.parse(text)).map((test): TestOutcome => {
    const printed = Buffer.from(test.output ?? '', 'base64').toString('utf8');
    const erred = test.error !== undefined && test.error !== null;
    const { events } = readTrace(test.trace, MAX_TEST_EVENTS);
    return {
      package: test.package.replace(/^data\./, ''),
      name: test.name,
      outcome: erred ? 'error' : test.fail ? 'fail' : test.skip ? 'skip' : 'pass',
      file: test.location.file,
      row: test.location.row,
      output: erred ? JSON.stringify(test.error) : printed,
      failedAt: failureIn(test.trace, test.location.file),
      trace: events,
      cases: Object.entries(test.sub_results)
        .map(([name, { fail }]) => ({ name, passed: !fail }))
        .sort((a, b) => compare(a.name, b.name)),
    };
  });
  return outcomes.sort((a, b) => compare(a.file, b.file) || a.row - b.row);
}

const coverage = z.object({
  // OPA leaves a coverage of 0 out.
  coverage: z.number().default(0),
  files: z.record(
    z.string(),
    z.object({
      coverage: z.number().default(0),
      not_covered: z
        .array(z.object({ start: z.object({ row: z.number() }), end: z.object({ row: z.number() }) }))
        .default([]),
    }),
  ),
});

/** `test --coverage`. */
export function readCoverage(text: string): Omit<CoverageReport, 'rules'> {
  const report = coverage.parse(JSON.parse(text));
  const files = Object.entries(report.files).map(([file, { coverage: percent, not_covered }]) => ({
    file,
    percent,
    notCovered: distinctRows(not_covered.map(({ start, end }) => ({ fromRow: start.row, toRow: end.row }))),
  }));
  return { percent: report.coverage, files: files.sort((a, b) => compare(a.file, b.file)) };
}

/** OPA counts a rule's head and body apart, often on one row. */
function distinctRows<T extends { fromRow: number; toRow: number }>(ranges: readonly T[]): readonly T[] {
  return [
    ...new Map(ranges.map((range) => [`${String(range.fromRow)}-${String(range.toRow)}`, range])).values(),
  ];
}

const evaluation = z.object({
  result: z
    .array(z.object({ expressions: z.array(z.object({ value: z.unknown() })).length(1) }))
    .length(1)
    .optional(),
});

/**
 * `eval -f json` of one reference; undefined when that is. A number that a reader of JSON would round is an
 * error, as it is in the engine.
 */
export function readEvaluation(text: string): Result<JsonValue | undefined, RegoInvalid> {
  const parsed = parseJson(text, { ...STRICT_JSON, maxDepth: 2_000 });
  if (parsed.ok) return ok(valueOf(parsed.value));
  const { fault, detail } = parsed.problem;
  if (fault !== 'InexactNumber' && fault !== 'LoneSurrogate' && fault !== 'TooDeep')
    throw new Error(`opa eval gave no JSON: ${detail}`);
  const error = { code: 'eval_result_error', message: detail, file: '', row: 0, column: 0 };
  return failed({ kind: 'RegoInvalid', errors: [error] });
}

function valueOf(printed: JsonValue): JsonValue | undefined {
  return evaluation.parse(printed).result?.[0]?.expressions[0]?.value as JsonValue | undefined;
}

const reference = z.array(z.object({ type: z.string(), value: z.unknown() }));
const dependencies = z.object({
  base: z.array(reference).nullish(),
  virtual: z.array(reference).nullish(),
});
type Dependencies = Record<'base' | 'virtual', readonly z.infer<typeof reference>[]>;

/** `deps -f json`. */
export function readDependencies(text: string): Dependencies {
  const { base, virtual } = dependencies.parse(JSON.parse(text));
  return { base: base ?? [], virtual: virtual ?? [] };
}

const review = z.array(z.object({ check: z.string(), at: z.string(), problem: z.string() }));

/** What `data.assay.checks.problems` answers. Files are named below `rego/`, as they are in our repository. */
export function readReview(answer: JsonValue | undefined): readonly ReviewFinding[] {
  return review
    .parse(answer)
    .map(({ check, at, problem }) => {
      const [, place = at, row = '0'] = /^(.*?)(?::(\d+))?$/.exec(at) ?? [];
      return { check, file: place.replace(/^rego\//, ''), row: Number(row), problem };
    })
    .sort(
      (a, b) =>
        compare(a.file, b.file) ||
        a.row - b.row ||
        compare(a.check, b.check) ||
        compare(a.problem, b.problem),
    );
}
