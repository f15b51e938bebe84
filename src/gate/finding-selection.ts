import type { JsonObject } from '../kernel/canonical-json.js';
import { aggregatesOf, type FindingAggregate, type FindingTraits } from '../formats/model/finding-page.js';
import type { FindingNeed } from '../policy/policy-version.js';
import type { PinnedPolicy, PinnedRule } from './checklist.js';

/**
 * Findings that one decision takes in. More are not sampled: the rules that need them have a gap. The figure is
 * what one report could hold before there were pages; a decision records 10,000 violations at most.
 */
export const MAX_FINDINGS = 25_000;
/** In canonical JSON; the engine takes 16 MiB, and there is more than findings. */
export const MAX_FINDING_BYTES = 12 * 1024 * 1024;

/** Whether findings with these traits are looked at. */
export type Wanted = (traits: FindingTraits) => boolean;

/** A rule that is asked, with what it looks at. */
export interface NeedingRule {
  readonly policyId: string;
  readonly ruleId: string;
  readonly wants: Wanted;
}

/** Why a rule is not asked: what it would have to look at is more than `limit`, findings or bytes. */
export interface TooMany {
  readonly code: 'gate.too-many-findings' | 'gate.too-large-findings';
  readonly count: number;
  readonly limit: number;
}

const EVERYTHING: Wanted = () => true;
const RANK: Readonly<Record<string, number>> = { critical: 4, high: 3, medium: 2, low: 1, none: 0 };

/**
 * Every rule that is on. One that does not say what it looks at is taken to look at everything, gone findings
 * included: a rule that saw less than it counts on would say PASS where it should not.
 */
export const needingRules = (policies: readonly PinnedPolicy[]): readonly NeedingRule[] =>
  policies.flatMap(({ policyId, rules, parameters }) =>
    rules
      .filter(({ effect }) => effect !== 'off')
      .map((rule) => ({ policyId, ruleId: rule.ruleId, wants: wantedBy(rule, parameters) })),
  );

export function wantedBy({ findings }: Pick<PinnedRule, 'findings'>, parameters: JsonObject): Wanted {
  if (!findings) return EVERYTHING;
  const wanted = findings.map((need) => meets(need, parameters));
  return (traits) => traits.baseline !== 'absent' && wanted.some((one) => one(traits));
}

/** A parameter that is not what it should be widens the need: the rule itself will say that it is wrong. */
function meets(need: FindingNeed, parameters: JsonObject): Wanted {
  const { kind, level, severity, from, when } = need;
  if (when !== undefined && parameters[when] === false) return () => false;
  const floor = from === undefined ? undefined : parameters[from];
  const least = typeof floor === 'string' ? RANK[floor] : undefined;
  return (traits) =>
    traits.kind === kind &&
    (level === undefined || traits.level === level) &&
    (severity === undefined || traits.severity === severity) &&
    (least === undefined || (RANK[traits.severity] ?? -1) >= least);
}

/**
 * Which rules can be asked, and what they look at together. Those that need least come first; a rule with which
 * it would become too much is left out, with how much that is.
 */
export function admitted(
  rules: readonly NeedingRule[],
  aggregates: readonly FindingAggregate[],
): { readonly wants: Wanted; readonly left: ReadonlyMap<NeedingRule, TooMany> } {
  const left = new Map<NeedingRule, TooMany>();
  let accepted: readonly NeedingRule[] = [];
  for (const { rule } of byNeed(rules, aggregates)) {
    const together = [...accepted, rule];
    const count = countOf(aggregates, anyOf(together));
    if (count <= MAX_FINDINGS) accepted = together;
    else
      left.set(rule, {
        code: 'gate.too-many-findings',
        count: countOf(aggregates, rule.wants),
        limit: MAX_FINDINGS,
      });
  }
  return { wants: anyOf(accepted), left };
}

interface Need {
  readonly rule: NeedingRule;
  readonly count: number;
}

/** Least first; equal needs in the order of the checklist. */
const byNeed = (rules: readonly NeedingRule[], aggregates: readonly FindingAggregate[]): readonly Need[] =>
  rules.map((rule) => ({ rule, count: countOf(aggregates, rule.wants) })).sort((a, b) => a.count - b.count);

/** Undefined where none needs anything. */
export function mostNeeding(
  rules: readonly NeedingRule[],
  aggregates: readonly FindingAggregate[],
): Need | undefined {
  const most = byNeed(rules, aggregates).at(-1);
  return most && most.count > 0 ? most : undefined;
}

export const countOf = (aggregates: readonly FindingAggregate[], wants: Wanted): number =>
  aggregates.reduce((sum, row) => (wants(row) ? sum + row.count : sum), 0);

const anyOf =
  (rules: readonly NeedingRule[]): Wanted =>
  (traits) =>
    rules.some(({ wants }) => wants(traits));

/** The counts of a document as a rule sees it; documents of earlier releases have none of their own. */
export const aggregatesIn = (document: JsonObject): readonly FindingAggregate[] =>
  aggregatesOf({
    findings: listOf(document['findings']),
    aggregates: listOf(document['aggregates']),
    pages: listOf(document['pages']),
  });

/** Of a document whose digest was checked: what we wrote has this shape. */
export const listOf = (value: unknown): readonly never[] => (Array.isArray(value) ? (value as never[]) : []);
