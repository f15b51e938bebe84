import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../kernel/canonical-json.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceState } from '../model/evidence-state.js';
import { toolRunSchema, type RunOutcome, type ToolRun } from '../model/tool-run.js';
import { scanReason } from './scan-reason.js';

/**
 * What the worker hands in where there is no report: a scanner that did not run is evidence too, and never reads as
 * one that found nothing. `complaint` is the end of what the tool wrote to standard error.
 */
export type ScanRecord = { readonly assayScan: 1; readonly run: ToolRun; readonly complaint: string };

const scanRecordSchema: z.ZodType<ScanRecord> = z.strictObject({
  assayScan: z.literal(1),
  run: toolRunSchema,
  complaint: z.string(),
});

export const SCAN_RECORD_FORMAT = 'assay-scan';

/** Not one of them can pass a gate: a record stands where a report is missing. */
const STATE: Readonly<Record<RunOutcome, EvidenceState>> = {
  FINISHED: 'ERROR',
  PARTIAL: 'ERROR',
  FAILED: 'ERROR',
  NOT_RUN: 'ERROR',
  NOTHING_TO_SCAN: 'NOT_MEASURED',
};

export const encodeScanRecord = (run: ToolRun, complaint: string): Uint8Array =>
  Buffer.from(canonicalJson({ assayScan: 1, run: { ...run }, complaint }));

export function readScanRecord(value: JsonValue): EvidenceDocument {
  const parsed = scanRecordSchema.safeParse(value);
  if (!parsed.success) return unreadable(SCAN_RECORD_FORMAT, [], scanReason('scan.malformed'));
  const { run, assayScan } = parsed.data;
  return aDocument({
    format: SCAN_RECORD_FORMAT,
    formatVersion: String(assayScan),
    kinds: [...run.kinds].sort(),
    state: STATE[run.outcome],
    reasons:
      run.reasons.length > 0 ? run.reasons : [scanReason('scan.no-report', { status: run.exitStatus })],
    tools: [{ ...run.tool, versionFrom: 'worker' }],
    dataDate: run.dataDate,
  });
}
