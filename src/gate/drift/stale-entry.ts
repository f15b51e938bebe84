import { idempotencyKey, type IdempotencyKey } from '../../kernel/id.js';
import type { EntryDraft } from '../../ledger/entry.js';
import { causeName, type Cause, type StandingDecision, type Staleness } from './standing.js';

/** One key per decision and cause: however often it is found, it is recorded once. */
export const staleKey = (orgId: string, decisionId: string, cause: Cause): IdempotencyKey =>
  idempotencyKey(orgId, 'decision.stale', `${decisionId} ${causeName(cause)}`);

/** The entry: the decision keeps what it said, and no longer says what the gate would say. */
export function staleEntry(staleness: Staleness, standing: StandingDecision): EntryDraft {
  const { orgId, gateId, artId, artefactDigest, decisionId, cause, foundAt, entryKey } = staleness;
  return {
    orgId,
    kind: 'decision.stale',
    actor: 'system',
    subjects: [
      { name: artId, digest: artefactDigest },
      { name: `decision/${decisionId}`, digest: standing.documentDigest },
    ],
    facts: {
      tsStart: foundAt,
      tsEnd: foundAt,
      ...(standing.projectId !== null && { projectId: standing.projectId }),
      gateId,
      artId,
      artefactDigest,
      decisionId,
      checklistVersion: `${standing.chkId}@${String(standing.checklistVersion)}`,
      stateBefore: standing.verdict,
      details: {
        cause: cause.kind,
        ...(cause.seq !== null && { causeSeq: cause.seq }),
        locus: standing.locus,
      },
    },
    key: entryKey,
  };
}
