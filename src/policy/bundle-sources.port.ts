import type { Digest } from '../kernel/digest.js';
import type { JsonText } from '../kernel/json-text.js';
import type { RegoSource } from '../rego/compiler.port.js';

/** What a compiled bundle was made of: enough to compile, trace or evaluate it again, anywhere. */
export interface BundleContent {
  /** Sorted by path. */
  readonly files: readonly RegoSource[];
  /** Its base document, where it has any. */
  readonly data?: JsonText;
}

/**
 * The sources of published bundles, of single policies and of linked checklists alike, each checked against
 * its digest. Undefined where they are not all stored: the bundle is unknown, or was published before sources
 * were kept and its pack has not been set up since.
 */
export interface BundleSources {
  sourcesOf(bundle: Digest): Promise<BundleContent | undefined>;
}
