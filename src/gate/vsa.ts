import type { JsonObject } from '../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import { algorithmOf, hexOf, type Digest } from '../kernel/digest.js';
import type { GateInputs } from './decision-input.js';
import { passes, type Verdict } from './verdict.js';

/**
 * The SLSA Verification Summary (v1) of a decision: the predicate members of its ledger statement. We verify
 * no SLSA level, so none is ever claimed: a passed summary lists none, a failed one says FAILED as the
 * specification asks. The exact verdict and the waivers stand in our own facts beside it.
 */
export function verificationSummary(
  verifierId: string,
  inputs: GateInputs,
  verdict: Verdict,
  decidedAt: Instant,
): JsonObject {
  const { orgId, artefact, checklist, evidence, baseline } = inputs;
  const judgedWith = new Set([...evidence, ...(baseline?.evidence ?? [])].map((item) => item.storedDigest));
  const passed = passes(verdict);
  return {
    verifier: { id: verifierId },
    timeVerified: toRfc3339(decidedAt),
    resourceUri: `urn:assay:${orgId}:artefact:${artefact.artId}`,
    policy: {
      uri: `urn:assay:${orgId}:checklist:${checklist.chkId}:${checklist.version}`,
      digest: digestSet(checklist.digest),
    },
    // If there are any, all (VSA v1): a decision rests on what it was compared with, too.
    inputAttestations: [...judgedWith].map((storedDigest) => ({
      uri: `urn:assay:${orgId}:evidence:${storedDigest}`,
      digest: digestSet(storedDigest),
    })),
    verificationResult: passed ? 'PASSED' : 'FAILED',
    verifiedLevels: passed ? [] : ['FAILED'],
  };
}

const digestSet = (digest: Digest): JsonObject => ({ [algorithmOf(digest)]: hexOf(digest) });
