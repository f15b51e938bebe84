import type { Digest } from '../kernel/digest.js';

/** Where compiled modules, their listings and what they were compiled from are kept, by digest. */
export interface ModuleStore {
  put(bytes: Uint8Array): Promise<Digest>;
  get(digest: Digest): Promise<Uint8Array | undefined>;
}
