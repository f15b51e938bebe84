import { writeTerm } from '../value/write-term.js';
import { parseRego } from '../value/read-dump.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';

/** The exports of ABI 1.3 that we call; addresses are offsets into the module's memory (engine.md §4). */
interface PolicyExports {
  readonly opa_wasm_abi_version: { readonly value: number };
  readonly opa_wasm_abi_minor_version: { readonly value: number };
  builtins(): number;
  entrypoints(): number;
  opa_malloc(sizeBytes: number): number;
  opa_free(address: number): void;
  opa_json_parse(address: number, sizeBytes: number): number;
  opa_value_parse(address: number, sizeBytes: number): number;
  opa_value_dump(value: number): number;
  opa_value_add_path(base: number, path: number, value: number): number;
  opa_heap_ptr_get(): number;
  opa_heap_ptr_set(address: number): void;
  opa_heap_blocks_stash(): void;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(context: number, value: number): void;
  opa_eval_ctx_set_data(context: number, value: number): void;
  opa_eval_ctx_set_entrypoint(context: number, id: number): void;
  opa_eval_ctx_get_result(context: number): number;
  eval(context: number): number;
}

/** Answers a builtin call by name. Undefined is Rego's undefined. */
export type CallBuiltin = (name: string, args: readonly RegoValue[]) => RegoValue | undefined;

/** The module gave up: `opa_abort` with its text. */
export class ModuleAbort extends Error {}

/** The module's ABI is not one we can drive. */
export class AbiUnsupported extends Error {}

/**
 * One WebAssembly instance of a compiled policy, addressed in the words of OPA's ABI: the only file that knows it.
 * Values in the module's memory are addresses, valid until the heap is set back below them. Anything thrown out of
 * the module leaves it in an unknown state: throw the instance away.
 */
export class PolicyModule {
  readonly memory: WebAssembly.Memory;
  /** Names of the host functions the policy calls, sorted. */
  readonly builtins: readonly string[];
  readonly entrypoints: ReadonlyMap<string, number>;
  /** Called for every builtin; set before the first evaluation. */
  onBuiltin: CallBuiltin = (name) => {
    throw new Error(`${name} was called outside an evaluation`);
  };
  private readonly exports: PolicyExports;
  private readonly names = new Map<number, string>();

  /** Throws `AbiUnsupported`, or what WebAssembly throws on a module that cannot be instantiated. */
  constructor(module: WebAssembly.Module, pages: { readonly initial: number; readonly maximum: number }) {
    this.memory = new WebAssembly.Memory(pages);
    const instance = new WebAssembly.Instance(module, { env: this.imports() });
    this.exports = instance.exports as unknown as PolicyExports;
    const major = this.exports.opa_wasm_abi_version.value;
    const minor = this.exports.opa_wasm_abi_minor_version.value;
    if (major !== 1 || minor < 3) throw new AbiUnsupported(`ABI ${major}.${minor}; 1.3 or later is needed`);
    this.exports.opa_malloc(0);
    const base = this.heapEnd();
    const builtins = idsOf(this.dump(this.exports.builtins()));
    for (const [name, id] of builtins) this.names.set(id, name);
    this.builtins = [...builtins.keys()].sort();
    this.entrypoints = idsOf(this.dump(this.exports.entrypoints()));
    this.rewind(base);
  }

  heapEnd(): number {
    return this.exports.opa_heap_ptr_get();
  }

  /** Frees everything that was allocated since the heap ended there. */
  rewind(heapEnd: number): void {
    this.exports.opa_heap_ptr_set(heapEnd);
  }

  /** Puts a value into the module's memory, from Rego notation (JSON is part of it). */
  load(text: string): number {
    const bytes = Buffer.from(text);
    const address = this.exports.opa_malloc(bytes.byteLength);
    // A fresh view each time: growing the memory detaches the old one.
    new Uint8Array(this.memory.buffer).set(bytes, address);
    const value = this.exports.opa_value_parse(address, bytes.byteLength);
    if (value === 0) throw new Error('the module cannot read a value that is well-formed');
    return value;
  }

  /** Makes `value` a member of the object at `base`, replacing one of that name. Shares it: nothing is copied. */
  setMember(base: number, name: string, value: number): void {
    const code = this.exports.opa_value_add_path(base, this.load(writeTerm([name])), value);
    if (code !== 0) throw new Error(`the module cannot add a member: error ${code}`);
  }

  /** Evaluates an entrypoint and answers its result set in Rego notation. */
  run(entrypoint: number, data: number, input: number | undefined): string {
    const context = this.exports.opa_eval_ctx_new();
    if (input !== undefined) this.exports.opa_eval_ctx_set_input(context, input);
    this.exports.opa_eval_ctx_set_data(context, data);
    this.exports.opa_eval_ctx_set_entrypoint(context, entrypoint);
    this.exports.eval(context);
    return this.dump(this.exports.opa_eval_ctx_get_result(context));
  }

  private dump(value: number): string {
    return this.readText(this.exports.opa_value_dump(value));
  }

  private readText(address: number): string {
    const bytes = new Uint8Array(this.memory.buffer);
    return Buffer.from(bytes.subarray(address, bytes.indexOf(0, address))).toString('utf8');
  }

  private imports(): Record<string, unknown> {
    const call = (id: number, ...addresses: readonly number[]): number => {
      const args = addresses.map((address) => parseRego(this.dump(address)));
      const answer = this.onBuiltin(this.names.get(id) ?? String(id), args);
      return answer === undefined ? 0 : this.load(writeTerm(answer));
    };
    return {
      memory: this.memory,
      opa_abort: (address: number) => {
        throw new ModuleAbort(this.readText(address));
      },
      opa_println: () => undefined,
      opa_builtin0: (id: number, _: number) => call(id),
      opa_builtin1: (id: number, _: number, a: number) => call(id, a),
      opa_builtin2: (id: number, _: number, a: number, b: number) => call(id, a, b),
      opa_builtin3: (...[id, , a, b, c]: [number, number, number, number, number]) => call(id, a, b, c),
      opa_builtin4: (...[id, , a, b, c, d]: [number, number, number, number, number, number]) =>
        call(id, a, b, c, d),
    };
  }
}

function idsOf(dump: string): ReadonlyMap<string, number> {
  const value = parseRego(dump);
  if (!(value instanceof RegoObject)) throw new AbiUnsupported('no table of names');
  return new Map(value.entries.map(([name, id]) => [String(name), Number(id)]));
}
