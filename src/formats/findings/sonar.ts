import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceKind } from '../model/evidence-state.js';
import type { Finding, FindingKind, Severity } from '../model/finding.js';
import {
  countIn,
  filledTextIn,
  firstHas,
  isObject,
  listIn,
  objectIn,
  objectsIn,
  textIn,
} from '../read/json-view.js';
import { worstSeverity } from '../severity.js';

/** Old: each issue tells all. New (10.3): `rules` tells what issues have in common. */
export const isSonar = (value: JsonObject): boolean =>
  firstHas(value, 'issues', 'primaryLocation') ||
  (listIn(value, 'issues')?.length === 0 && listIn(value, 'rules') !== undefined);

/** SonarQube's two scales: of issues (BLOCKER … INFO) and of impacts (since 10.8 with BLOCKER and INFO). */
const OF_ISSUES: ReadonlyMap<string, Severity> = new Map([
  ['BLOCKER', 'critical'],
  ['CRITICAL', 'high'],
  ['MAJOR', 'medium'],
  ['MINOR', 'low'],
  ['INFO', 'none'],
]);
const OF_IMPACTS: ReadonlyMap<string, Severity> = new Map([
  ['BLOCKER', 'critical'],
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
  ['INFO', 'none'],
]);

/** Reads SonarQube's generic issues, in which any tool hands over its findings. */
export function normaliseSonar(root: JsonValue): EvidenceDocument {
  const report = isObject(root) ? root : undefined;
  const listed = listIn(report, 'issues');
  if (!report || !listed)
    return unreadable('sonar-issues', ['quality'], { code: 'sonar.no-issues', params: {} });
  const rules = new Map(objectsIn(report, 'rules').map((rule) => [textIn(rule, 'id') ?? '', rule]));
  const issues = objectsIn(report, 'issues').filter((issue) => objectIn(issue, 'primaryLocation'));
  const occurrences = new OccurrenceCounter();
  const findings = issues.map((issue) =>
    findingOf(issue, rules.get(textIn(issue, 'ruleId') ?? ''), occurrences),
  );
  const kinds = new Set(findings.map(({ kind }): EvidenceKind => (kind === 'sast' ? 'sast' : 'quality')));
  return findingsDocument({
    format: 'sonar-issues',
    kinds: kinds.size === 0 ? ['quality'] : [...kinds],
    tool: { name: findings[0]?.tool ?? 'SonarQube' },
    findings,
    listed: listed.length,
  });
}

function findingOf(issue: JsonObject, rule: JsonObject | undefined, occurrences: OccurrenceCounter): Finding {
  const location = objectIn(issue, 'primaryLocation');
  const range = objectIn(location, 'textRange');
  const impacts = [...objectsIn(issue, 'impacts'), ...objectsIn(rule, 'impacts')];
  return composeFinding(
    {
      kind: kindOf(textIn(issue, 'type') ?? textIn(rule, 'type'), impacts),
      tool: filledTextIn(issue, 'engineId') ?? filledTextIn(rule, 'engineId') ?? 'SonarQube',
      rule: filledTextIn(issue, 'ruleId') ?? 'unnamed',
      severity: severityOf(textIn(issue, 'severity') ?? textIn(rule, 'severity'), impacts),
      message: textIn(location, 'message') ?? textIn(rule, 'name') ?? '',
      place: textIn(location, 'filePath') ?? '',
      startLine: countIn(range, 'startLine'),
      startColumn: countIn(range, 'startColumn'),
    },
    occurrences,
  );
}

function kindOf(type: string | undefined, impacts: readonly JsonObject[]): FindingKind {
  const isSecurity = impacts.some((impact) => textIn(impact, 'softwareQuality') === 'SECURITY');
  return isSecurity || type === 'VULNERABILITY' || type === 'SECURITY_HOTSPOT' ? 'sast' : 'quality';
}

function severityOf(word: string | undefined, impacts: readonly JsonObject[]): Severity {
  const byImpacts = impacts.map((impact) => OF_IMPACTS.get(textIn(impact, 'severity') ?? '') ?? 'unknown');
  return worstSeverity([...byImpacts, OF_ISSUES.get(word ?? '') ?? 'unknown']);
}
