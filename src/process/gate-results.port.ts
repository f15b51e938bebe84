import type { GateResult } from './conformance.js';
import type { StepArtefact } from './step.js';

/** What gates said of artefact versions, as it was recorded. */
export interface GateResults {
  /** Every decision about any of these; those about one version in the order of the ledger. */
  about(
    orgId: string,
    artefacts: readonly Pick<StepArtefact, 'artId' | 'digest'>[],
  ): Promise<readonly GateResult[]>;
}
