import { failed, ok, type Result } from '../../kernel/result.js';

/** Where the work on a policy stands. *Active* is not among them: that belongs to an activation on a checklist. */
export const POLICY_STATES = ['absent', 'draft', 'checked', 'in_review', 'published', 'retired'] as const;
export type PolicyState = (typeof POLICY_STATES)[number];

export const POLICY_ACTIONS = [
  'save',
  'discard',
  'check',
  'request-review',
  'approve',
  'request-changes',
  'publish',
  'retire',
] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/**
 * Every move there is. What was published stays so for ever; saving after it begins the next version. Saving
 * while a review is open withdraws what is under review: nobody approves what is no longer meant.
 */
export const LIFECYCLE: Readonly<Record<PolicyState, Partial<Readonly<Record<PolicyAction, PolicyState>>>>> =
  {
    absent: { save: 'draft' },
    draft: { save: 'draft', discard: 'absent', check: 'checked', 'request-review': 'in_review' },
    checked: { save: 'draft', discard: 'absent', check: 'checked', 'request-review': 'in_review' },
    in_review: {
      save: 'draft',
      discard: 'absent',
      check: 'in_review',
      approve: 'in_review',
      'request-changes': 'checked',
      publish: 'published',
    },
    published: { save: 'draft', check: 'published', retire: 'retired' },
    retired: { save: 'draft', check: 'retired' },
  };

/** The state forbids the step. `state` is where the policy stands. */
export interface PolicyStateForbids {
  readonly kind: 'PolicyStateForbids';
  readonly policyId: string;
  readonly state: PolicyState;
  readonly action: PolicyAction;
}

export function transition(
  policyId: string,
  state: PolicyState,
  action: PolicyAction,
): Result<PolicyState, PolicyStateForbids> {
  const next = LIFECYCLE[state][action];
  return next === undefined ? failed({ kind: 'PolicyStateForbids', policyId, state, action }) : ok(next);
}
