/** Small WebAssembly modules, put together by hand: what is not OPA's, or not of the ABI we know. */
const section = (id: number, ...content: readonly number[]): readonly number[] => [
  id,
  content.length,
  ...content,
];
const name = (text: string): readonly number[] => [text.length, ...Buffer.from(text)];
const wasm = (...sections: readonly (readonly number[])[]): Buffer =>
  Buffer.from([0, ...Buffer.from('asm'), 1, 0, 0, 0, ...sections.flat()]);

const MEMORY = section(2, 1, ...name('env'), ...name('memory'), 2, 0, 1);
const VERSION = 'opa_wasm_abi_version';
const MINOR = 'opa_wasm_abi_minor_version';

export const EMPTY_MODULE = wasm();

/** Says it is of that ABI, and has nothing else. */
export const ofAbi = (major: number, minor: number): Buffer =>
  wasm(
    MEMORY,
    section(6, 2, 0x7f, 0, 0x41, major, 0x0b, 0x7f, 0, 0x41, minor, 0x0b),
    section(7, 2, ...name(VERSION), 3, 0, ...name(MINOR), 3, 1),
  );

/** Its start function never ends: `loop br 0 end`. */
export const ENDLESS_START = wasm(
  section(1, 1, 0x60, 0, 0),
  section(3, 1, 0),
  section(8, 0),
  section(10, 1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b),
);
