import { SYSTEM_PRINCIPAL, type Actor, type ProcessContext } from '../kernel/actor.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import { toRfc3339, type Instant } from '../kernel/clock.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft } from '../ledger/entry.js';
import { worstSeverity } from '../waiver/severity.js';
import { effectOf, type Judged, type RuleResult } from './decide.js';
import type { Decision } from './decision.js';
import type { GateInputs } from './decision-input.js';
import type { JudgedBaseline } from './subject.js';
import { verificationSummary } from './vsa.js';

/** A decision that does not hold any more, and the entries (or the clock) that made it so. */
export interface Replaced {
  readonly decisionId: string;
  /** `entry:12`, or `valid-until`. */
  readonly causes: readonly string[];
}

/** A decision on its way into the ledger. */
export interface MadeDecision {
  readonly decision: Decision;
  readonly inputs: GateInputs;
  readonly judged: Judged;
  readonly run: { readonly runId: string; readonly startedAt: Instant };
  readonly actor: Actor;
  readonly context: ProcessContext;
  /** URI that names this installation as a verifier. */
  readonly verifierId: string;
  readonly replaces?: Replaced;
}

/**
 * The entry of a decision: a VSA about the artefact, with the facts that filters, KPIs and replay need. What
 * differs between two tries of one command (run, duration) stays out of what the command determines.
 */
export function decisionEntry(made: MadeDecision): EntryDraft {
  const { decision, inputs, judged, actor, context } = made;
  const { artefact, checklist, evidence } = inputs;
  return {
    orgId: decision.orgId,
    kind: 'decision.recorded',
    actor: actor.principalId === SYSTEM_PRINCIPAL ? 'system' : { principalId: actor.principalId },
    subjects: [{ name: artefact.artId, digest: artefact.digest }],
    facts: {
      tsStart: made.run.startedAt,
      tsEnd: decision.decidedAt,
      ...actedBy(actor, context),
      projectId: artefact.projectId,
      gateId: decision.gateId,
      artId: artefact.artId,
      result: decision.verdict,
      severity: worstSeverity(openSeverities(judged.rules)),
      artefactDigest: artefact.digest,
      checklistVersion: `${checklist.chkId}@${checklist.version}`,
      waiverIds: [...judged.waiversApplied],
      policyDigests: checklist.policies.map(({ digest }) => digest),
      evidenceDigests: evidence.map(({ storedDigest }) => storedDigest),
      waiverSetDigest: inputs.waiverSet,
      asOf: decision.asOf,
      decisionId: decision.decisionId,
      // The run is not over: it is tried again, or waits for a person.
      ...(decision.verdict === 'ERROR' && { stateAfter: 'running' }),
      ...(artefact.agent && { agent: artefact.agent }),
      details: details(made),
    },
    verdictSummary: verificationSummary(made.verifierId, inputs, decision.verdict, decision.decidedAt),
    key: decision.entryKey,
  };
}

function details({ decision, inputs, judged, replaces }: MadeDecision): JsonObject {
  return {
    locus: inputs.gate.locus,
    verdictWithoutWaivers: decision.verdictWithoutWaivers,
    validUntil: decision.validUntil === null ? null : toRfc3339(decision.validUntil),
    checklistDigest: decision.checklistDigest,
    inputsDigest: decision.inputsDigest,
    documentDigest: decision.documentDigest,
    ...(inputs.baseline && { baseline: baselineFact(inputs.baseline) }),
    ...(replaces && { replaces: { decisionId: replaces.decisionId, causes: [...replaces.causes] } }),
    rules: judged.rules.map(({ ruleId, effect, outcome, outcomeWithoutWaivers, violations, gaps }) => ({
      ruleId,
      effect,
      outcome,
      outcomeWithoutWaivers,
      violations: violations.length,
      waived: violations.filter(({ waivedBy }) => waivedBy !== null).length,
      gaps: gaps.length,
    })),
  };
}

const baselineFact = ({ artId, digest, evidence }: JudgedBaseline): JsonObject => ({
  artId,
  digest,
  evidenceDigests: evidence.map(({ storedDigest }) => storedDigest),
});

/** Of what blocks and is not excused. */
const openSeverities = (rules: readonly RuleResult[]): RuleResult['severity'][] =>
  rules
    .flatMap((rule) =>
      rule.violations.filter(
        (violation) => violation.waivedBy === null && effectOf(rule, violation) === 'block',
      ),
    )
    .map(({ severity }) => severity);
