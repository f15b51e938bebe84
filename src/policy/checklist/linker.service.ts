import type { Digest } from '../../kernel/digest.js';
import type { RegoToolchain } from '../../rego/compiler.port.js';
import type { BundleContent, BundleSources } from '../bundle-sources.port.js';
import type { BundleStore } from '../bundle-store.service.js';
import { union } from './link.js';
import type { PolicyVersion } from '../policy-version.js';

/**
 * Compiles the policies of a checklist into one module, so that evidence is parsed once and judged by all of
 * them. A checklist that cannot be linked judges the same, policy by policy.
 */
export class ChecklistLinker {
  constructor(
    private readonly toolchain: RegoToolchain,
    private readonly sources: BundleSources,
    private readonly bundles: BundleStore,
  ) {}

  /**
   * The linked bundle, stored; undefined when there is nothing to link, the policies do not go together, their
   * sources were not kept, or the compiler that made them is not at hand.
   */
  async link(policies: readonly PolicyVersion[]): Promise<Digest | undefined> {
    if (policies.length < 2) return undefined;
    const version = await this.toolchain.version();
    // Another compiler could mean something else by the same sources.
    if (!version.ok || policies.some(({ document }) => document.opaVersion !== version.value.opa))
      return undefined;
    const contents: BundleContent[] = [];
    for (const { document } of policies) {
      const content = await this.sources.sourcesOf(document.bundle);
      if (!content) return undefined;
      contents.push(content);
    }
    const files = union(contents);
    if (!files) return undefined;
    const entrypoints = policies.flatMap(({ document }) => document.entrypoints);
    const compiled = await this.toolchain.build({ files, entrypoints });
    if (!compiled.ok) return undefined;
    await this.bundles.keep(files, compiled.value);
    return compiled.value.digest;
  }
}
