import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { PolicyModule } from '../host/module.js';

const PAGES = { initial: 32, maximum: 4096 };

/**
 * Names of the host functions a compiled module calls, sorted. Throws on a module that cannot be loaded, by us or by
 * the npm SDK: what we publish is known to load in the host that everybody else has.
 */
export async function requiredBuiltins(wasm: Uint8Array): Promise<readonly string[]> {
  const bytes = new Uint8Array(wasm);
  await loadPolicy(bytes, PAGES);
  return new PolicyModule(await WebAssembly.compile(bytes), PAGES).builtins;
}
