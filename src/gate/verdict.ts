/** What a gate says, mildest first: the worst verdict of its blocking rules is the gate's (settled.md). */
export const VERDICTS = ['PASS', 'PASS_WITH_WAIVERS', 'INDETERMINATE', 'FAIL', 'ERROR'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * What became of one rule. SKIPPED: the checklist switched it off. ERROR: our own fault (engine, limit, a
 * report that cannot be read), never the artefact's.
 */
export type Outcome = 'PASS' | 'FAIL' | 'WAIVED' | 'INDETERMINATE' | 'NOT_APPLICABLE' | 'SKIPPED' | 'ERROR';

const VERDICT_OF: Readonly<Record<Outcome, Verdict>> = {
  ERROR: 'ERROR',
  FAIL: 'FAIL',
  INDETERMINATE: 'INDETERMINATE',
  WAIVED: 'PASS_WITH_WAIVERS',
  PASS: 'PASS',
  NOT_APPLICABLE: 'PASS',
  SKIPPED: 'PASS',
};

/** ERROR > FAIL > INDETERMINATE > PASS_WITH_WAIVERS > PASS. */
export const verdictOf = (outcomes: readonly Outcome[]): Verdict =>
  outcomes
    .map((outcome) => VERDICT_OF[outcome])
    .reduce<Verdict>(
      (worst, next) => (VERDICTS.indexOf(next) > VERDICTS.indexOf(worst) ? next : worst),
      'PASS',
    );

/** Only these two let an artefact through. */
export const passes = (verdict: Verdict): boolean => verdict === 'PASS' || verdict === 'PASS_WITH_WAIVERS';
