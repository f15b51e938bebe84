import type { Digest } from './digest.js';

export interface OpenBlob {
  readonly sizeBytes: number;
  /** To be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Bytes named by their SHA-256, per organisation. Putting equal bytes twice is harmless. A blob is readable by
 * its digest only after it is wholly and durably stored; a failed put leaves nothing behind.
 */
export interface BlobStore {
  put(orgId: string, bytes: Uint8Array): Promise<Digest>;
  /** Streams to durable storage; the digest and size are of the bytes that were stored. */
  putStream(orgId: string, source: AsyncIterable<Uint8Array>): Promise<{ digest: Digest; sizeBytes: number }>;
  /** Undefined when absent. Does not re-hash: whoever judges upon the bytes checks them with `sha256`. */
  get(orgId: string, digest: Digest): Promise<Buffer | undefined>;
  /**
   * As `get`, for what may not fit into memory. Undefined when absent. What was opened must be read or its
   * iterator returned, or it stays open.
   */
  open(orgId: string, digest: Digest): Promise<OpenBlob | undefined>;
}
