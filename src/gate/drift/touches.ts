import type { WaiverSelector } from '../../waiver/selector.js';
import type { DecisionDocument } from '../decision.js';
import type { RuleResult, ViolationResult } from '../decide.js';

/**
 * Whether a waiver may excuse, or have excused, anything that a decision found. Errs on the side of yes: which path
 * or component a selector names, the gate itself works out when it judges again.
 */
export const mayTouch = (
  selectors: readonly WaiverSelector[],
  { rules }: Pick<DecisionDocument, 'rules'>,
): boolean =>
  rules.some((rule) =>
    rule.violations.some((violation) => selectors.every((one) => mayName(one, rule, violation))),
  );

function mayName(selector: WaiverSelector, rule: RuleResult, { identity }: ViolationResult): boolean {
  if (selector.type === 'rule') return selector.ruleId === rule.ruleId;
  // A waiver may follow a finding into another file, so its value need not be the same.
  if (selector.type === 'finding') return selector.scheme === identity?.scheme;
  return true;
}
