import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { JudgedArtefact, JudgedEvidence } from './subject.js';

/** What the gate needs of artefacts and evidence; answered by the evidence module, wired in `app`. */
export interface SubjectSource {
  /** Registered versions with this digest, of one ART_* or of any. Usually one; several ids may share bytes. */
  artefacts(orgId: string, digest: Digest, artId?: string): Promise<readonly JudgedArtefact[]>;
  /**
   * All evidence received about an artefact version, up to `asOf` where that is given: what is normalised, and the
   * stored digests of what is still being normalised. Nothing received is in neither list.
   */
  evidence(
    orgId: string,
    artefact: { artId: string; digest: Digest },
    asOf?: Instant,
  ): Promise<{ readonly normalised: readonly JudgedEvidence[]; readonly pending: readonly Digest[] }>;
}
