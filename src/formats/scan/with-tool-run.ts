import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { EvidenceState, ToolFact } from '../model/evidence-state.js';
import type { RunOutcome, ToolRun } from '../model/tool-run.js';
import { SCAN_RECORD_FORMAT } from './scan-record.js';

/** What the way a tool ended makes of a report that reads as complete. */
const AT_BEST: Readonly<Record<RunOutcome, EvidenceState>> = {
  FINISHED: 'COMPLETE',
  PARTIAL: 'INCOMPLETE',
  FAILED: 'ERROR',
  NOT_RUN: 'ERROR',
  NOTHING_TO_SCAN: 'NOT_MEASURED',
};

/**
 * The document of a report, with what the worker knows of the run that made it: the version that was installed, the
 * question that was asked, the age of its data. The state only ever gets worse, but for tools that write nothing when
 * they find nothing, where the exit status tells (formats.md §1). `format`: what the worker declared.
 */
export function withToolRun(
  document: EvidenceDocument,
  run: ToolRun,
  format: string | null,
): EvidenceDocument {
  if (document.format === SCAN_RECORD_FORMAT) return document;
  const read = isCleanAndEmpty(document, run) ? cleanDocument(run, format) : document;
  const isComplete = read.state === 'COMPLETE';
  return {
    ...read,
    kinds: [...run.kinds].sort(),
    state: isComplete || run.outcome === 'FAILED' ? AT_BEST[run.outcome] : read.state,
    reasons: [...read.reasons, ...run.reasons],
    tools: toolsOf(read.tools, run),
    dataDate: run.dataDate ?? read.dataDate,
  };
}

const isCleanAndEmpty = ({ reasons }: EvidenceDocument, { emptyIsClean, outcome }: ToolRun): boolean =>
  emptyIsClean && outcome === 'FINISHED' && reasons.length === 1 && reasons[0]?.code === 'format.empty';

const cleanDocument = ({ kinds }: ToolRun, format: string | null): EvidenceDocument =>
  aDocument({ format: format ?? 'unknown', kinds, state: 'COMPLETE' });

/** The tool that was run under its installed version; others that the report names stay as they are named. */
function toolsOf(stated: readonly ToolFact[], { tool }: ToolRun): readonly ToolFact[] {
  const isRun = ({ name }: ToolFact): boolean => name.toLowerCase() === tool.name.toLowerCase();
  const name = stated.find(isRun)?.name ?? tool.name;
  return [{ name, version: tool.version, versionFrom: 'worker' }, ...stated.filter((one) => !isRun(one))];
}
