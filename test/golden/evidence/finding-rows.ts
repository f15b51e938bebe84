import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import type { Severity } from '../../../src/formats/model/finding.js';

/** A sample with its known answer: the golden specs assert these, docs/evidence-formats.md prints them. */
export interface FindingRow {
  readonly file: string;
  readonly format: string;
  /** What the uploader has to say, where the content does not. */
  readonly declaredFormat?: string;
  readonly state?: EvidenceDocument['state'];
  readonly reason?: string;
  readonly kinds?: readonly string[];
  readonly severities: Partial<Record<Severity, number>>;
  /** Distinct identities. */
  readonly distinct?: number;
  readonly shows: string;
}

export const SECRET_ROWS: readonly FindingRow[] = [
  {
    file: 'secrets/gitleaks/baseline.json',
    format: 'gitleaks',
    severities: { high: 2 },
    shows: 'values blanked by the tool',
  },
  {
    file: 'secrets/gitleaks/gitleaks-report-clean.json',
    format: 'gitleaks',
    declaredFormat: 'gitleaks',
    severities: {},
    shows: '`[]` is clean, once the format is declared',
  },
  {
    file: 'secrets/gitleaks/no_findings.json',
    format: 'gitleaks',
    declaredFormat: 'gitleaks',
    severities: {},
    shows: '`null` is clean, once the format is declared',
  },
  {
    file: 'secrets/gitleaks/gitleaks-report-violations.json',
    format: 'gitleaks',
    severities: { high: 2 },
    distinct: 2,
    shows: 'a producer that drops fields',
  },
  {
    file: 'secrets/gitleaks/v7-redacted.json',
    format: 'gitleaks-7',
    severities: { high: 6 },
    shows: 'version 7, values REDACTED',
  },
  {
    file: 'secrets/goldens/gitleaks-dir.json',
    format: 'gitleaks',
    severities: { high: 6 },
    distinct: 6,
    shows: '3 values in 2 files',
  },
  {
    file: 'secrets/goldens/gitleaks-git.json',
    format: 'gitleaks',
    severities: { high: 3 },
    distinct: 3,
    shows: '3 values of one commit',
  },
  {
    file: 'secrets/goldens/trufflehog.jsonl',
    format: 'trufflehog',
    severities: { high: 4 },
    distinct: 4,
    shows: 'lines of JSON',
  },
  {
    file: 'secrets/trufflehog/trufflehog-report.json',
    format: 'trufflehog',
    severities: { critical: 1, high: 1 },
    distinct: 2,
    shows: 'a verified secret is critical',
  },
  {
    file: 'secrets/trufflehog/trufflehog-missing-detector.json',
    format: 'trufflehog',
    severities: { high: 1 },
    distinct: 1,
    shows: 'no detector, no place',
  },
  {
    file: 'secrets/trufflehog/trufflehog-clean-scan.jsonl',
    format: 'trufflehog',
    declaredFormat: 'trufflehog',
    state: 'ERROR',
    reason: 'format.empty',
    severities: {},
    shows: '0 bytes: clean or crashed',
  },
  {
    file: 'secrets/detect-secrets/detect-secrets-baseline-clean.json',
    format: 'detect-secrets',
    severities: {},
    shows: 'clean',
  },
  {
    file: 'secrets/detect-secrets/detect-secrets-baseline-violations.json',
    format: 'detect-secrets',
    severities: { high: 2 },
    distinct: 2,
    shows: 'unsalted hashes, masked',
  },
  {
    file: 'secrets/secretlint/secretlint_no_vuln.json',
    format: 'secretlint',
    severities: {},
    shows: 'clean, and the whole source in it',
  },
  {
    file: 'secrets/secretlint/secretlint_one_vuln.json',
    format: 'secretlint',
    severities: { high: 1 },
    distinct: 1,
    shows: 'blanked message, the whole source beside it',
  },
];

export const CODE_ROWS: readonly FindingRow[] = [
  {
    file: 'semgrep/fingerprint_test.json',
    format: 'semgrep',
    severities: { high: 1, medium: 1 },
    shows: 'fingerprints that say "requires login"',
  },
  {
    file: 'semgrep/close_old_findings_report_line31.json',
    format: 'semgrep',
    severities: { high: 1 },
    shows: 'ERROR is high',
  },
  {
    file: 'semgrep/high-medium-low-severities.json',
    format: 'semgrep',
    severities: { low: 3 },
    distinct: 1,
    shows: 'one fingerprint up to the occurrence',
  },
  { file: 'semgrep/empty.json', format: 'semgrep', severities: {}, shows: 'no version' },
  {
    file: 'semgrep/repeated_findings.json',
    format: 'semgrep',
    severities: { medium: 2 },
    distinct: 1,
    shows: 'the same match twice',
  },
  {
    file: 'semgrep/handmade-errors-and-skipped.json',
    format: 'semgrep',
    state: 'INCOMPLETE',
    reason: 'semgrep.errors',
    severities: {},
    shows: 'nothing found, and files left out',
  },
];
