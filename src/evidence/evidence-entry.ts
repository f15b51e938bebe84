import type { Actor, ProcessContext } from '../kernel/actor.js';

import { toRfc3339, type Instant } from '../kernel/clock.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft, EntryFacts } from '../ledger/entry.js';
import type { RecordedEntry } from '../ledger/recorded-entry.js';
import type { Artefact, ArtefactVersion } from './artefact.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import type { Severity } from '../formats/model/finding.js';
import type { Evidence, EvidenceReport } from './evidence.js';

/** Who acted, and where in the process. */
export interface By {
  readonly actor: Actor;
  readonly context: ProcessContext;
}

/** The author is a person: in the statement a pseudonym. */
export function artefactRegistered(version: ArtefactVersion, artefact: Artefact, by: By): EntryDraft {
  const { orgId, artId, digest, authorId, agent, registeredAt, entryKey } = version;
  return {
    orgId,
    kind: 'artefact.registered',
    actor: { principalId: by.actor.principalId },
    subjects: [{ name: artId, digest }],
    facts: {
      ...moment(registeredAt, registeredAt),
      ...actedBy(by.actor, by.context),
      projectId: artefact.projectId,
      artId,
      artefactDigest: digest,
      ...(agent && { agent }),
      details: { projectId: artefact.projectId },
    },
    ...(authorId !== null && { persons: { author: authorId } }),
    key: entryKey,
  };
}

/** `agent` is the artefact's: whose work the report is about. */
export function evidenceReceived(
  evidence: Evidence,
  { projectId, agent }: Pick<NamedArtefactVersion, 'projectId' | 'agent'>,
  by: By,
): EntryDraft {
  const { orgId, artId, artefactDigest, storedDigest, receivedAt, entryKey } = evidence;
  return {
    orgId,
    kind: 'evidence.received',
    actor: { principalId: by.actor.principalId },
    subjects: [
      { name: artId, digest: artefactDigest },
      { name: 'evidence', digest: storedDigest },
    ],
    facts: {
      ...moment(receivedAt, receivedAt),
      ...actedBy(by.actor, by.context),
      projectId,
      artId,
      artefactDigest,
      evidenceDigests: [storedDigest],
      ...(agent && { agent }),
      details: {
        evidenceId: evidence.evidenceId,
        receivedDigest: evidence.receivedDigest,
        sizeBytes: evidence.sizeBytes,
        maskedCount: evidence.maskedCount,
        ...(evidence.declaredFormat !== null && { declaredFormat: evidence.declaredFormat }),
        source: evidence.source,
        collectedAt: toRfc3339(evidence.collectedAt),
        ...(evidence.encoding !== null && { encoding: evidence.encoding }),
        ...(evidence.part && { part: { ...evidence.part } }),
        ...(evidence.toolRun && { toolRun: evidence.toolRun }),
      },
    },
    key: entryKey,
  };
}

/** What is known of a report besides its row. */
export interface Normalised {
  readonly startedAt: Instant;
  /** Of the findings that the report still has: the worst. */
  readonly severity: Severity;
  /** What the receipt's entry says of case, activity, project and agents: normalising belongs to the same. */
  readonly receipt: RecordedEntry['facts'] | undefined;
}

/** `result` is the state of the evidence, so that a reader of the log sees what could not be judged. */
export function evidenceNormalised(
  evidence: Evidence,
  report: EvidenceReport,
  { startedAt, severity, receipt }: Normalised,
): EntryDraft {
  const { orgId, artId, artefactDigest, storedDigest, evidenceId } = evidence;
  return {
    orgId,
    kind: 'evidence.normalised',
    actor: 'system',
    subjects: [
      { name: 'evidence', digest: storedDigest },
      { name: 'document', digest: report.documentDigest },
    ],
    facts: {
      ...moment(startedAt, report.normalisedAt),
      ...(receipt?.caseId !== undefined && { caseId: receipt.caseId }),
      ...(receipt?.actId !== undefined && { actId: receipt.actId }),
      ...(receipt?.projectId !== undefined && { projectId: receipt.projectId }),
      ...(receipt?.agent !== undefined && { agent: receipt.agent }),
      artId,
      artefactDigest,
      evidenceDigests: [storedDigest],
      result: report.state,
      severity,
      stateAfter: report.state,
      details: {
        evidenceId,
        documentDigest: report.documentDigest,
        normaliser: report.normaliser,
        format: report.format,
        kinds: report.kinds,
        reasons: report.reasons.map(({ code }) => code),
        tools: report.tools.map((tool) => ({ ...tool })),
      },
    },
    key: report.entryKey,
  };
}

const moment = (tsStart: Instant, tsEnd: Instant): Pick<EntryFacts, 'tsStart' | 'tsEnd'> => ({
  tsStart,
  tsEnd,
});
