import type { Digest } from '../kernel/digest.js';
import type { Evidence, EvidenceWithReport } from './evidence.js';

/**
 * Answers about evidence, outside transactions. Each answer is of one moment: what is received is in it, with
 * its newest report or with null. Oldest first by time of receipt.
 */
export interface EvidenceRead {
  byId(orgId: string, evidenceId: string): Promise<EvidenceWithReport | undefined>;
  /** All evidence about an artefact version. */
  forArtefact(
    orgId: string,
    artefact: { readonly artId: string; readonly digest: Digest },
  ): Promise<readonly EvidenceWithReport[]>;
  /** What a worker has not normalised yet, of one artefact version. */
  pending(
    orgId: string,
    artefact: { readonly artId: string; readonly digest: Digest },
  ): Promise<readonly Evidence[]>;
  /** By the digest of the stored bytes; the same bytes may have been handed in more than once. */
  byDigest(orgId: string, storedDigest: Digest): Promise<readonly EvidenceWithReport[]>;
  /** By a prefix of at least 8 hex digits, with or without `sha256:`; at most `limit`. Else nothing. */
  byDigestPrefix(orgId: string, prefix: string, limit: number): Promise<readonly EvidenceWithReport[]>;
}
