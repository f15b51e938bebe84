import type { JsonObject } from '../../kernel/canonical-json.js';
import {
  FINDING_LEVELS,
  type Finding,
  type FindingLevel,
  type LevelSource,
  type Severity,
} from '../model/finding.js';
import { listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { indexIn, type FoundRule, type RuleIndex } from './sarif-rules.js';

export interface ResolvedLevel {
  readonly level: FindingLevel;
  readonly levelFrom: LevelSource;
}

/**
 * SARIF §3.27.10: a result of another kind than fail has no level; else its own; else that of an override in
 * the invocation it names (and only there: an override that lowers must be attributed); else the rule's
 * default; else warning.
 */
export function resolveLevel(
  run: JsonObject,
  result: JsonObject,
  found: FoundRule | undefined,
  rules: RuleIndex,
): ResolvedLevel {
  if ((textIn(result, 'kind') ?? 'fail') !== 'fail') return { level: 'none', levelFrom: 'kind' };
  const explicit = levelIn(result);
  if (explicit) return { level: explicit, levelFrom: 'explicit' };
  if (!found) return { level: 'warning', levelFrom: 'default' };
  const override = overrideFor(run, result, found, rules);
  if (override) return { level: override, levelFrom: 'override' };
  const byRule = levelIn(objectIn(found.rule, 'defaultConfiguration'));
  return byRule ? { level: byRule, levelFrom: found.from } : { level: 'warning', levelFrom: 'default' };
}

function overrideFor(
  run: JsonObject,
  result: JsonObject,
  found: FoundRule,
  rules: RuleIndex,
): FindingLevel | undefined {
  const index = indexIn(objectIn(result, 'provenance'), 'invocationIndex');
  const invocation = index === undefined ? undefined : objectsIn(run, 'invocations')[index];
  const override = objectsIn(invocation, 'ruleConfigurationOverrides').find(
    (one) => rules.ofReference(objectIn(one, 'descriptor'))?.rule === found.rule,
  );
  return levelIn(objectIn(override, 'configuration'));
}

/** A word that is no level is taken as the worst one: whoever wrote it meant something. */
function levelIn(parent: JsonObject | undefined): FindingLevel | undefined {
  const written = textIn(parent, 'level');
  if (written === undefined) return undefined;
  return LEVELS.get(written) ?? LEVELS.get(written.toLowerCase()) ?? 'error';
}
const LEVELS: ReadonlyMap<string, FindingLevel> = new Map(FINDING_LEVELS.map((level) => [level, level]));

const BY_LEVEL: Readonly<Record<FindingLevel, Severity>> = {
  error: 'high',
  warning: 'medium',
  note: 'low',
  none: 'none',
};

/**
 * The rule's `security-severity` (a CVSS score as text) before the level. A result the tool could not decide
 * on (kind open or review) is of unknown severity, not of none. A score of 0 against a level that says
 * otherwise is a missing score.
 */
export function resolveSeverity(
  result: JsonObject,
  { level }: ResolvedLevel,
  found: FoundRule | undefined,
): Pick<Finding, 'severity' | 'severityFrom'> {
  const kind = textIn(result, 'kind') ?? 'fail';
  if (kind !== 'fail')
    return { severity: kind === 'open' || kind === 'review' ? 'unknown' : 'none', severityFrom: 'level' };
  const score = scoreIn(result) ?? scoreIn(found?.rule);
  if (score === undefined || (score === 0 && level !== 'none'))
    return { severity: BY_LEVEL[level], severityFrom: 'level' };
  return { severity: severityOfScore(score), severityFrom: 'cvss' };
}

function scoreIn(parent: JsonObject | undefined): number | undefined {
  const written = objectIn(parent, 'properties')?.['security-severity'];
  const score =
    typeof written === 'string' && /^\d{1,2}(?:\.\d{1,3})?$/.test(written) ? Number(written) : written;
  return typeof score === 'number' && score >= 0 && score <= 10 ? score : undefined;
}

function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

/** §3.27.23 and §3.35: accepted only if no suppression is under review or rejected; no status is acceptance. */
export function resolveSuppression(
  result: JsonObject,
): Pick<Finding, 'toolSuppression' | 'toolSuppressionExpires'> {
  const listed = listIn(result, 'suppressions');
  if (!listed) return { toolSuppression: 'unknown', toolSuppressionExpires: null };
  if (listed.length === 0) return { toolSuppression: 'none', toolSuppressionExpires: null };
  const suppressions = objectsIn(result, 'suppressions');
  const statuses = suppressions.map((one) => textIn(one, 'status') ?? 'accepted');
  const ends = suppressions.flatMap((one) => textIn(objectIn(one, 'properties'), 'expiryUtc') ?? []);
  const expires = ends.sort()[0]?.slice(0, 40) ?? null;
  if (statuses.includes('rejected')) return { toolSuppression: 'rejected', toolSuppressionExpires: expires };
  if (statuses.includes('underReview'))
    return { toolSuppression: 'underReview', toolSuppressionExpires: expires };
  const accepted = statuses.length > 0 && statuses.every((status) => status === 'accepted');
  return { toolSuppression: accepted ? 'accepted' : 'unknown', toolSuppressionExpires: expires };
}

const BASELINES: ReadonlyMap<string, Finding['baseline']> = new Map([
  ['new', 'new'],
  ['unchanged', 'unchanged'],
  ['existing', 'unchanged'], // older files
  ['updated', 'updated'],
  ['absent', 'absent'],
]);

export const resolveBaseline = (result: JsonObject): Finding['baseline'] =>
  BASELINES.get(textIn(result, 'baselineState') ?? '') ?? 'unknown';
