import { loadPolicy, type LoadedPolicy } from '@open-policy-agent/opa-wasm';
import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { parseJson } from '../kernel/strict-json.js';
import { HOST_BUILTINS, type Builtin, type EvaluationContext } from './builtins.js';
import type { EngineProblem, EvaluationFault, EvaluationRequest } from './engine.port.js';
import { parseRego, RegoObject, RegoSet, toJson } from './rego-value.js';

/** What one policy may use of the machine. */
export interface HostLimits {
  readonly inputBytes: number;
  readonly inputDepth: number;
  /** 64 KiB each; an input takes about 14 times its size (engine.md §6). */
  readonly memoryPages: number;
  /** WebAssembly memory never shrinks: an instance that grew beyond this is not used again. */
  readonly recycleAboveBytes: number;
}

type EvaluationWork = Pick<EvaluationRequest, 'entrypoints' | 'input' | 'instant' | 'seed'>;

/** The exports of ABI 1.3 that we call; addresses are offsets into the module's memory (engine.md §4). */
interface PolicyExports {
  readonly opa_wasm_abi_minor_version: { readonly value: number };
  builtins(): number;
  opa_malloc(sizeBytes: number): number;
  opa_json_parse(address: number, sizeBytes: number): number;
  opa_json_dump(value: number): number;
  opa_value_dump(value: number): number;
  opa_heap_ptr_get(): number;
  opa_heap_ptr_set(address: number): void;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(context: number, value: number): void;
  opa_eval_ctx_set_data(context: number, value: number): void;
  opa_eval_ctx_set_entrypoint(context: number, id: number): void;
  opa_eval_ctx_get_result(context: number): number;
  eval(context: number): number;
}

/** Room for the module's own tables; grows up to `memoryPages`. */
const INITIAL_PAGES = 32;

/**
 * One instance of a compiled policy, and the only file that knows the WebAssembly ABI and the SDK. The SDK
 * loads the module and carries builtin calls; evaluation is ours, because the SDK's takes a malformed input for
 * an undefined one, ignores `null` and `false` as input, and returns sets as arrays in hash order (engine.md
 * §6). Not re-entrant; after anything thrown by the module the instance is spent and answers nothing more.
 */
export class PolicyInstance {
  private spent = false;
  private readonly exports: PolicyExports;
  private readonly memory: WebAssembly.Memory;
  private readonly data: { readonly address: number; readonly heapEnd: number };
  private readonly entrypoints: ReadonlyMap<string, number>;

  private constructor(
    policy: LoadedPolicy,
    private readonly bundle: Digest,
    private readonly limits: HostLimits,
    private readonly context: { current: EvaluationContext | undefined },
  ) {
    this.exports = exportsOf(policy);
    this.memory = policy.mem;
    this.data = { address: policy.dataAddr, heapEnd: policy.dataHeapPtr as number };
    this.entrypoints = new Map(Object.entries(policy.entrypoints as Record<string, number>));
  }

  /** Loads a module; refuses one that needs an older ABI, or builtins this host does not have. */
  static async load(
    module: WebAssembly.Module,
    bundle: Digest,
    limits: HostLimits,
  ): Promise<Result<PolicyInstance, EngineProblem>> {
    const context = { current: undefined };
    const memory = { initial: Math.min(INITIAL_PAGES, limits.memoryPages), maximum: limits.memoryPages };
    try {
      const policy = await loadPolicy(module, memory, builtinTable(context));
      const instance = new PolicyInstance(policy, bundle, limits, context);
      const minor = instance.exports.opa_wasm_abi_minor_version.value;
      if (minor < 3)
        return failed(evaluationFailed('bundle', undefined, `ABI 1.${String(minor)} is too old`));
      const builtins = builtinNames(instance.exports, instance.memory).filter(
        (name) => !HOST_BUILTINS.has(name),
      );
      return builtins.length > 0 ? failed({ kind: 'UnsupportedBuiltin', bundle, builtins }) : ok(instance);
    } catch (error) {
      return failed(evaluationFailed('bundle', undefined, describe(error)));
    }
  }

  get reusable(): boolean {
    return !this.spent && this.memory.buffer.byteLength <= this.limits.recycleAboveBytes;
  }

  /** Canonical JSON text per entrypoint. The input is parsed once, strictly, before the module sees it. */
  evaluate(work: EvaluationWork): Result<readonly string[], EngineProblem> {
    if (this.spent) throw new Error('a spent instance was asked again');
    const ids: (readonly [string, number])[] = [];
    for (const entrypoint of work.entrypoints) {
      const id = this.entrypoints.get(entrypoint);
      if (id === undefined) return failed({ kind: 'EntrypointNotFound', bundle: this.bundle, entrypoint });
      ids.push([entrypoint, id]);
    }
    const input = Buffer.from(work.input);
    const refusal = this.refuseInput(work.input, input.byteLength);
    if (refusal) return failed(refusal);

    this.context.current = work;
    let current: string | undefined;
    try {
      this.exports.opa_heap_ptr_set(this.data.heapEnd);
      const value = this.parse(input);
      const heapEnd = this.exports.opa_heap_ptr_get();
      const results: string[] = [];
      for (const [entrypoint, id] of ids) {
        current = entrypoint;
        this.exports.opa_heap_ptr_set(heapEnd);
        const result = singleResult(this.run(id, value));
        if (result === undefined) return failed({ kind: 'ResultUndefined', entrypoint });
        results.push(canonicalJson(result));
      }
      return ok(results);
    } catch (error) {
      this.spent = true;
      return failed(evaluationFailed(faultOf(error), current, describe(error)));
    }
  }

  private refuseInput(text: string, sizeBytes: number): EngineProblem | undefined {
    const { inputBytes: limitBytes, inputDepth: maxDepth } = this.limits;
    if (sizeBytes > limitBytes)
      return { kind: 'InputInvalid', reason: { kind: 'InputTooLarge', sizeBytes, limitBytes } };
    const parsed = parseJson(text, { maxDepth, byteOrderMark: 'refuse', inexactNumbers: 'refuse' });
    return parsed.ok ? undefined : { kind: 'InputInvalid', reason: parsed.problem };
  }

  private parse(text: Uint8Array): number {
    const address = this.exports.opa_malloc(text.byteLength);
    // A fresh view each time: growing the memory detaches the old one.
    new Uint8Array(this.memory.buffer).set(text, address);
    const value = this.exports.opa_json_parse(address, text.byteLength);
    if (value === 0) throw new Error('the module cannot read an input that is strict JSON');
    return value;
  }

  private run(entrypoint: number, input: number): string {
    const context = this.exports.opa_eval_ctx_new();
    this.exports.opa_eval_ctx_set_input(context, input);
    this.exports.opa_eval_ctx_set_data(context, this.data.address);
    this.exports.opa_eval_ctx_set_entrypoint(context, entrypoint);
    this.exports.eval(context);
    return readText(this.memory, this.exports.opa_value_dump(this.exports.opa_eval_ctx_get_result(context)));
  }
}

function readText(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return Buffer.from(bytes.subarray(address, bytes.indexOf(0, address))).toString('utf8');
}

function exportsOf(policy: LoadedPolicy): PolicyExports {
  return (policy.wasmInstance as WebAssembly.Instance).exports as unknown as PolicyExports;
}

function builtinNames(exports: PolicyExports, memory: WebAssembly.Memory): readonly string[] {
  return Object.keys(
    JSON.parse(readText(memory, exports.opa_json_dump(exports.builtins()))) as object,
  ).sort();
}

/**
 * Names of the host functions a compiled module calls, sorted. Loads it once, whether or not this host has them,
 * and throws it away. Throws on a module that cannot be loaded.
 */
export async function requiredBuiltins(wasm: Uint8Array): Promise<readonly string[]> {
  const policy = await loadPolicy(new Uint8Array(wasm), { initial: INITIAL_PAGES });
  const exports = exportsOf(policy);
  return builtinNames(exports, policy.mem);
}

type BuiltinTable = Record<string, (...args: readonly JsonValue[]) => ArrayBuffer | undefined>;

function builtinTable(context: { readonly current: EvaluationContext | undefined }): BuiltinTable {
  const call = (builtin: Builtin, args: readonly JsonValue[]): ArrayBuffer | undefined => {
    if (!context.current) throw new Error('a builtin was called outside an evaluation');
    return encodeResult(builtin(context.current, ...args));
  };
  return Object.fromEntries(
    [...HOST_BUILTINS].map(([name, builtin]) => [
      name,
      (...args: readonly JsonValue[]) => call(builtin, args),
    ]),
  );
}

/** The SDK passes an ArrayBuffer on as JSON text, which is how 64-bit integers arrive unrounded. */
function encodeResult(value: JsonValue | bigint | undefined): ArrayBuffer | undefined {
  if (value === undefined) return undefined;
  const text = Buffer.from(typeof value === 'bigint' ? value.toString() : canonicalJson(value));
  const copy = new ArrayBuffer(text.byteLength);
  new Uint8Array(copy).set(text);
  return copy;
}

/** A result set is `set()` when undefined, otherwise `{{"result": value}}`. */
function singleResult(dump: string): JsonValue | undefined {
  try {
    const results = parseRego(dump);
    if (!(results instanceof RegoSet)) throw new Error('not a result set');
    const [binding] = results.members;
    if (binding === undefined) return undefined;
    const entry = binding instanceof RegoObject ? binding.entries[0] : undefined;
    if (entry?.[0] !== 'result' || results.members.length > 1) throw new Error('not a result set');
    return toJson(entry[1]);
  } catch (error) {
    throw new InexactResult(describe(error));
  }
}

class InexactResult extends Error {}

function evaluationFailed(
  cause: EvaluationFault,
  entrypoint: string | undefined,
  detail: string,
): EngineProblem {
  return { kind: 'EvaluationFailed', cause, entrypoint, detail };
}

/** `opa_abort` reaches us as a thrown string, everything else as an Error. */
function faultOf(error: unknown): EvaluationFault {
  if (error instanceof InexactResult) return 'result';
  if (typeof error !== 'string') return 'trap';
  if (error.includes('opa_malloc: failed')) return 'memory';
  return /(var assignment|object insert) conflict/.test(error) ? 'conflict' : 'abort';
}

function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error !== 'string') return JSON.stringify(error);
  // The SDK decodes abort texts byte by byte as signed: undo it.
  return Buffer.from(Array.from(error, (unit) => unit.charCodeAt(0) & 0xff)).toString('utf8');
}
