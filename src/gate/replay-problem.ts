import type { OpaBusy, OpaLimitExceeded, OpaUnavailable, RegoInvalid } from '../rego/compiler.port.js';

/** One thing a decision was made with that is not as it was recorded. */
export interface ReplayGap {
  readonly what:
    'DECISION' | 'CHECKLIST' | 'POLICY' | 'MODULE' | 'ARTEFACT' | 'EVIDENCE' | 'WAIVER' | 'INPUTS' | 'RUN';
  /** Which one: an id or a digest. */
  readonly name: string;
  /** `CUT_SHORT`: it was complete, but our own deadline or fault ended the evaluation, which is nobody's input. */
  readonly state: 'MISSING' | 'CHANGED' | 'CUT_SHORT';
}

/** The decision cannot be judged again with what it was judged with: all gaps that could be found at once. */
export interface ReplayImpossible {
  readonly kind: 'ReplayImpossible';
  readonly gaps: readonly ReplayGap[];
}
export interface DecisionNotFound {
  readonly kind: 'DecisionNotFound';
  readonly decisionId: string;
}
/** The decision's checklist has no such rule, or it was off. */
export interface RuleNotAsked {
  readonly kind: 'RuleNotAsked';
  readonly ruleId: string;
}
/** What the bundle was compiled from is not stored: it can judge, but not be explained. */
export interface PolicySourcesMissing {
  readonly kind: 'PolicySourcesMissing';
  readonly bundle: string;
}
/** The cursor is not one that this trace gave. */
export interface InvalidInput {
  readonly kind: 'InvalidInput';
  readonly path: string;
  readonly expected: string;
}

export type ReplayProblem = DecisionNotFound | ReplayImpossible;
export type OpinionProblem = PolicySourcesMissing | OpaUnavailable | OpaBusy | OpaLimitExceeded | RegoInvalid;
export type ExplainProblem = ReplayProblem | RuleNotAsked | OpinionProblem | InvalidInput;

type Messages<P extends { readonly kind: string }> = {
  readonly [K in P['kind']]: (problem: Extract<P, { kind: K }>) => string;
};

const STATES = { MISSING: 'is missing', CHANGED: 'was changed', CUT_SHORT: 'was cut short' } as const;

/** English texts. */
export const EXPLAIN_MESSAGES: Messages<ExplainProblem> = {
  DecisionNotFound: ({ decisionId }) => `There is no decision ${decisionId}.`,
  ReplayImpossible: ({ gaps }) =>
    `This decision cannot be judged again: ${gaps.map(({ what, name, state }) => `${what.toLowerCase()} ${name} ${STATES[state]}`).join('; ')}.`,
  RuleNotAsked: ({ ruleId }) => `The decision did not ask a rule ${ruleId}.`,
  PolicySourcesMissing: ({ bundle }) =>
    `The sources of ${bundle} are not stored: it was published before sources were kept.`,
  OpaUnavailable: ({ remedy }) => `The official OPA is needed for this and was not found. ${remedy}`,
  OpaBusy: () => 'Too many calls of the compiler are under way. Ask again in a moment.',
  OpaLimitExceeded: ({ limit }) =>
    `The evaluation exceeds its limit of ${limit}; ask for its failures only, or replay it with fewer findings.`,
  RegoInvalid: ({ errors }) => errors.map(({ message }) => message).join('; '),
  InvalidInput: ({ path, expected }) => `${path} must be ${expected}.`,
};
