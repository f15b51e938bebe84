import type { Digest } from '../../kernel/digest.js';
import type { FindingIdentity } from '../selector.js';

/** A finding in an artefact as far as a suppression can name it, and as far as a waiver has to. */
export interface SuppressibleFinding {
  readonly tool: string;
  readonly rule: string;
  readonly path: string | null;
  readonly startLine: number | null;
  /** `content` is null where nothing but the place is known of it. */
  readonly identity: Required<Omit<FindingIdentity, 'content'>> & { readonly content: string | null };
  /** The tool's report says that somebody looked at it and let it be. */
  readonly isSuppressed: boolean;
}

export interface ArtefactFindings {
  /** Of all evidence that a worker has normalised, in no order; undefined when the version is not registered. */
  of(
    orgId: string,
    artefact: { readonly artId: string; readonly digest: Digest },
  ): Promise<AsyncIterable<SuppressibleFinding> | undefined>;
}
