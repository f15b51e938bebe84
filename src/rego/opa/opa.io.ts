import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { digestOf, type JsonObject, type JsonValue } from '../../kernel/canonical-json.js';
import { hexOf, sha256 } from '../../kernel/digest.js';
import { JsonText } from '../../kernel/json-text.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { sourceDigest } from '../bundle.js';
import type * as port from '../compiler.port.js';
import { dependenciesIn, evaluateIn, explainIn, reviewIn } from './asking.io.js';
import { buildIn, type BuildProblem } from './build.io.js';
import { BundleFolder } from './bundle-folder.io.js';
import { CallCache } from './call-cache.js';
import { CallSlots } from './call-slots.js';
import * as opaOutput from './opa-output.js';
import { isModule, isTest, OpaProgram, paths, type Files } from './opa-program.io.js';
import { findRegal, lintIn } from './regal.io.js';
import { refuseSources } from './sources.js';
import { SyntaxTrees } from './syntax-trees.io.js';
import { coverageIn, testIn } from './testing.io.js';
import { inWorkspace, type Workspace } from './workspace.io.js';

export interface OpaOptions {
  /** Absolute path of the `opa` program; undefined when none was found. */
  readonly program: string | undefined;
  /** The repository's `rego/` folder: capabilities.json and toolchain.json are read once, at construction. */
  readonly regoFolder: string;
  /** Per run of the program; tests of a large policy set take the longest. */
  readonly timeLimitMs?: number;
  readonly memoryLimitBytes?: number;
  /** Calls that run at once, and that may wait. */
  readonly atOnce?: number;
  readonly mayWait?: number;
  /** Kept answers; 0 keeps none. */
  readonly cacheBytes?: number;
  /** Where compiled bundles outlive the process; none when absent. */
  readonly cacheFolder?: string;
  /** The `regal` program; found on the path when absent. */
  readonly regal?: string;
}

const TIME_LIMIT_MS = 60_000;
/** Coverage of 200 modules is about 1 MB; the trace of a large document is the largest. */
const OUTPUT_LIMIT_BYTES = 64 * 2 ** 20;
/** A check of 200 modules takes about 80 MB. */
const MEMORY_LIMIT_BYTES = 2 ** 30;
const MAY_WAIT = 64;
const CACHE_BYTES = 64 * 2 ** 20;

/** Problems that equal sources always give. */
const LASTING: readonly string[] = ['RegoInvalid', 'UnknownEntrypoint', 'TestsFailed'];

interface Call<T, P> {
  readonly name: string;
  readonly files: Files;
  /** Whatever else the answer depends on. */
  readonly more?: JsonValue;
  /** Given `version`, for what is recorded with the answer. */
  readonly work: (workspace: Workspace, version: port.ToolchainVersion) => Promise<Result<T, P>>;
  /** Whether equal calls give equal answers. */
  readonly steady?: boolean;
  readonly sizeOf?: (value: T) => number;
}

/**
 * The toolchain by way of the official `opa` program. Each call has a private folder that is removed afterwards;
 * at most so many run at once; answers are kept by the digest of all they depend on.
 */
export class OpaToolchain implements port.RegoToolchain {
  private readonly opa: OpaProgram;
  private readonly limits;
  private readonly slots: CallSlots;
  private readonly cache: CallCache;
  private readonly bundles: BundleFolder | undefined;
  private readonly trees: SyntaxTrees;

  constructor(private readonly options: OpaOptions) {
    const { timeLimitMs: timeMs = TIME_LIMIT_MS, memoryLimitBytes: memoryBytes = MEMORY_LIMIT_BYTES } =
      options;
    this.limits = { timeMs, memoryBytes, outputBytes: OUTPUT_LIMIT_BYTES };
    this.opa = new OpaProgram({ ...options, limits: this.limits });
    this.slots = new CallSlots(options.atOnce ?? availableParallelism(), options.mayWait ?? MAY_WAIT);
    this.cache = new CallCache(options.cacheBytes ?? CACHE_BYTES);
    this.bundles = options.cacheFolder === undefined ? undefined : new BundleFolder(options.cacheFolder);
    this.trees = new SyntaxTrees(this.opa);
  }

  version(): Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> {
    return this.opa.version();
  }

  check(files: Files): Promise<Result<void, port.AuthoringProblem>> {
    return this.call({ name: 'check', files, work: (workspace) => this.opa.check(workspace, files) });
  }

  async format(files: Files): Promise<Result<Files, port.AuthoringProblem>> {
    const modules = files.filter(isModule);
    const formatted = await this.call<Files, port.AuthoringProblem>({
      name: 'format',
      files: modules,
      work: async (workspace) => {
        const run = await this.opa.run(workspace, ['fmt', '--write', ...paths(modules)]);
        if (!run.ok) return run;
        if (run.value.code !== 0) return this.opa.blame(workspace, modules, 'fmt', run.value);
        const read = modules.map(async ({ path }) => ({ path, text: await workspace.readSource(path) }));
        return ok(await Promise.all(read));
      },
    });
    if (!formatted.ok) return formatted;
    // What is kept may have come in another order.
    const texts = new Map(formatted.value.map(({ path, text }) => [path, text]));
    return ok(files.map(({ path, text }) => ({ path, text: texts.get(path) ?? text })));
  }

  build(order: port.BuildOrder): Promise<Result<port.CompiledBundle, BuildProblem>> {
    const { files } = order;
    const entrypoints = [...new Set(order.entrypoints)].sort();
    return this.call<port.CompiledBundle, BuildProblem>({
      name: 'build',
      files,
      more: entrypoints,
      sizeOf: ({ wasm, listing }) => wasm.length + listing.length,
      work: async (workspace, version) => {
        const key = hexOf(keyOf({ name: 'build', files, more: entrypoints }, version));
        const known = await this.bundles?.get(key, { files, entrypoints }, version);
        if (known) return ok(known);
        const built = await buildIn(this.opa, workspace, { files, entrypoints }, version);
        if (built.ok) await this.bundles?.put(key, built.value);
        return built;
      },
    });
  }

  inspect(files: Files): Promise<Result<readonly port.Annotation[], port.AuthoringProblem>> {
    const modules = files.filter(isModule);
    return this.call<readonly port.Annotation[], port.AuthoringProblem>({
      name: 'inspect',
      files: modules,
      work: async (workspace) => {
        const run = await this.opa.run(workspace, ['inspect', '--annotations', '--format', 'json', '.']);
        if (!run.ok) return run;
        if (run.value.code !== 0) return this.opa.blame(workspace, modules, 'inspect', run.value);
        return ok(opaOutput.readAnnotations(run.value.stdout));
      },
    });
  }

  dependencies(
    order: port.DependencyOrder,
  ): Promise<Result<port.Dependencies, port.AuthoringProblem | port.UnknownEntrypoint>> {
    const { files, entrypoint } = order;
    const work = (workspace: Workspace) => dependenciesIn(this.opa, workspace, order);
    return this.call({ name: 'deps', files, more: entrypoint, work });
  }

  test(files: Files): Promise<Result<readonly port.TestOutcome[], port.AuthoringProblem>> {
    const steady = this.isSteady(files);
    return this.call({
      name: 'test',
      files,
      steady,
      work: (workspace) => testIn(this.opa, workspace, files),
    });
  }

  coverage(files: Files): Promise<Result<port.CoverageReport, port.AuthoringProblem | port.TestsFailed>> {
    const work = (workspace: Workspace) => coverageIn(this.opa, workspace, files, this.trees);
    return this.call({ name: 'coverage', files, steady: this.isSteady(files), work });
  }

  review({
    files,
    packs,
  }: port.ReviewOrder): Promise<Result<readonly port.ReviewFinding[], port.AuthoringProblem>> {
    const checks = this.checks();
    const below = (path: string): string => `rego/${path}`;
    return this.call<readonly port.ReviewFinding[], port.AuthoringProblem>({
      name: 'review',
      files,
      more: [[...packs], sourceDigest(checks)],
      work: async (workspace) => {
        const trees = await this.trees.of(
          workspace,
          files.filter((file) => isModule(file) && !isTest(file)),
        );
        if (!trees.ok) return trees;
        const modules = trees.value.map(({ file, module }) => ({ file: below(file), module }));
        const input = { modules, tests: files.filter(isTest).map(({ path }) => below(path)), packs };
        return inWorkspace(checks, (beside) =>
          reviewIn(this.opa, beside, checks, input as unknown as JsonObject),
        );
      },
    });
  }

  lint(
    files: Files,
  ): Promise<Result<readonly port.LintFinding[], port.AuthoringProblem | port.LinterUnavailable>> {
    const regal = this.options.regal ?? findRegal();
    const work = (workspace: Workspace) => lintIn(regal, workspace, this.limits);
    // Which Regal it is may change at any time.
    return this.call({ name: 'lint', files: files.filter(isModule), steady: false, work });
  }

  evaluate(order: port.EvaluationOrder): Promise<Result<JsonValue | undefined, port.AuthoringProblem>> {
    const work = (workspace: Workspace) => evaluateIn(this.opa, workspace, order);
    return this.call({ name: 'eval', ...this.question(order), work });
  }

  explain(order: port.ExplanationOrder): Promise<Result<port.Explanation, port.AuthoringProblem>> {
    const { files, more, steady } = this.question(order);
    const work = () => explainIn(this.opa, order);
    const how = [order.mode, order.maxEvents];
    return this.call({ name: 'explain', files, more: [more, how], steady, work });
  }

  private question(order: port.EvaluationOrder) {
    const { files, entrypoint, input, instant } = order;
    const text = input === undefined ? undefined : input instanceof JsonText ? input : JsonText.of(input);
    const more = [entrypoint, text === undefined ? null : sha256(text.text), instant ?? null];
    return { files, more, steady: this.isSteady(files, instant) };
  }

  /** Whether no function that answers differently each time is named anywhere. May err towards no. */
  private isSteady(files: Files, instant?: number): boolean {
    const names = this.opa.unsteady.filter((name) => instant === undefined || name !== 'now_ns');
    return !files.some(({ text }) => names.some((name) => text.includes(name)));
  }

  private async call<T, P>({
    sizeOf = sizeOfJson,
    ...call
  }: Call<T, P>): Promise<Result<T, P | port.AuthoringProblem>> {
    const version = await this.version();
    if (!version.ok) return version;
    const errors = refuseSources(call.files);
    if (errors.length > 0) return failed({ kind: 'RegoInvalid', errors });
    return this.cache.get<Result<T, P | port.AuthoringProblem>>(keyOf(call, version.value), async () => {
      const result = await this.slots.run<T, P | port.AuthoringProblem>(() =>
        inWorkspace(call.files, (workspace) => call.work(workspace, version.value)),
      );
      const keep = (call.steady ?? true) && isLasting(result);
      return { result, keep, sizeBytes: result.ok ? sizeOf(result.value) : sizeOfJson(result.problem) };
    });
  }

  /** Read anew each time: they are few, and who edits them wants the edited ones. */
  private checks(): Files {
    const { regoFolder } = this.options;
    return ['checks', 'lib'].flatMap((folder) =>
      readdirSync(join(regoFolder, folder))
        .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
        .map((name) => ({
          path: `${folder}/${name}`,
          text: readFileSync(join(regoFolder, folder, name), 'utf8'),
        })),
    );
  }
}

const keyOf = ({ name, files, more }: Omit<Call<never, never>, 'work'>, version: port.ToolchainVersion) =>
  digestOf({ call: name, sources: sourceDigest(files), more: more ?? null, toolchain: { ...version } });

function isLasting(result: Result<unknown, unknown>): boolean {
  if (!result.ok) return LASTING.includes((result.problem as { readonly kind: string }).kind);
  // A test that ran out of time may have had bad luck.
  const outcomes = Array.isArray(result.value) ? (result.value as (Partial<port.TestOutcome> | null)[]) : [];
  return !outcomes.some((each) => each?.outcome === 'error' && each.output?.includes('eval_cancel_error'));
}

const sizeOfJson = (value: unknown): number => 2 * JSON.stringify(value ?? null).length;
