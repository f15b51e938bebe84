import type { Reason } from '../model/evidence-state.js';

/** Why a scan did not do what it was asked for; the words are in `messages.ts`. */
export const SCAN_REASONS = [
  'scan.malformed',
  'scan.not-installed',
  'scan.no-data',
  'scan.nothing-to-scan',
  'scan.source-missing',
  'scan.source-altered',
  'scan.source-refused',
  'scan.sandbox-unsupported',
  'scan.sandbox-refused',
  'scan.sandbox-network',
  'scan.sandbox-writable',
  'scan.sandbox-slow',
  'scan.timed-out',
  'scan.memory',
  'scan.processes',
  'scan.report-too-large',
  'scan.killed',
  'scan.exit-status',
  'scan.no-report',
  'scan.report-refused',
  'scan.looked-at-nothing',
  'scan.partly',
  'scan.gave-up',
] as const;
export type ScanReasonCode = (typeof SCAN_REASONS)[number];

/** A reason whose code has words. */
export type ScanReason = Reason & { readonly code: ScanReasonCode };

export const scanReason = (code: ScanReasonCode, params: Reason['params'] = {}): ScanReason => ({
  code,
  params,
});
