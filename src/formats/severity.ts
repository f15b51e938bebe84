import type { FindingLevel, Severity } from './model/finding.js';

/** Qualitative ratings of CVSS 3 and 4, also used for version 2, whose own scale ends at high. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

/** Words of tools on our one scale (formats.md §1), in lower case. What is not here says nothing. */
const WORDS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'], // Red Hat, Microsoft
  ['error', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['warning', 'medium'],
  ['low', 'low'],
  ['negligible', 'low'],
  ['info', 'none'],
  ['informational', 'none'],
  ['none', 'none'],
]);

/** `unknown` for a word nobody knows and for none at all: a policy must name it. */
export const severityOfWord = (word: string | undefined): Severity =>
  WORDS.get(word?.trim().toLowerCase() ?? '') ?? 'unknown';

const RANK: Readonly<Record<Severity, number>> = {
  critical: 5,
  high: 4,
  medium: 3,
  low: 2,
  none: 1,
  unknown: 0, // says nothing, so anything known outranks it
};

export const worstSeverity = (severities: readonly Severity[]): Severity =>
  severities.reduce<Severity>((worst, next) => (RANK[next] > RANK[worst] ? next : worst), 'unknown');

const LEVELS: Readonly<Record<Severity, FindingLevel>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  none: 'none',
  unknown: 'warning', // SARIF's default for what says nothing
};

/** The level of a finding in a format that has severities instead. */
export const levelOfSeverity = (severity: Severity): FindingLevel => LEVELS[severity];
