import type { Digest } from '../kernel/digest.js';

/** Bytes that were received and that nobody can read yet. */
export interface StagedSource {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Makes them readable under their digest; over equal bytes it is harmless. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Source archives by digest, per organisation. They are code of the customer's, secrets included: apart from blobs,
 * readable by the service alone, and removed when no scan needs them.
 */
export interface SourceArchives {
  /** Streams to durable storage. */
  stage(orgId: string, bytes: AsyncIterable<Uint8Array>): Promise<StagedSource>;
  /** Undefined when absent. Does not re-hash. */
  open(orgId: string, digest: Digest): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Removing what is absent is harmless. */
  remove(orgId: string, digest: Digest): Promise<void>;
}
