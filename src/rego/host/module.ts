import { isUtf8 } from 'node:buffer';
import { parseRego } from '../value/read-dump.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';

/** The exports of ABI 1.3 that we call; addresses are offsets into the module's memory (engine.md §4). */
interface PolicyExports {
  readonly opa_wasm_abi_version: { readonly value: number };
  readonly opa_wasm_abi_minor_version: { readonly value: number };
  builtins(): number;
  entrypoints(): number;
  opa_malloc(sizeBytes: number): number;
  opa_value_parse(address: number, sizeBytes: number): number;
  opa_value_dump(value: number): number;
  opa_value_add_path(base: number, path: number, value: number): number;
  opa_heap_ptr_get(): number;
  opa_heap_ptr_set(address: number): void;
  opa_eval_ctx_new(): number;
  opa_eval_ctx_set_input(context: number, value: number): void;
  opa_eval_ctx_set_data(context: number, value: number): void;
  opa_eval_ctx_set_entrypoint(context: number, id: number): void;
  opa_eval_ctx_get_result(context: number): number;
  eval(context: number): number;
}

/** Answers a builtin call by name, in Rego notation. Undefined is Rego's undefined. */
export type CallBuiltin = (name: string, args: readonly RegoValue[]) => string | undefined;

/** The module gave up: `opa_abort` with its text. */
export class ModuleAbort extends Error {}

/** The module's ABI is not one we can drive. */
export class AbiUnsupported extends Error {}

/** A result longer than the caller wants to read. */
export class ResultTooLarge extends Error {}

/** Beyond these a builtin is simply asked again. In characters, and answers. */
const MAX_KEPT_KEY = 1_000;
const MAX_KEPT_ANSWERS = 10_000;

/** What Node puts where bytes are no text: judging upon it would be judging upon something else. */
const REPLACEMENT = '\uFFFD';

/** Bytes, e.g. of `base64.decode`, that are no text. OPA's own evaluator can compute with them; values here cannot. */
export class NotText extends Error {}

/** Of 64 KiB. */
export interface MemoryPages {
  readonly initial: number;
  readonly maximum: number;
}

/**
 * Parsed data as it lies in a module's memory, from the start of the heap. Fits every instance of the same module
 * bytes and no other. Shared between threads, never written again.
 */
export interface HeapImage {
  readonly base: number;
  readonly value: number;
  readonly bytes: SharedArrayBuffer;
}

/**
 * One WebAssembly instance of a compiled policy, addressed in the words of OPA's ABI: the only file that knows it.
 * Values in the module's memory are addresses, valid until the heap is set back below them. Anything thrown out of
 * the module leaves it in an unknown state: throw the instance away.
 */
export class PolicyModule {
  /** Names of the host functions the policy calls, sorted. */
  readonly builtins: readonly string[];
  readonly entrypoints: ReadonlyMap<string, number>;
  /** Called for every builtin; set before the first evaluation. */
  onBuiltin: CallBuiltin = (name) => {
    throw new Error(`${name} was called outside an evaluation`);
  };
  private readonly memory: WebAssembly.Memory;
  private readonly exports: PolicyExports;
  private readonly names = new Map<number, string>();
  /** What builtins answered since the heap was last set back, by what they were asked: addresses, 0 for undefined. */
  private readonly answered = new Map<string, number>();
  /** Where the heap starts. */
  private readonly base: number;
  private view: Buffer;

  /** Throws `AbiUnsupported`, or what WebAssembly throws on a module that cannot be instantiated. */
  constructor(module: WebAssembly.Module, pages: MemoryPages) {
    const { instance, memory } = instantiate(module, pages, (own) => this.imports(own));
    this.memory = memory;
    this.view = Buffer.from(memory.buffer);
    this.exports = exportsOf(instance);
    this.exports.opa_malloc(0);
    this.base = this.heapEnd();
    const builtins = idsOf(this.dump(this.exports.builtins()));
    for (const [name, id] of builtins) this.names.set(id, name);
    this.builtins = [...builtins.keys()].sort();
    this.entrypoints = idsOf(this.dump(this.exports.entrypoints()));
    this.rewind(this.base);
  }

  heapEnd(): number {
    return this.exports.opa_heap_ptr_get();
  }

  /** Frees everything that was allocated since the heap ended there. */
  rewind(heapEnd: number): void {
    this.answered.clear(); // they lie above
    this.exports.opa_heap_ptr_set(heapEnd);
  }

  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Puts a value into the module's memory, from Rego notation (JSON is part of it). */
  load(text: string): number {
    const sizeBytes = Buffer.byteLength(text);
    const address = this.exports.opa_malloc(sizeBytes);
    this.bytes().write(text, address, sizeBytes, 'utf8');
    const value = this.exports.opa_value_parse(address, sizeBytes);
    if (value === 0) throw new Error('the module cannot read a value that is well-formed');
    return value;
  }

  /** Everything on the heap, `value` among it. */
  image(value: number): HeapImage {
    const bytes = new SharedArrayBuffer(this.heapEnd() - this.base);
    new Uint8Array(bytes).set(this.bytes().subarray(this.base, this.heapEnd()));
    return { base: this.base, value, bytes };
  }

  /** Puts an image on the empty heap; answers the address of its value. Needs a memory that is large enough. */
  restore({ base, value, bytes }: HeapImage): number {
    const end = base + bytes.byteLength;
    if (base !== this.base || end > this.memoryBytes) throw new Error('a heap image of another module');
    this.bytes().set(new Uint8Array(bytes), base);
    this.rewind(end);
    return value;
  }

  /**
   * Adds `value` to the object at `base`. Shares it: nothing is copied. `path` is the loaded array of the name
   * alone. Never one that the object has: the module would free the value it replaces, shared or not.
   */
  addMember(base: number, path: number, value: number): void {
    const code = this.exports.opa_value_add_path(base, path, value);
    if (code !== 0) throw new Error(`the module cannot add a member: error ${code}`);
  }

  /** Evaluates an entrypoint and answers its result set in Rego notation. Throws `ResultTooLarge`. */
  run(entrypoint: number, data: number, input: number | undefined, limitBytes?: number): string {
    const context = this.exports.opa_eval_ctx_new();
    if (input !== undefined) this.exports.opa_eval_ctx_set_input(context, input);
    this.exports.opa_eval_ctx_set_data(context, data);
    this.exports.opa_eval_ctx_set_entrypoint(context, entrypoint);
    this.exports.eval(context);
    return this.dump(this.exports.opa_eval_ctx_get_result(context), limitBytes);
  }

  private dump(value: number, limitBytes = Infinity): string {
    return this.readText(this.exports.opa_value_dump(value), limitBytes);
  }

  private readText(address: number, limitBytes = Infinity): string {
    const bytes = this.bytes();
    const end = bytes.indexOf(0, address);
    if (end - address > limitBytes)
      throw new ResultTooLarge(`a result of ${end - address} bytes; ${limitBytes} are allowed`);
    const text = bytes.toString('utf8', address, end);
    if (text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(address, end)))
      throw new NotText('a text whose bytes are not UTF-8, which no JSON value can hold');
    return text;
  }

  /** The memory as it is now: growing it, which any call may do, detaches what was had before. */
  private bytes(): Buffer {
    if (this.view.buffer !== this.memory.buffer) this.view = Buffer.from(this.memory.buffer);
    return this.view;
  }

  /**
   * Builtins are pure within an evaluation, and rules ask the same things again and again: what was answered is
   * given again, as the same value in the module's memory.
   */
  private call(id: number, ...addresses: readonly number[]): number {
    const dumps = addresses.map((address) => this.dump(address));
    const key = `${id} ${dumps.join(' ')}`;
    const known = this.answered.get(key);
    if (known !== undefined) return known;
    const answer = this.onBuiltin(this.names.get(id) ?? String(id), dumps.map(parseRego));
    const value = answer === undefined ? 0 : this.load(answer);
    if (key.length <= MAX_KEPT_KEY && this.answered.size < MAX_KEPT_ANSWERS) this.answered.set(key, value);
    return value;
  }

  private imports(memory: WebAssembly.Memory): Record<string, unknown> {
    const call = this.call.bind(this);
    return {
      memory,
      opa_abort: (address: number) => {
        throw new ModuleAbort(this.readText(address));
      },
      opa_println: () => undefined,
      opa_builtin0: (id: number) => call(id),
      opa_builtin1: (id: number, _: number, a: number) => call(id, a),
      opa_builtin2: (id: number, _: number, a: number, b: number) => call(id, a, b),
      opa_builtin3: (...[id, , a, b, c]: [number, number, number, number, number]) => call(id, a, b, c),
      opa_builtin4: (...[id, , a, b, c, d]: [number, number, number, number, number, number]) =>
        call(id, a, b, c, d),
    };
  }
}

/** `initial` is raised where the policy's own constants need more. */
function instantiate(
  module: WebAssembly.Module,
  { initial, maximum }: MemoryPages,
  imports: (memory: WebAssembly.Memory) => Record<string, unknown>,
): { readonly instance: WebAssembly.Instance; readonly memory: WebAssembly.Memory } {
  for (let pages = initial; ; pages = Math.min(pages * 4, maximum)) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum });
    try {
      return { instance: new WebAssembly.Instance(module, { env: imports(memory) }), memory };
    } catch (error) {
      // What a module wants at least cannot be asked for. A link error is that, or stays.
      if (!(error instanceof WebAssembly.LinkError) || pages >= maximum) throw error;
    }
  }
}

function exportsOf(instance: WebAssembly.Instance): PolicyExports {
  const exports = instance.exports as unknown as Partial<PolicyExports>;
  const major = exports.opa_wasm_abi_version?.value;
  const minor = exports.opa_wasm_abi_minor_version?.value;
  if (major === undefined || minor === undefined) throw new AbiUnsupported('not a policy compiled by OPA');
  if (major !== 1 || minor < 3) throw new AbiUnsupported(`ABI ${major}.${minor}; 1.3 or later is needed`);
  return exports as PolicyExports;
}

function idsOf(dump: string): ReadonlyMap<string, number> {
  const value = parseRego(dump);
  if (!(value instanceof RegoObject)) throw new AbiUnsupported('no table of names');
  return new Map(value.entries.map(([name, id]) => [typeof name === 'string' ? name : '', Number(id)]));
}
