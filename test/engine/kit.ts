import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonValue } from '../../src/kernel/canonical-json.js';
import type { Digest } from '../../src/kernel/digest.js';
import { JsonText } from '../../src/kernel/json-text.js';
import type { Result } from '../../src/kernel/result.js';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import { DEFAULT_ENGINE_LIMITS, ThreadedEngine, type EngineLimits } from '../../src/rego/host/engine.io.js';
import type {
  Answers,
  EngineProblem,
  EvaluationRequest,
  PolicyInput,
  Question,
  QuestionProblem,
} from '../../src/rego/engine.port.js';
import { PolicyInstance, type PolicySource } from '../../src/rego/host/instance.js';
import { OpaToolchain } from '../../src/rego/opa/opa.io.js';

const root = join(import.meta.dirname, '../..');
export const regoFolder = join(root, 'rego');
/** A thread runs compiled code only: global-setup has built dist/. */
export const threadFile = pathToFileURL(join(root, 'dist/src/rego/host/evaluate.io.js'));

/** The real OPA, which global-setup found. */
export function opaProgram(): string {
  const path = process.env['ASSAY_TEST_OPA'];
  if (!path) throw new Error('these tests need OPA: set ASSAY_OPA, or install Go');
  return path;
}

export const toolchain = (timeLimitMs?: number): OpaToolchain =>
  new OpaToolchain({ program: opaProgram(), regoFolder, ...(timeLimitMs !== undefined && { timeLimitMs }) });

export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

export function problemOf<P>(result: Result<unknown, P>): P {
  if (result.ok) throw new Error(`expected a problem, got ${JSON.stringify(result.value).slice(0, 500)}`);
  return result.problem;
}

export async function compile(text: string, ...entrypoints: readonly string[]): Promise<CompiledBundle> {
  return valueOf(await toolchain().build({ files: [{ path: 'policy.rego', text }], entrypoints }));
}

/** As `compile`, with everything OPA offers: what a careless toolchain would let through. */
export async function compileUnrestricted(text: string, entrypoint: string): Promise<CompiledBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-unrestricted-'));
  try {
    cpSync(join(regoFolder, 'toolchain.json'), join(folder, 'toolchain.json'));
    writeFileSync(
      join(folder, 'capabilities.json'),
      execFileSync(opaProgram(), ['capabilities', '--current']),
    );
    const unrestricted = new OpaToolchain({ program: opaProgram(), regoFolder: folder });
    return valueOf(
      await unrestricted.build({ files: [{ path: 'policy.rego', text }], entrypoints: [entrypoint] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The bundle calling another builtin: as if compiled for a host that has it. Both names have one length. */
export function callingInstead(bundle: CompiledBundle, from: string, to: string): CompiledBundle {
  const wasm = Buffer.from(bundle.wasm);
  if (from.length !== to.length || !wasm.includes(from)) throw new Error(`${from} cannot be replaced`);
  for (let at = wasm.indexOf(from); at !== -1; at = wasm.indexOf(from, at)) wasm.write(to, at);
  return { ...bundle, wasm };
}

/** What an engine needs of a bundle. */
export interface StoredBundle {
  readonly digest: Digest;
  readonly wasm: Uint8Array;
  readonly data?: JsonText;
}

/** An engine over the given bundles. Close it. */
export function engineOver(
  bundles: readonly StoredBundle[],
  limits: Partial<EngineLimits> = {},
): ThreadedEngine {
  const stored = new Map<Digest, StoredBundle>(bundles.map((bundle) => [bundle.digest, bundle]));
  const source = { get: (digest: Digest) => Promise.resolve(stored.get(digest)) };
  return new ThreadedEngine(source, threadFile, { ...DEFAULT_ENGINE_LIMITS, ...limits });
}

/** Ends an engine's threads from outside, as a crash would. */
export function endThreads(engine: ThreadedEngine): void {
  // eslint-disable-next-line @typescript-eslint/dot-notation -- the way to private members that TypeScript leaves open
  for (const thread of engine['pool']['threads']) void thread['session']?.worker.terminate();
}

/** The policy in this thread, for what no request can bring about. */
export async function instanceOf(
  { digest, wasm }: Pick<CompiledBundle, 'digest' | 'wasm'>,
  source: Partial<PolicySource> = {},
  limits: Partial<EngineLimits> = {},
): Promise<PolicyInstance> {
  const module = await WebAssembly.compile(new Uint8Array(wasm));
  const host = { ...DEFAULT_ENGINE_LIMITS, ...limits };
  return valueOf(await PolicyInstance.load({ bundle: digest, module, ...source }, host));
}

export const INSTANT = 1_795_203_000_123;

/** JSON text as an input document; throws when it is none. */
export const documentOf = (text: string): PolicyInput => ({
  kind: 'document',
  text: valueOf(JsonText.read(text)),
});

export interface RequestChanges extends Partial<Omit<EvaluationRequest, 'input' | 'questions'>> {
  /** All of the bundle's when absent. */
  readonly entrypoints?: readonly string[];
  /** JSON text is an input document; an empty object when absent. */
  readonly input?: string | PolicyInput;
  readonly questions?: readonly Question[];
}

/** A request to all of a bundle's entrypoints with an empty input. */
export function aRequest(
  bundle: { readonly digest: Digest; readonly entrypoints: readonly string[] },
  changes: RequestChanges = {},
): EvaluationRequest {
  const { entrypoints = bundle.entrypoints, input = '{}', ...rest } = changes;
  return {
    bundle: bundle.digest,
    questions: entrypoints.map((entrypoint) => ({ entrypoint })),
    input: typeof input === 'string' ? documentOf(input) : input,
    instant: INSTANT,
    seed: 'seed',
    deadlineMs: 20_000,
    ...rest,
  };
}

/** The answers of an evaluation in which every question has one. */
export const answersOf = (result: Result<Answers, EngineProblem>): readonly JsonValue[] =>
  valueOf(result).map(valueOf);

/** The problem of the only question, or of the evaluation. */
export function problemOfOne(result: Result<Answers, EngineProblem>): EngineProblem | QuestionProblem {
  if (!result.ok) return result.problem;
  const [answer] = result.value;
  if (answer === undefined || result.value.length > 1) throw new Error('not one question');
  return problemOf(answer);
}
