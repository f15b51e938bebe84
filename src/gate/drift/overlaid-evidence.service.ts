import type { BlobStore } from '../../kernel/blob.js';
import { ok, type Result } from '../../kernel/result.js';
import type { OsvRecord } from '../../formats/vulnerability/osv-record.js';
import type { GateInputs } from '../decision-input.js';
import {
  EvidenceGatherer,
  type EvidenceUnreadable,
  type GatheredEvidence,
} from '../evidence-gatherer.service.js';
import { withAdvisory } from './hypothesis.js';

/** Evidence as stored, as if its tools had known of an advisory. For hypotheses alone: nothing of it is recorded. */
export class OverlaidEvidence extends EvidenceGatherer {
  constructor(
    blobs: BlobStore,
    private readonly advisory: OsvRecord,
  ) {
    super(blobs);
  }

  override async gather(inputs: GateInputs): Promise<Result<GatheredEvidence, EvidenceUnreadable>> {
    const gathered = await super.gather(inputs);
    if (!gathered.ok) return gathered;
    return ok({ ...gathered.value, evidence: withAdvisory(gathered.value.evidence, this.advisory) });
  }
}
