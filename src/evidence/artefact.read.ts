import type { Digest } from '../kernel/digest.js';
import type { ArtefactVersion } from './artefact.js';

export interface NamedArtefactVersion extends ArtefactVersion {
  readonly name: string;
  readonly projectId: string;
}

/** Answers about artefact versions, outside transactions. */
export interface ArtefactRead {
  /** Versions with this digest, of one ART_* or of any, by artId. Several ids may share bytes. */
  versions(orgId: string, digest: Digest, artId?: string): Promise<readonly NamedArtefactVersion[]>;
  /** Every version of one ART_*, oldest first. */
  versionsOf(orgId: string, artId: string): Promise<readonly NamedArtefactVersion[]>;
  /**
   * Versions whose digest starts with `prefix`: at least 8 hex digits, with or without the algorithm. By digest
   * and artId; at most `limit`. A shorter or other prefix finds nothing.
   */
  byDigestPrefix(orgId: string, prefix: string, limit: number): Promise<readonly NamedArtefactVersion[]>;
}
