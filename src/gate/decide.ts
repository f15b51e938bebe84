import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { Result } from '../kernel/result.js';
import { changesAfter, concerns, excusedBy, type Excusable, type WaiverContext } from '../waiver/match.js';
import { SEVERITIES, type Severity } from '../waiver/severity.js';
import type { WaiverRecord } from '../waiver/waiver.js';
import type { Effect, PinnedRule } from './checklist.js';
import { message, type Message } from '../kernel/message.js';
import { gateMessage, isGateMessage } from './messages.js';
import type { RuleReport, RuleViolation } from './rule-report.js';
import type { SeverityRules } from './gate-terms.js';
import { verdictOf, type Outcome, type Verdict } from './verdict.js';

/** One rule of the checklist with what came of asking it. */
export interface RuleJudgement {
  readonly policyId: string;
  readonly rule: PinnedRule;
  /** Its report, or why there is none. Not looked at when the rule is off. */
  readonly report: Result<RuleReport, Message>;
}

export interface DecideInput {
  readonly judgements: readonly RuleJudgement[];
  readonly waivers: readonly WaiverRecord[];
  readonly context: WaiverContext;
  readonly asOf: Instant;
  /** What the gate makes of severities, whatever the rules say of themselves. */
  readonly severityRules: SeverityRules;
  /** When which evidence turns stale. */
  readonly staleFrom: readonly Instant[];
  /** A policy asked for the time: the decision holds for its instant only. */
  readonly readsClock: boolean;
}

export interface ViolationResult {
  readonly message: Message;
  readonly severity: Severity;
  /** Where the gate's severity rules make it another one than the rule's own; otherwise absent. */
  readonly effect?: 'block' | 'warn';
  readonly where: { readonly path: string; readonly line: number | null } | null;
  readonly identity: { readonly scheme: string; readonly value: string; readonly occurrence: number } | null;
  readonly subject: string | null;
  /** What it was seen in; the artefact itself where the rule looked at its header. */
  readonly evidence: Digest;
  /** Id of the waiver that excuses it at as-of. */
  readonly waivedBy: string | null;
}

export interface GapResult {
  readonly message: Message;
  readonly evidence: Digest | null;
}

/** What one rule contributed, unfired ones included. */
export interface RuleResult {
  readonly ruleId: string;
  readonly policyId: string;
  readonly title: string;
  readonly effect: Effect;
  readonly severity: Severity;
  readonly remediation: string;
  readonly controls: readonly string[];
  readonly outcome: Outcome;
  readonly outcomeWithoutWaivers: Outcome;
  /** Worst first. */
  readonly violations: readonly ViolationResult[];
  /** What could not be judged; no waiver excuses that. */
  readonly gaps: readonly GapResult[];
  readonly facts: JsonObject;
  /** Why there is no report: outcome ERROR. */
  readonly problem: Message | null;
}

export interface Judged {
  readonly verdict: Verdict;
  /** What it would have been without waivers. */
  readonly verdictWithoutWaivers: Verdict;
  readonly rules: readonly RuleResult[];
  /** Ids of the waivers that excused something, sorted. */
  readonly waiversApplied: readonly string[];
  /**
   * The earliest instant at which an input changes value; null when none ever does. The judgement holds in
   * [asOf, validUntil), which is empty when something could not be judged for our own fault.
   */
  readonly validUntil: Instant | null;
}

/**
 * The heart: rule reports and waivers in, verdict out. Pure. Only what blocks counts – as its rule says, unless the
 * gate says otherwise of its severity; a warning is reported, waived and all, but moves nothing. A checklist that could not have found anything is our mistake.
 */
export function decide(input: DecideInput): Judged {
  const waivers = input.waivers.filter((waiver) => concerns(waiver, input.context));
  const rules = input.judgements.map((judgement) => ruleResult(judgement, { ...input, waivers }));
  const couldJudge = rules.some(({ effect }) => effect !== 'off');
  const verdictOn = (waived: 'waived' | 'unwaived'): Verdict =>
    couldJudge ? verdictOf(rules.flatMap((rule) => counted(rule, input.severityRules, waived))) : 'ERROR';
  const verdict = verdictOn('waived');
  // A warning that could not be judged moves no verdict, but must not be answered for ever either.
  const failedToJudge = verdict === 'ERROR' || rules.some(({ outcome }) => outcome === 'ERROR');
  const applied = new Set(
    rules.flatMap(({ violations }) => violations.flatMap(({ waivedBy }) => waivedBy ?? [])),
  );
  return {
    verdict,
    verdictWithoutWaivers: verdictOn('unwaived'),
    rules,
    waiversApplied: [...applied].sort(),
    validUntil: failedToJudge ? input.asOf : validUntil({ ...input, waivers }),
  };
}

/**
 * What a rule contributes to the verdict; nothing where it only warns. At a gate where some severity blocks whatever
 * its rule says, every rule must be judged: what a warning could not look at may be of that severity.
 */
export function counted(
  rule: RuleResult,
  severityRules: SeverityRules,
  waived: 'waived' | 'unwaived',
): Outcome[] {
  const tightens = Object.values(severityRules).includes('block');
  if (rule.effect === 'off' || (rule.effect === 'warn' && !tightens)) return [];
  if (rule.outcome === 'ERROR') return ['ERROR'];
  const blocking = rule.violations.filter((violation) => effectOf(rule, violation) === 'block');
  const open = waived === 'unwaived' ? blocking : blocking.filter(({ waivedBy }) => waivedBy === null);
  return [
    outcomeOf({
      applicable: rule.outcome !== 'NOT_APPLICABLE',
      fails: open.length > 0,
      waived: blocking.length > 0,
      gaps: rule.gaps.length > 0,
    }),
  ];
}

/** Whether a violation stops the artefact or is only reported. */
export const effectOf = (rule: Pick<RuleResult, 'effect'>, violation: ViolationResult): Effect =>
  violation.effect ?? rule.effect;

function ruleResult({ policyId, rule, report }: RuleJudgement, input: DecideInput): RuleResult {
  const { ruleId, title, effect, severity, remediation, controls } = rule;
  const base = { ruleId, policyId, title, effect, severity, remediation, controls };
  const nothing = { violations: [], gaps: [], facts: {}, problem: null };
  if (effect === 'off') return { ...base, ...nothing, outcome: 'SKIPPED', outcomeWithoutWaivers: 'SKIPPED' };
  if (!report.ok)
    return { ...base, ...nothing, outcome: 'ERROR', outcomeWithoutWaivers: 'ERROR', problem: report.problem };
  const { applicable, facts } = report.value;
  const violations = worstFirst(
    inTextOrder(report.value.violations.map((violation) => violationResult(rule, violation, input))),
  );
  const gaps = inTextOrder(
    report.value.gaps.map((gap) => ({
      message: ruleMessage(rule, gap.code, gap.params),
      evidence: gap.evidence,
    })),
  );
  const unwaived = violations.some(({ waivedBy }) => waivedBy === null);
  return {
    ...base,
    outcome: outcomeOf({ applicable, fails: unwaived, waived: violations.length > 0, gaps: gaps.length > 0 }),
    outcomeWithoutWaivers: outcomeOf({
      applicable,
      fails: violations.length > 0,
      waived: false,
      gaps: gaps.length > 0,
    }),
    violations,
    gaps,
    facts,
    problem: null,
  };
}

/** FAIL before INDETERMINATE: what was found stays found, whatever could not be looked at. */
function outcomeOf(seen: { applicable: boolean; fails: boolean; waived: boolean; gaps: boolean }): Outcome {
  if (seen.fails) return 'FAIL';
  if (seen.gaps) return 'INDETERMINATE';
  if (seen.waived) return 'WAIVED';
  return seen.applicable ? 'PASS' : 'NOT_APPLICABLE';
}

function violationResult(rule: PinnedRule, violation: RuleViolation, input: DecideInput): ViolationResult {
  const { severity, where, identity, subject, evidence } = violation;
  const effect = input.severityRules[severity] ?? rule.effect;
  const excuse = excusedBy(input.waivers, excusable(rule.ruleId, violation), input.context, input.asOf);
  return {
    message: ruleMessage(rule, violation.code, violation.params),
    severity,
    ...(effect !== rule.effect && effect !== 'off' && { effect }),
    where,
    identity,
    subject,
    evidence,
    waivedBy: excuse?.waiver.waiverId ?? null,
  };
}

const excusable = (ruleId: string, violation: RuleViolation): Excusable => ({
  ruleId,
  severity: violation.severity,
  path: violation.where?.path ?? null,
  identity: violation.identity,
  component: violation.subject,
});

/** The gate's own gaps (a limit that was reached) come from its own catalogue. */
const ruleMessage = (rule: PinnedRule, code: string, params: JsonObject): Message =>
  isGateMessage(code) ? gateMessage(code, params) : message(rule.messages, code, params);

/** Every waiver that could excuse a violation counts, also one that another outranks: it may be next in line. */
function validUntil({
  judgements,
  waivers,
  context,
  asOf,
  staleFrom,
  readsClock,
}: DecideInput): Instant | null {
  const changes = judgements.flatMap(({ rule, report }) =>
    rule.effect === 'off' || !report.ok
      ? []
      : report.value.violations.flatMap((violation) =>
          waivers.flatMap((waiver) => changesAfter(waiver, excusable(rule.ruleId, violation), context, asOf)),
        ),
  );
  const later = [
    ...changes,
    ...staleFrom.filter((instant) => instant > asOf),
    ...(readsClock ? [asOf + 1] : []),
  ];
  return later.length === 0 ? null : later.reduce((first, next) => Math.min(first, next));
}

/** A total order, so that the same set is the same text in whatever order the rule reported it. */
const inTextOrder = <T extends ViolationResult | GapResult>(items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, key: sortKey(item) }))
    .sort((a, b) => Number(a.key > b.key) - Number(a.key < b.key) || byText(a.item, b.item))
    .map(({ item }) => item);

/** What usually tells two apart; the whole text is made only for those it does not. */
function sortKey(item: ViolationResult | GapResult): string {
  if (!('where' in item)) return item.message.code;
  const { message: found, where, identity, subject } = item;
  return [found.code, where?.path, where?.line, identity?.value, identity?.occurrence, subject].join('\n');
}

function byText(a: ViolationResult | GapResult, b: ViolationResult | GapResult): number {
  const [left, right] = [a, b].map((item) => canonicalJson(item as unknown as JsonObject));
  if (left === right) return 0;
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** What nobody could rate comes last. Stable: equally severe ones stay in the order they come in. */
const worstFirst = (violations: readonly ViolationResult[]): readonly ViolationResult[] =>
  [...violations].sort((a, b) => rank(b.severity) - rank(a.severity));

const rank = (severity: Severity): number => (severity === 'unknown' ? -1 : SEVERITIES.indexOf(severity));
