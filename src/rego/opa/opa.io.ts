import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { canonicalJson, type JsonValue } from '../../kernel/canonical-json.js';
import { sha256, type Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { bundleDigest, listBundle, WASM_MEMBER } from '../bundle.js';
import type * as port from '../compiler.port.js';
import { requiredBuiltins } from './required-builtins.js';
import * as opaOutput from './opa-output.js';
import { runTool, type ToolOutcome } from './opa-process.io.js';
import { refuseSources } from './sources.js';
import { readTar } from './tar.js';
import { inWorkspace, type Workspace } from './workspace.io.js';

type Files = readonly port.RegoSource[];
type Exited = Extract<ToolOutcome, { kind: 'exited' }>;
type RunProblem = port.OpaUnavailable | port.OpaLimitExceeded;

export interface OpaOptions {
  /** Absolute path of the `opa` program; undefined when none was found. */
  readonly program: string | undefined;
  /** The repository's `rego/` folder: capabilities.json and toolchain.json are read once, at construction. */
  readonly regoFolder: string;
  /** Per call; tests of a large policy set take the longest. */
  readonly timeLimitMs?: number;
}

const TIME_LIMIT_MS = 60_000;
/** Coverage of 200 modules is about 1 MB. */
const OUTPUT_LIMIT_BYTES = 64 * 2 ** 20;
const BUNDLE_LIMIT_BYTES = 256 * 2 ** 20;

/** The toolchain by way of the official `opa` program, at exactly the version rego/toolchain.json pins. */
export class OpaToolchain implements port.RegoToolchain {
  private readonly capabilitiesFile: string;
  private readonly capabilities: Digest;
  private readonly pinned: string;
  private identified: Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> | undefined;

  constructor(private readonly options: OpaOptions) {
    this.capabilitiesFile = join(options.regoFolder, 'capabilities.json');
    this.capabilities = sha256(readFileSync(this.capabilitiesFile));
    const toolchain = JSON.parse(readFileSync(join(options.regoFolder, 'toolchain.json'), 'utf8')) as {
      opa: string;
    };
    this.pinned = toolchain.opa;
  }

  /** Asked of the program once; a failure is not remembered, so that installing OPA needs no restart. */
  async version(): Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> {
    this.identified ??= this.identify();
    const version = await this.identified;
    if (!version.ok) this.identified = undefined;
    return version;
  }

  check(files: Files): Promise<Result<void, port.AuthoringProblem>> {
    return this.withSources(files, (workspace) => this.checkIn(workspace, files));
  }

  format(files: Files): Promise<Result<Files, port.AuthoringProblem>> {
    return this.withSources(files, async (workspace) => {
      const run = await this.opa(workspace, ['fmt', '--write', ...paths(files)]);
      if (!run.ok) return run;
      if (run.value.code !== 0) return this.explain(workspace, files, run.value);
      return ok(
        await Promise.all(files.map(async ({ path }) => ({ path, text: await workspace.readSource(path) }))),
      );
    });
  }

  build({
    files,
    entrypoints,
  }: port.BuildOrder): Promise<Result<port.CompiledBundle, port.AuthoringProblem | port.UnknownEntrypoint>> {
    return this.withSources<port.CompiledBundle, port.AuthoringProblem | port.UnknownEntrypoint>(
      files,
      async (workspace, toolchain) => {
        const checked = await this.checkIn(workspace, files);
        if (!checked.ok) return checked;
        const sorted = [...new Set(entrypoints)].sort();
        const run = await this.opa(workspace, [
          ...['build', '--target', 'wasm', '--prune-unused', '--capabilities', this.capabilitiesFile],
          ...sorted.flatMap((entrypoint) => ['--entrypoint', entrypoint]),
          ...['--output', workspace.bundle, ...paths(files)],
        ]);
        if (!run.ok) return run;
        if (run.value.code !== 0) return buildProblem(run.value);
        const { wasm, data } = readBundle(await workspace.readBundle());
        const sources = files.map(({ path, text }) => ({ name: path, bytes: Buffer.from(text) }));
        const compiled = [
          { name: WASM_MEMBER, bytes: wasm },
          { name: 'data.json', bytes: data },
        ];
        const listing = listBundle([...sources, ...compiled]);
        const builtins = await requiredBuiltins(wasm);
        const digest = bundleDigest(listing);
        return ok({ digest, listing, wasm, entrypoints: sorted, builtins, toolchain });
      },
    );
  }

  inspect(files: Files): Promise<Result<readonly port.Annotation[], port.AuthoringProblem>> {
    return this.withSources(files, async (workspace) => {
      const run = await this.opa(workspace, ['inspect', '--annotations', '--format', 'json', '.']);
      if (!run.ok) return run;
      if (run.value.code !== 0) return this.explain(workspace, files, run.value);
      return ok(opaOutput.readAnnotations(run.value.stdout));
    });
  }

  test(files: Files): Promise<Result<readonly port.TestOutcome[], port.AuthoringProblem>> {
    return this.withSources(files, (workspace) => this.testIn(workspace, files));
  }

  coverage(files: Files): Promise<Result<port.CoverageReport, port.AuthoringProblem | port.TestsFailed>> {
    return this.withSources<port.CoverageReport, port.AuthoringProblem | port.TestsFailed>(
      files,
      async (workspace) => {
        // Asked first on its own: with coverage, a test that fails leaves nothing but a text.
        const outcomes = await this.testIn(workspace, files);
        if (!outcomes.ok) return outcomes;
        const wrong = outcomes.value.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
        if (wrong.length > 0) return failed({ kind: 'TestsFailed', failed: wrong });
        const run = await this.opa(workspace, [...this.testCommand(), '--coverage', ...paths(files)]);
        if (!run.ok) return run;
        if (run.value.code !== 0) throw unexpected('test --coverage', run.value);
        return ok(opaOutput.readCoverage(run.value.stdout));
      },
    );
  }

  evaluate(order: port.EvaluationOrder): Promise<Result<JsonValue | undefined, port.AuthoringProblem>> {
    const { files, entrypoint, input } = order;
    return this.withSources<JsonValue | undefined, port.AuthoringProblem>(files, async (workspace) => {
      const run = await this.opa(
        workspace,
        [
          ...['eval', '--format', 'json', '--stdin-input', '--capabilities', this.capabilitiesFile],
          ...paths(files).flatMap((path) => ['--data', path]),
          reference(entrypoint),
        ],
        canonicalJson(input),
      );
      if (!run.ok) return run;
      if (run.value.code === 0) return ok(opaOutput.readEvaluation(run.value.stdout));
      return failed({ kind: 'RegoInvalid', errors: opaOutput.readErrors(run.value.stdout) });
    });
  }

  private async withSources<T, P>(
    files: Files,
    work: (workspace: Workspace, toolchain: port.ToolchainVersion) => Promise<Result<T, P>>,
  ): Promise<Result<T, P | port.AuthoringProblem>> {
    const version = await this.version();
    if (!version.ok) return version;
    const errors = refuseSources(files);
    if (errors.length > 0) return failed({ kind: 'RegoInvalid', errors });
    return inWorkspace(files, (workspace) => work(workspace, version.value));
  }

  private async checkIn(workspace: Workspace, files: Files): Promise<Result<void, port.AuthoringProblem>> {
    const options = [
      '--strict',
      '--max-errors',
      '0',
      '--format',
      'json',
      '--capabilities',
      this.capabilitiesFile,
    ];
    const run = await this.opa(workspace, ['check', ...options, ...paths(files)]);
    if (!run.ok) return run;
    if (run.value.code === 0) return ok(undefined);
    return failed({ kind: 'RegoInvalid', errors: opaOutput.readErrors(run.value.stderr) });
  }

  private async testIn(
    workspace: Workspace,
    files: Files,
  ): Promise<Result<readonly port.TestOutcome[], port.AuthoringProblem>> {
    const checked = await this.checkIn(workspace, files);
    if (!checked.ok) return checked;
    const run = await this.opa(workspace, [...this.testCommand(), '--format', 'json', ...paths(files)]);
    if (!run.ok) return run;
    // 2 = a test failed, with complete results.
    if (run.value.code !== 0 && run.value.code !== 2) throw unexpected('test', run.value);
    return ok(opaOutput.readTests(run.value.stdout));
  }

  private testCommand(): readonly string[] {
    return ['test', '--capabilities', this.capabilitiesFile];
  }

  /** A command without positioned errors failed: the check says what is wrong, or it is a fault of ours. */
  private async explain(
    workspace: Workspace,
    files: Files,
    run: Exited,
  ): Promise<Result<never, port.AuthoringProblem>> {
    const checked = await this.checkIn(workspace, files);
    if (checked.ok) throw unexpected('fmt or inspect', run);
    return checked;
  }

  private async opa(
    workspace: Workspace,
    args: readonly string[],
    stdin?: string,
  ): Promise<Result<Exited, RunProblem>> {
    const outcome = await this.run(workspace.sources, args, stdin);
    if (outcome.kind === 'exited') return ok(outcome);
    if (outcome.kind === 'absent') return failed(this.unavailable('not-found'));
    return failed({ kind: 'OpaLimitExceeded', command: args[0] ?? '', limit: outcome.limit });
  }

  private run(folder: string, args: readonly string[], stdin = ''): Promise<ToolOutcome> {
    const { program, timeLimitMs = TIME_LIMIT_MS } = this.options;
    if (program === undefined) return Promise.resolve({ kind: 'absent' });
    return runTool({ file: program, args, folder, stdin, timeLimitMs, outputLimitBytes: OUTPUT_LIMIT_BYTES });
  }

  private async identify(): Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> {
    const outcome = await inWorkspace([], ({ sources }) => this.run(sources, ['version']));
    if (outcome.kind === 'absent') return failed(this.unavailable('not-found'));
    if (outcome.kind === 'stopped') throw new Error('opa version does not end');
    const found = opaOutput.readVersion(outcome.stdout);
    if (found?.opa !== this.pinned) return failed(this.unavailable('wrong-version'));
    return ok({ ...found, capabilities: this.capabilities });
  }

  private unavailable(reason: port.OpaUnavailable['reason']): port.OpaUnavailable {
    const remedy =
      `OPA ${this.pinned} is needed to check and compile policies. Set ASSAY_OPA to the path of that program, or ` +
      'install Go (or allow access to the network) and run npm start, which obtains it.';
    return { kind: 'OpaUnavailable', reason, remedy };
  }
}

const paths = (files: Files): readonly string[] => files.map(({ path }) => path).sort();

/** `assay/rules/x/result` → `data["assay"]["rules"]["x"]["result"]` */
const reference = (entrypoint: string): string =>
  `data${entrypoint
    .split('/')
    .map((part) => `[${JSON.stringify(part)}]`)
    .join('')}`;

function buildProblem(run: Exited): Result<never, port.RegoInvalid | port.UnknownEntrypoint> {
  const entrypoint = opaOutput.readUnknownEntrypoint(run.stdout);
  if (entrypoint !== undefined) return failed({ kind: 'UnknownEntrypoint', entrypoint });
  // Some mistakes exist for the WebAssembly target only, e.g. more than four arguments to a function.
  const errors = opaOutput.readBuildErrors(run.stdout);
  if (!errors) throw unexpected('build', run);
  return failed({ kind: 'RegoInvalid', errors });
}

function readBundle(archive: Buffer): { readonly wasm: Buffer; readonly data: Buffer } {
  const members = readTar(gunzipSync(archive, { maxOutputLength: BUNDLE_LIMIT_BYTES }));
  const [wasm, data] = [members.get(WASM_MEMBER), members.get('data.json')];
  if (!wasm || !data) throw new Error('opa build wrote a bundle without a compiled module');
  // Thresholds and the like are input: the engine loads no data, so none may be left behind here.
  if (data.toString('utf8').trim() !== '{}') throw new Error('opa build wrote data that came from no module');
  return { wasm, data };
}

function unexpected(command: string, { code, stdout, stderr }: Exited): Error {
  return new Error(
    `opa ${command} ended with ${String(code)}: ${`${stdout}\n${stderr}`.trim().slice(0, 2000)}`,
  );
}
