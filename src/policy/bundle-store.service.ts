import { sha256 } from '../kernel/digest.js';
import type { CompiledBundle, RegoSource } from '../rego/compiler.port.js';
import type { ModuleStore } from './module-store.port.js';

/**
 * Keeps compiled bundles, member by member. Called before the transaction that refers to one: a module nobody
 * refers to is harmless, a reference to no module is not.
 */
export class BundleStore {
  constructor(private readonly modules: ModuleStore) {}

  /** The listing last: whoever finds it finds its members. */
  async keep(files: readonly RegoSource[], compiled: CompiledBundle): Promise<void> {
    const { wasm, listing, data } = compiled;
    await this.keepSources(files);
    if (data !== undefined) await this.modules.put(Buffer.from(data.text));
    await this.modules.put(wasm);
    await this.modules.put(Buffer.from(listing));
  }

  async keepSources(files: readonly RegoSource[]): Promise<void> {
    for (const { text } of files)
      if (!(await this.modules.get(sha256(text)))) await this.modules.put(Buffer.from(text));
  }
}
