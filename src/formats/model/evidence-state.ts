/**
 * COMPLETE: the tool finished and we understood it. INCOMPLETE: the tool says it did not finish. ERROR: it did
 * not run, or the file cannot be read. NOT_MEASURED: 0 of 0. UNKNOWN: present, but nobody understands it.
 * Only COMPLETE can lead to a pass (formats.md §1). The gate adds STALE, which is a matter of time.
 */
export const EVIDENCE_STATES = ['COMPLETE', 'INCOMPLETE', 'ERROR', 'NOT_MEASURED', 'UNKNOWN'] as const;
export type EvidenceState = (typeof EVIDENCE_STATES)[number];

/** The questions a file speaks to. */
export const EVIDENCE_KINDS = [
  'acceptance', // acceptance criteria and their links to tests
  'agent-run', // what made an artefact: model, version, temperature, preset, prompt
  'attestation', // what a person vouches for, item by item
  'coverage',
  'dast', // findings in the running application
  'iac', // findings in infrastructure as code
  'performance', // load tests
  'provenance', // signed statements about the artefact
  'quality', // findings about maintainability
  'sast',
  'sbom',
  'secrets',
  'source', // what coverage is held against: a patch, or the files that must be measured
  'tests',
  'vulnerabilities',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** A message code with its facts; rendered in the reader's language elsewhere. */
export type Reason = {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
};

/** `versionFrom: file`: what the file claims, which is often wrong (gitleaks 8.26.0 writes v8.0.0). */
export type ToolFact = {
  readonly name: string;
  readonly version: string | null;
  readonly versionFrom: 'file' | 'worker';
};

/** What the file holds and the document does not, so that nothing is cut in silence. */
export type Dropped = { readonly what: string; readonly count: number; readonly why: string };
