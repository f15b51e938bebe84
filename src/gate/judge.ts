import type { Instant } from '../kernel/clock.js';
import { decide, type Judged, type RuleJudgement } from './decide.js';
import { decisionDocument } from './decision.js';
import { staleFrom, waiverContext, type GateInputs } from './decision-input.js';
import type { ReadEvidence } from './subject.js';

/** A judgement with its recorded form. */
export interface Judgement {
  readonly judged: Judged;
  readonly document: string;
}

/** From inputs and rule reports to the bytes that are recorded. Deciding and replaying are this one function. */
export function judge(
  inputs: GateInputs,
  evidence: readonly ReadEvidence[],
  judgements: readonly RuleJudgement[],
  asOf: Instant,
): Judgement {
  const judged = decide({
    judgements,
    waivers: inputs.waivers,
    context: waiverContext(inputs, evidence),
    asOf,
    severityRules: inputs.gate.severityRules ?? {},
    staleFrom: evidence.flatMap((item) => staleFrom(item, inputs.checklist.freshness) ?? []),
    readsClock: inputs.checklist.policies.some((policy) => policy.readsClock),
  });
  return { judged, document: decisionDocument(inputs, judged, asOf) };
}
