import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { JsonText } from '../kernel/json-text.js';
import type { Result } from '../kernel/result.js';
import type { BundleListing } from './bundle.js';

/**
 * One file of a policy: a Rego module, or the base document `data.json` at the top (strict JSON, an object). The
 * path is relative, with slashes, and is what errors and coverage name.
 */
export interface RegoSource {
  readonly path: string;
  readonly text: string;
}

type Files = readonly RegoSource[];

/**
 * The official compiler, for authors: everything but judging. Deterministic: equal sources give equal answers
 * on every machine. Every call takes whole sets of files. Only builtins that our host has may be used
 * (rego/capabilities.json), in all calls.
 */
export interface RegoToolchain {
  version(): Promise<Result<ToolchainVersion, OpaUnavailable>>;
  /** Strict check: unused variables and imports are errors too. Ok means that it compiles. */
  check(files: Files): Promise<Result<void, AuthoringProblem>>;
  /** Canonical layout; same order, same paths. Needs sources that parse, not ones that type-check. */
  format(files: Files): Promise<Result<Files, AuthoringProblem>>;
  /** Checks, then compiles to WebAssembly with exactly these entrypoints (rule paths with slashes). */
  build(order: BuildOrder): Promise<Result<CompiledBundle, AuthoringProblem | UnknownEntrypoint>>;
  /** Every `# METADATA` block, sorted by file and row. Needs sources that parse. */
  inspect(files: Files): Promise<Result<readonly Annotation[], AuthoringProblem>>;
  /** Checks, then says what an entrypoint may read: of the input, of the base document, and which rules. */
  dependencies(order: DependencyOrder): Promise<Result<Dependencies, AuthoringProblem | UnknownEntrypoint>>;
  /** Runs the `test_` rules. Ok also when some fail: look at the outcomes. */
  test(files: Files): Promise<Result<readonly TestOutcome[], AuthoringProblem>>;
  /** Which lines and rules the tests reach. Wants tests that pass. */
  coverage(files: Files): Promise<Result<CoverageReport, AuthoringProblem | TestsFailed>>;
  /** The house rules that are themselves Rego (rego/checks): METADATA, messages, packs. Needs sources that parse. */
  review(order: ReviewOrder): Promise<Result<readonly ReviewFinding[], AuthoringProblem>>;
  /** Regal, where it is installed. */
  lint(files: Files): Promise<Result<readonly LintFinding[], AuthoringProblem | LinterUnavailable>>;
  /**
   * What the compiler's own evaluator answers: the second opinion on the engine. Undefined when the rule is.
   * Not for decisions.
   */
  evaluate(order: EvaluationOrder): Promise<Result<JsonValue | undefined, AuthoringProblem>>;
  /** What happens on the way to what `evaluate` answers. */
  explain(order: ExplanationOrder): Promise<Result<Explanation, AuthoringProblem>>;
}

export interface BuildOrder {
  readonly files: Files;
  readonly entrypoints: readonly string[];
}

export interface DependencyOrder {
  readonly files: Files;
  readonly entrypoint: string;
}

/** References as in Rego, each list sorted: `input.findings`, `data.limits.max`, `data.assay.lib.report.answer`. */
export interface Dependencies {
  readonly input: readonly string[];
  /** What must be in the base document. */
  readonly data: readonly string[];
  readonly rules: readonly string[];
}

export interface ReviewOrder {
  /** Tests among them: that a module has some is one of the checks. Paths below `rules/`, `lib/`, `access/`. */
  readonly files: Files;
  /** As rego/checks/packs.rego reads them: {folder, policy, messages, cases: [{judge, good}]}. */
  readonly packs: readonly JsonObject[];
}

export interface ReviewFinding {
  /** `messages`, `metadata`, `negation` or `packs`. */
  readonly check: string;
  /** A file, or the folder of a pack. */
  readonly file: string;
  /** 0 where the whole file is meant. */
  readonly row: number;
  readonly problem: string;
}

export interface LintFinding {
  readonly rule: string;
  readonly category: string;
  readonly level: 'error' | 'warning';
  readonly description: string;
  readonly file: string;
  readonly row: number;
  readonly column: number;
}

export interface EvaluationOrder {
  readonly files: Files;
  readonly entrypoint: string;
  /** Undefined input, which is not null, when absent. */
  readonly input?: JsonValue | JsonText;
  /** What `time.now_ns` answers; the machine's clock when absent. */
  readonly instant?: Instant;
}

export type TraceMode = 'full' | 'notes' | 'fails';

export interface ExplanationOrder extends EvaluationOrder {
  /** `notes`: what `trace()` said, with the way there; `fails`: every expression that failed, likewise. */
  readonly mode: TraceMode;
  /** Later events are counted and left out. */
  readonly maxEvents: number;
}

export interface Explanation {
  readonly events: readonly TraceEvent[];
  /** Of all events, those left out included. */
  readonly totalEvents: number;
}

/** One step of an evaluation. Rows count from 1; the file is empty for the query itself. */
export interface TraceEvent {
  /** OPA's name: Enter, Eval, Exit, Redo, Fail, Index, Note, … */
  readonly op: string;
  /** How many queries enclose it. */
  readonly depth: number;
  readonly file: string;
  readonly row: number;
  /** The expression or rule, as Rego; long ones are cut. */
  readonly node: string;
  /** What `trace()` was given, or how many rules an index matched. */
  readonly message: string;
  /** Variables of the expression that have a value, `{finding: {"level": 30}}`; long values are cut. Or empty. */
  readonly locals: string;
}

export interface ToolchainVersion {
  /** e.g. `1.22.0` */
  readonly opa: string;
  /** e.g. `v1` */
  readonly rego: string;
  /** SHA-256 of the capabilities file in use. */
  readonly capabilities: Digest;
}

/** What publishing records: the digest names the bundle in every decision made with it. */
export interface CompiledBundle {
  readonly digest: Digest;
  readonly listing: BundleListing;
  readonly wasm: Buffer;
  /** The base document as written; absent when there is none. */
  readonly data?: JsonText;
  /** Sorted. */
  readonly entrypoints: readonly string[];
  /** Host builtins the module calls, sorted. One of MOMENTARY_BUILTINS among them: its results hold for one decision only. */
  readonly builtins: readonly string[];
  readonly toolchain: ToolchainVersion;
}

export interface Annotation {
  readonly file: string;
  readonly row: number;
  readonly column: number;
  /** What it describes, without `data`: `['assay', 'rules', 'sast_severity', 'result']`. */
  readonly path: readonly string[];
  /** The block as written, plus `scope`: package, rule, document or subpackages. */
  readonly annotations: JsonObject;
}

export interface TestOutcome {
  readonly package: string;
  readonly name: string;
  readonly outcome: 'pass' | 'fail' | 'skip' | 'error';
  readonly file: string;
  readonly row: number;
  /** The error, or what the test printed. */
  readonly output: string;
  /** Where it first failed; null when it did not. */
  readonly failedAt: Place | null;
  /** What led to the failure. */
  readonly trace: readonly TraceEvent[];
  /** Named cases of one test, by name. */
  readonly cases: readonly { readonly name: string; readonly passed: boolean }[];
}

export interface Place {
  readonly file: string;
  readonly row: number;
  readonly column: number;
}

export interface CoverageReport {
  /** Percent of coverable lines, test files included, as OPA counts. */
  readonly percent: number;
  /** By name. */
  readonly files: readonly FileCoverage[];
  /** One per definition, so a rule with two bodies has two; tests are left out. By file and row. */
  readonly rules: readonly RuleCoverage[];
}

export interface FileCoverage {
  readonly file: string;
  readonly percent: number;
  readonly notCovered: readonly RowRange[];
}

export interface RuleCoverage extends Place {
  /** `shop.stars.enough` */
  readonly rule: string;
  /** Whether the tests reach all of it. */
  readonly covered: boolean;
  readonly notCovered: readonly RowRange[];
}

/** Rows counted from 1, both ends included. */
export interface RowRange {
  readonly fromRow: number;
  readonly toRow: number;
}

/** One mistake of an author. Row and column count from 1; 0 where a mistake has no place. */
export interface RegoError {
  /** OPA's code, e.g. `rego_parse_error`; `source_path_error`, `source_size_error` or `source_data_error` for what we refuse. */
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly row: number;
  readonly column: number;
}

export type AuthoringProblem = OpaUnavailable | OpaBusy | RegoInvalid | OpaLimitExceeded;

/** Decisions with already compiled policies go on; authoring has to wait. */
export interface OpaUnavailable {
  readonly kind: 'OpaUnavailable';
  readonly reason: 'not-found' | 'wrong-version';
  /** What to do, in English. */
  readonly remedy: string;
}

/** More callers than the compiler has room for: nothing was done, asking again later helps. */
export interface OpaBusy {
  readonly kind: 'OpaBusy';
  readonly running: number;
  readonly waiting: number;
}

/** Linting is an extra: everything else goes on. */
export interface LinterUnavailable {
  readonly kind: 'LinterUnavailable';
  /** What to do, in English. */
  readonly remedy: string;
}

/** All mistakes at once, sorted by file, row and column, none twice. */
export interface RegoInvalid {
  readonly kind: 'RegoInvalid';
  readonly errors: readonly RegoError[];
}

/** The sources ask more of the compiler than it is given: an endless test, output or memory without end. */
export interface OpaLimitExceeded {
  readonly kind: 'OpaLimitExceeded';
  readonly command: string;
  readonly limit: 'time' | 'output' | 'memory';
}

export interface UnknownEntrypoint {
  readonly kind: 'UnknownEntrypoint';
  readonly entrypoint: string;
}

export interface TestsFailed {
  readonly kind: 'TestsFailed';
  readonly failed: readonly TestOutcome[];
}
