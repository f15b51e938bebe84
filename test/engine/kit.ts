import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Digest } from '../../src/kernel/digest.js';
import type { Result } from '../../src/kernel/result.js';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import { DEFAULT_ENGINE_LIMITS, ThreadedEngine, type EngineLimits } from '../../src/rego/host/engine.io.js';
import type { EvaluationRequest } from '../../src/rego/engine.port.js';
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
  if (result.ok) throw new Error(`expected a problem, got ${JSON.stringify(result.value)}`);
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

/** An engine over the given bundles. Close it. */
export function engineOver(
  bundles: readonly CompiledBundle[],
  limits: Partial<EngineLimits> = {},
): ThreadedEngine {
  const stored = new Map<Digest, Uint8Array>(bundles.map(({ digest, wasm }) => [digest, wasm]));
  const source = { get: (digest: Digest) => Promise.resolve(stored.get(digest)) };
  return new ThreadedEngine(source, threadFile, { ...DEFAULT_ENGINE_LIMITS, ...limits });
}

export const INSTANT = 1_795_203_000_123;

/** A request to all of a bundle's entrypoints with an empty input. */
export function aRequest(
  bundle: CompiledBundle,
  changes: Partial<EvaluationRequest> = {},
): EvaluationRequest {
  const { digest, entrypoints } = bundle;
  return {
    bundle: digest,
    entrypoints,
    input: '{}',
    instant: INSTANT,
    seed: 'seed',
    deadlineMs: 20_000,
    ...changes,
  };
}
