import type { NormaliseOptions } from '../../formats/normalise.js';

/** What a thread is started with. It never sees the blob store, nor any credential of one. */
export interface ThreadTask {
  readonly sizeBytes: number;
  readonly options: NormaliseOptions;
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
}

/** `pass`: which reading of the bytes it is about, from 1; what is of an earlier one is out of date. */
export type FromThread =
  | { readonly kind: 'open'; readonly pass: number }
  /** One more chunk may be sent. */
  | { readonly kind: 'next'; readonly pass: number }
  | { readonly kind: 'page'; readonly id: number; readonly bytes: Uint8Array }
  /** Canonical JSON of the document. */
  | { readonly kind: 'done'; readonly document: string };

export type ToThread =
  /** Null: the end, and the bytes were those of the digest. */
  | { readonly kind: 'chunk'; readonly pass: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'stored'; readonly id: number; readonly digest: string };

/** Chunks on their way to a thread: enough that it need not wait, few enough for any memory. */
export const CHUNKS_AHEAD = 4;

/**
 * What may change hands instead of being copied: memory that holds these bytes and nothing else. The sender cannot read
 * them afterwards. A small buffer is a piece of one that others use too. For pages only: the chunks are the blob store's.
 */
export const handedOver = (bytes: Uint8Array): ArrayBuffer[] =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];
