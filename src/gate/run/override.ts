import type { Instant } from '../../kernel/clock.js';
import { excusedBy, type WaiverContext } from '../../waiver/match.js';
import type { WaiverRecord } from '../../waiver/waiver.js';
import { counted, type RuleResult } from '../decide.js';
import type { SeverityRules } from '../gate-terms.js';

/** A rule that a run could not judge, or that does not let the artefact pass. */
export interface OpenRule {
  readonly ruleId: string;
  /** `not-judged`: a waiver may stand for it; `not-passed`: it was judged, and only its own waivers count. */
  readonly why: 'not-judged' | 'not-passed';
}

/** The rules that keep a recorded ERROR from being a pass. */
export const openRules = (rules: readonly RuleResult[], severityRules: SeverityRules): readonly OpenRule[] =>
  rules.flatMap((rule): OpenRule[] => {
    const [outcome] = counted(rule, severityRules, 'waived');
    if (outcome === 'ERROR') return [{ ruleId: rule.ruleId, why: 'not-judged' }];
    return outcome === 'FAIL' || outcome === 'INDETERMINATE'
      ? [{ ruleId: rule.ruleId, why: 'not-passed' }]
      : [];
  });

/**
 * Which waivers stand for the rules that could not be judged, and which rules nothing stands for. What a rule did not
 * look at may be as bad as can be and anywhere, so a waiver covers it only up to critical and for all of the rule: one
 * for a finding, a path or a component says nothing here. The same function as at a gate decides.
 */
export function coverOf(
  open: readonly OpenRule[],
  waivers: readonly WaiverRecord[],
  context: WaiverContext,
  asOf: Instant,
): { readonly waiverIds: readonly string[]; readonly uncovered: readonly OpenRule[] } {
  const covered = open.map((rule) => ({
    rule,
    waiver:
      rule.why === 'not-judged'
        ? excusedBy(
            waivers,
            { ruleId: rule.ruleId, severity: 'critical', path: null, identity: null, component: null },
            context,
            asOf,
          )
        : undefined,
  }));
  return {
    waiverIds: [...new Set(covered.flatMap(({ waiver }) => waiver?.waiver.waiverId ?? []))].sort(),
    uncovered: covered.flatMap(({ rule, waiver }) => (waiver ? [] : [rule])),
  };
}
