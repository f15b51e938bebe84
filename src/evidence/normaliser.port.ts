import type { Digest } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import type { EvidenceDocument } from '../formats/model/document.js';
import type { NormaliseOptions } from '../formats/normalise.js';

/** Stored evidence whose normal form is wanted. */
export interface StoredEvidence {
  readonly orgId: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Somebody touched what is stored. */
export type StoredBytesProblem =
  { readonly kind: 'BytesMissing' } | { readonly kind: 'BytesAltered'; readonly actual: Digest };

/**
 * Makes the normal form of stored bytes, whatever their size, and holds them to their digest on the way. The
 * pages a document refers to are stored when it is answered. Equal bytes and options give equal documents, save
 * where a limit of time or memory ended the work: then the document says so, and is an ERROR.
 */
export interface Normaliser {
  normalise(
    stored: StoredEvidence,
    options: NormaliseOptions,
  ): Promise<Result<EvidenceDocument, StoredBytesProblem>>;
}
