import type { Digest } from './digest.js';

export interface BlobPart {
  readonly start: number;
  readonly end: number;
}

export interface OpenBlob {
  /** Of the whole. */
  readonly sizeBytes: number;
  /** To be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Bytes named by their SHA-256, per organisation. Putting equal bytes twice is harmless. A blob is readable by
 * its digest only after it is wholly and durably stored; a failed put leaves nothing behind.
 */
export interface BlobStore {
  /** `bytes` must stay as they are until it is done: they are hashed first and then written. */
  put(orgId: string, bytes: Uint8Array): Promise<Digest>;
  /** Streams to durable storage; the digest and size are of the bytes that were stored. */
  putStream(orgId: string, source: AsyncIterable<Uint8Array>): Promise<{ digest: Digest; sizeBytes: number }>;
  /** Undefined when absent. Does not re-hash: whoever judges upon the bytes checks them with `sha256`. */
  get(orgId: string, digest: Digest): Promise<Buffer | undefined>;
  /**
   * As `get`, for what may not fit into memory; of a `part` only the bytes from `start` up to and with `end`, both
   * below the size. Undefined when absent. What was opened must be read or its iterator returned, or it stays open.
   */
  open(orgId: string, digest: Digest, part?: BlobPart): Promise<OpenBlob | undefined>;
}
