import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import type { BundleListing } from './bundle.js';

/** One Rego module. The path is relative, with slashes, and is what errors and coverage name. */
export interface RegoSource {
  readonly path: string;
  readonly text: string;
}

/**
 * The official compiler, for authors: everything but judging. Deterministic: equal sources give equal answers
 * on every machine. Every call takes whole sets of modules; nothing is kept between calls. Only builtins that
 * our host has may be used (rego/capabilities.json), in all calls.
 */
export interface RegoToolchain {
  version(): Promise<Result<ToolchainVersion, OpaUnavailable>>;
  /** Strict check: unused variables and imports are errors too. Ok means that it compiles. */
  check(files: readonly RegoSource[]): Promise<Result<void, AuthoringProblem>>;
  /** Canonical layout; same order, same paths. Needs sources that parse, not ones that type-check. */
  format(files: readonly RegoSource[]): Promise<Result<readonly RegoSource[], AuthoringProblem>>;
  /** Checks, then compiles to WebAssembly with exactly these entrypoints (rule paths with slashes). */
  build(order: BuildOrder): Promise<Result<CompiledBundle, AuthoringProblem | UnknownEntrypoint>>;
  /** Every `# METADATA` block, sorted by file and row. Needs sources that parse. */
  inspect(files: readonly RegoSource[]): Promise<Result<readonly Annotation[], AuthoringProblem>>;
  /** Runs the `test_` rules. Ok also when some fail: look at the outcomes. */
  test(files: readonly RegoSource[]): Promise<Result<readonly TestOutcome[], AuthoringProblem>>;
  /** Which lines the tests reach. Wants tests that pass. */
  coverage(files: readonly RegoSource[]): Promise<Result<CoverageReport, AuthoringProblem | TestsFailed>>;
  /**
   * What the compiler's own evaluator answers: the second opinion on the engine. Undefined when the rule is.
   * Not for decisions: its clock is the machine's.
   */
  evaluate(order: EvaluationOrder): Promise<Result<JsonValue | undefined, AuthoringProblem>>;
}

export interface BuildOrder {
  readonly files: readonly RegoSource[];
  readonly entrypoints: readonly string[];
}

export interface EvaluationOrder {
  readonly files: readonly RegoSource[];
  readonly entrypoint: string;
  readonly input: JsonValue;
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
  /** Sorted. */
  readonly entrypoints: readonly string[];
  /** Host builtins the module calls, sorted. `time.now_ns` among them: its results hold for one instant only. */
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
}

export interface CoverageReport {
  /** Percent of coverable lines, test files included, as OPA counts. */
  readonly percent: number;
  readonly files: readonly FileCoverage[];
}

export interface FileCoverage {
  readonly file: string;
  readonly percent: number;
  /** Rows counted from 1, both ends included. */
  readonly notCovered: readonly { readonly fromRow: number; readonly toRow: number }[];
}

/** One mistake of an author. Row and column count from 1; 0 where a mistake has no place. */
export interface RegoError {
  /** OPA's code, e.g. `rego_parse_error`; `source_path_error` or `source_size_error` for what we refuse. */
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly row: number;
  readonly column: number;
}

export type AuthoringProblem = OpaUnavailable | RegoInvalid | OpaLimitExceeded;

/** Decisions with already compiled policies go on; authoring has to wait. */
export interface OpaUnavailable {
  readonly kind: 'OpaUnavailable';
  readonly reason: 'not-found' | 'wrong-version';
  /** What to do, in English. */
  readonly remedy: string;
}

/** All mistakes at once, sorted by file, row and column, none twice. */
export interface RegoInvalid {
  readonly kind: 'RegoInvalid';
  readonly errors: readonly RegoError[];
}

/** The sources ask more of the compiler than it is given: an endless test, or output without end. */
export interface OpaLimitExceeded {
  readonly kind: 'OpaLimitExceeded';
  readonly command: string;
  readonly limit: 'time' | 'output';
}

export interface UnknownEntrypoint {
  readonly kind: 'UnknownEntrypoint';
  readonly entrypoint: string;
}

export interface TestsFailed {
  readonly kind: 'TestsFailed';
  readonly failed: readonly TestOutcome[];
}
