import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { ToolRun } from '../formats/model/tool-run.js';
import type { Digest } from '../kernel/digest.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { ScanResult, ScanTask } from './scan.js';

/** An entry per scanner: each becomes a job of its own. */
export function scanRequested(task: ScanTask, by: Actor, context: ProcessContext): EntryDraft {
  const { orgId, artId, artefactDigest, source, requestedAt } = task;
  return {
    orgId,
    kind: 'scan.requested',
    actor: { principalId: task.requestedBy },
    subjects: [
      { name: artId, digest: artefactDigest },
      { name: 'source', digest: source.digest },
    ],
    facts: {
      tsStart: requestedAt,
      tsEnd: requestedAt,
      ...actedBy(by, context),
      artId,
      artefactDigest,
      stateAfter: 'REQUESTED',
      details: {
        scanId: task.scanId,
        scanner: task.scanner,
        sourceDigest: source.digest,
        ...(source.checkout !== null && { checkout: source.checkout }),
      },
    },
    key: task.entryKey,
  };
}

/** `result` is how the scanner ended; what it found is in the evidence, which has entries of its own. */
export function scanFinished(
  task: ScanTask,
  result: ScanResult,
  evidence: { readonly storedDigest: Digest; readonly toolRun: ToolRun | null },
): EntryDraft {
  const { orgId, artId, artefactDigest, source, scanId, scanner } = task;
  const { tool, reasons } = evidence.toolRun ?? { tool: { version: null }, reasons: [] };
  return {
    orgId,
    kind: 'scan.finished',
    actor: 'system',
    subjects: [
      { name: 'evidence', digest: evidence.storedDigest },
      { name: 'source', digest: source.digest },
    ],
    facts: {
      tsStart: result.startedAt,
      tsEnd: result.finishedAt,
      artId,
      artefactDigest,
      evidenceDigests: [evidence.storedDigest],
      result: result.outcome,
      stateBefore: 'REQUESTED',
      stateAfter: 'DONE',
      details: {
        scanId,
        scanner,
        evidenceId: result.evidenceId,
        toolVersion: tool.version,
        reasons: reasons.map(({ code }) => code),
      },
    },
    key: result.entryKey,
  };
}
