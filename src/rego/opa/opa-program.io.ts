import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, type Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type * as port from '../compiler.port.js';
import { BASE_DOCUMENT } from './sources.js';
import * as opaOutput from './opa-output.js';
import { runTool, type ToolLimits, type ToolOutcome } from './opa-process.io.js';
import { inWorkspace, type Workspace } from './workspace.io.js';

export type Files = readonly port.RegoSource[];
export type Exited = Extract<ToolOutcome, { kind: 'exited' }>;
export type RunProblem = port.OpaUnavailable | port.OpaLimitExceeded;

export interface ProgramOptions {
  /** Absolute path of the `opa` program; undefined when none was found. */
  readonly program: string | undefined;
  /**
   * The repository's `rego/` folder: capabilities.json and toolchain.json are read once, at construction; schemas/,
   * where it is, lets the check find misspelt fields in rules that say what their input is.
   */
  readonly regoFolder: string;
  readonly limits: ToolLimits;
}

interface Capabilities {
  readonly builtins: readonly { readonly name: string; readonly nondeterministic?: boolean }[];
}

/** The official `opa` program, at exactly the version rego/toolchain.json pins, with our capabilities. */
export class OpaProgram {
  readonly capabilitiesFile: string;
  /** Last parts of the names of builtins whose answers differ from run to run: `now_ns`, `rfc4122`, … */
  readonly unsteady: readonly string[];
  private readonly schemas: readonly string[];
  private readonly capabilities: Digest;
  private readonly pinned: string;
  private identified: Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> | undefined;

  constructor(private readonly options: ProgramOptions) {
    this.capabilitiesFile = join(options.regoFolder, 'capabilities.json');
    const schemas = join(options.regoFolder, 'schemas');
    this.schemas = existsSync(schemas) ? ['--schema', schemas] : [];
    const text = readFileSync(this.capabilitiesFile, 'utf8');
    this.capabilities = sha256(text);
    const { builtins } = JSON.parse(text) as Capabilities;
    this.unsteady = [
      ...builtins.filter(({ nondeterministic }) => nondeterministic).map(({ name }) => name),
      'crypto.x509.parse_and_verify_certificates', // not marked in OPA, though its verifier asks the clock
    ].map((name) => name.slice(name.lastIndexOf('.') + 1));
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

  /** Seconds after which OPA gives up by itself, should we be gone and unable to end it. */
  get ownTimeLimit(): string {
    return `${String(Math.ceil(this.options.limits.timeMs / 1000) + 5)}s`;
  }

  async run(
    workspace: Workspace,
    args: readonly string[],
    stdin?: string,
  ): Promise<Result<Exited, RunProblem>> {
    const outcome = await this.start(workspace.sources, args, stdin);
    if (outcome.kind === 'exited') return ok(outcome);
    if (outcome.kind === 'absent') return failed(this.unavailable('not-found'));
    return failed({ kind: 'OpaLimitExceeded', command: args[0] ?? '', limit: outcome.limit });
  }

  async check(workspace: Workspace, files: Files): Promise<Result<void, port.AuthoringProblem>> {
    const options = ['--strict', '--max-errors', '0', '--format', 'json'];
    const run = await this.run(workspace, [
      ...['check', ...options, '--capabilities', this.capabilitiesFile, ...this.schemas],
      ...paths(files),
    ]);
    if (!run.ok) return run;
    if (run.value.code === 0) return ok(undefined);
    return failed({ kind: 'RegoInvalid', errors: opaOutput.readErrors(run.value.stderr) });
  }

  /** A command without positioned errors failed: the check says what is wrong, or it is a fault of ours. */
  async blame(
    workspace: Workspace,
    files: Files,
    command: string,
    run: Exited,
  ): Promise<Result<never, port.AuthoringProblem>> {
    const checked = await this.check(workspace, files);
    if (checked.ok) throw unexpected(command, run);
    return checked;
  }

  private start(folder: string, args: readonly string[], stdin = ''): Promise<ToolOutcome> {
    const { program, limits } = this.options;
    if (program === undefined) return Promise.resolve({ kind: 'absent' });
    return runTool({ file: program, args, folder, stdin, limits });
  }

  private async identify(): Promise<Result<port.ToolchainVersion, port.OpaUnavailable>> {
    const outcome = await inWorkspace([], ({ sources }) => this.start(sources, ['version']));
    if (outcome.kind === 'absent') return failed(this.unavailable('not-found'));
    if (outcome.kind === 'stopped') throw new Error(`opa version exceeds its limit of ${outcome.limit}`);
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

/** Sorted, for what OPA prints may depend on the order. */
export const paths = (files: Files): readonly string[] => files.map(({ path }) => path).sort();
export const isModule = ({ path }: port.RegoSource): boolean => path !== BASE_DOCUMENT;
export const isTest = ({ path }: port.RegoSource): boolean => path.endsWith('_test.rego');

/** `assay/rules/x/result` → `data["assay"]["rules"]["x"]["result"]` */
export const reference = (entrypoint: string): string =>
  `data${entrypoint
    .split('/')
    .map((part) => `[${JSON.stringify(part)}]`)
    .join('')}`;

export function unexpected(command: string, { code, stdout, stderr }: Exited): Error {
  return new Error(
    `opa ${command} ended with ${String(code)}: ${`${stdout}\n${stderr}`.trim().slice(0, 2000)}`,
  );
}
