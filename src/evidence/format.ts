/** Formats that become an evidence document. */
export const SUPPORTED_FORMATS = ['sarif', 'cyclonedx', 'coverage.py', 'go-coverprofile'] as const;
export type SupportedFormat = (typeof SUPPORTED_FORMATS)[number];

/** Formats that are told apart from each other, so that a refusal can name what was sent (formats.md §1). */
export const RECOGNISED_FORMATS = [
  ...SUPPORTED_FORMATS,
  'cyclonedx-xml',
  'spdx-json',
  'spdx-tag-value',
  'spdx-3',
  'osv',
  'in-toto',
  'dsse',
  'sigstore-bundle',
  'istanbul-summary',
  'istanbul-final',
  'lcov',
  'cobertura',
  'clover',
  'jacoco',
  'junit',
  'gitleaks',
  'gitleaks-7',
  'trufflehog',
  'detect-secrets',
  'secretlint',
  'semgrep',
  'trivy',
  'grype',
  'osv-scanner',
  'npm-audit',
  'npm-audit-6',
  'pip-audit',
] as const;
export type RecognisedFormat = (typeof RECOGNISED_FORMATS)[number];

export const isRecognised = (name: string): name is RecognisedFormat =>
  (RECOGNISED_FORMATS as readonly string[]).includes(name);

export const isSupported = (format: RecognisedFormat): format is SupportedFormat =>
  (SUPPORTED_FORMATS as readonly RecognisedFormat[]).includes(format);
