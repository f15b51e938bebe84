/**
 * The part of the WebAssembly JavaScript interface that the engine uses. Node has it, but @types/node 20 does
 * not declare it and the DOM library that does would bring a browser's globals into a service.
 */
declare namespace WebAssembly {
  /** Compiled code without state: may be shared between threads by posting it. */
  class Module {
    private readonly module: never;
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  class LinkError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>;
}
