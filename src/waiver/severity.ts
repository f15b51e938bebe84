/** One scale for findings, rules and waivers, mildest first; `unknown` stands apart (formats.md §1). */
export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Whether a waiver for at most `ceiling` may excuse a violation of `severity`. Something of unknown severity
 * may turn out to be critical, so only a ceiling of critical covers it, or one that names unknown; and a
 * ceiling of unknown covers nothing else.
 */
export function covers(ceiling: Severity, severity: Severity): boolean {
  if (ceiling === 'unknown' || severity === 'unknown') return ceiling === severity || ceiling === 'critical';
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(ceiling);
}

/** The worst of some severities, `none` when there are none. Unknown ranks with the worst: it must be looked at. */
export function worstSeverity(severities: readonly Severity[]): Severity {
  return severities.reduce<Severity>(
    (worst, next) => (SEVERITIES.indexOf(next) > SEVERITIES.indexOf(worst) ? next : worst),
    'none',
  );
}
