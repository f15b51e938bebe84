import { canonicalJson, type JsonObject, type JsonValue } from '../../kernel/canonical-json.js';
import { parseRfc3339 } from '../../kernel/clock.js';
import type { PinnedChecklist } from '../checklist.js';
import type { RuleResult, ViolationResult } from '../decide.js';
import type { DecisionDocument } from '../decision.js';
import type { Outcome, Verdict } from '../verdict.js';

/**
 * What can make two decisions differ. ARTEFACT: another artefact version, or its header; GATE: what the gate itself
 * says; POLICY: rules, their effects, or the modules that judged; DATA: parameters and freshness of the checklist.
 */
export const DIFF_CAUSES = ['ARTEFACT', 'GATE', 'EVIDENCE', 'POLICY', 'DATA', 'WAIVERS', 'CLOCK'] as const;
export type DiffCause = (typeof DIFF_CAUSES)[number];

/** One difference between inputs: what it is of, and its value on either side; null where it is not there. */
export interface InputChange {
  readonly cause: DiffCause;
  /** `evidence sha256:…`, `parameter secure-release.coverageFloor`, `freshness sast`, `waiver …`. */
  readonly what: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** A rule that says something else, and which of the causes can be the reason of that. */
export interface RuleChange {
  readonly policyId: string;
  readonly ruleId: string;
  /** Null where the other decision asked no such rule. */
  readonly before: Outcome | null;
  readonly after: Outcome | null;
  readonly because: readonly DiffCause[];
  /** Violations that only the second has, and that only the first had. */
  readonly appeared: readonly ViolationResult[];
  readonly disappeared: readonly ViolationResult[];
}

export interface DecisionDiff {
  readonly verdict: { readonly before: Verdict; readonly after: Verdict };
  /** In the order of `DIFF_CAUSES`; empty when both were judged with the same, at instants that make no difference. */
  readonly causes: readonly DiffCause[];
  readonly inputs: readonly InputChange[];
  readonly rules: readonly RuleChange[];
}

/** A decision with the checklist version that it was judged with. */
export interface ComparedDecision {
  readonly document: DecisionDocument;
  readonly checklist: Pick<PinnedChecklist, 'policies' | 'freshness'>;
}

/**
 * Why `after` is not what `before` was. Pure. The clock is a cause only when an input changed its value with time in
 * between (`validUntil`): that one was asked later than the other explains nothing.
 */
export function decisionDiff(before: ComparedDecision, after: ComparedDecision): DecisionDiff {
  const inputs = [
    ...artefactChanges(before.document, after.document),
    ...changes('GATE', '', gateOf(before.document), gateOf(after.document)),
    ...changes('EVIDENCE', 'evidence ', evidenceOf(before.document), evidenceOf(after.document)),
    ...changes('POLICY', '', policiesOf(before), policiesOf(after)),
    ...changes('DATA', '', dataOf(before), dataOf(after)),
    ...changes('WAIVERS', 'waiver ', waiversOf(before.document), waiversOf(after.document)),
    ...clockChange(before.document, after.document),
  ];
  const header =
    inputs.every(({ cause }) => cause === 'CLOCK') &&
    before.document.inputsDigest !== after.document.inputsDigest
      ? [change('ARTEFACT', 'header', before.document.inputsDigest, after.document.inputsDigest)]
      : [];
  const all = [...header, ...inputs];
  const causes = DIFF_CAUSES.filter((cause) => all.some((one) => one.cause === cause));
  return {
    verdict: { before: before.document.verdict, after: after.document.verdict },
    causes,
    inputs: all,
    rules: ruleChanges(before.document, after.document, all),
  };
}

const change = (cause: DiffCause, what: string, before: JsonValue, after: JsonValue): InputChange => ({
  ...{ cause, what, before, after },
});

type Named = ReadonlyMap<string, JsonValue>;

function changes(cause: DiffCause, prefix: string, before: Named, after: Named): InputChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name) ?? null, after.get(name) ?? null];
    return canonicalJson(was) === canonicalJson(is) ? [] : [change(cause, prefix + name, was, is)];
  });
}

const artefactChanges = (a: DecisionDocument, b: DecisionDocument): InputChange[] =>
  canonicalJson(a.artefact) === canonicalJson(b.artefact)
    ? []
    : [change('ARTEFACT', 'artefact', { ...a.artefact }, { ...b.artefact })];

const gateOf = ({ gate }: DecisionDocument): Named =>
  new Map(Object.entries(gate as unknown as JsonObject).map(([name, value]) => [`gate ${name}`, value]));

/** The same report of the same time is the same evidence; read in another way it is another document. */
const evidenceOf = ({ evidence }: DecisionDocument): Named =>
  new Map(
    evidence.map(({ digest, part, ...rest }) => [
      part ? `${digest} ${canonicalJson({ ...part })}` : digest,
      { ...rest },
    ]),
  );

const policiesOf = ({ document, checklist }: ComparedDecision): Named =>
  new Map<string, JsonValue>([
    ...document.policies.map(({ policyId, version, digest, bundle }): [string, JsonValue] => [
      `policy ${policyId}`,
      { version, digest, bundle },
    ]),
    ...checklist.policies.flatMap(({ policyId, rules }) =>
      rules.map(({ ruleId, effect }): [string, JsonValue] => [`effect ${policyId}.${ruleId}`, effect]),
    ),
    ...(document.checklist.bundle === undefined
      ? []
      : [['module', document.checklist.bundle] as [string, JsonValue]]),
  ]);

const dataOf = ({ checklist }: ComparedDecision): Named =>
  new Map<string, JsonValue>([
    ...checklist.policies.flatMap(({ policyId, parameters }) =>
      Object.entries(parameters).map(([name, value]): [string, JsonValue] => [
        `parameter ${policyId}.${name}`,
        value,
      ]),
    ),
    ...Object.entries(checklist.freshness).map(([kind, days]): [string, JsonValue] => [
      `freshness ${kind}`,
      days,
    ]),
  ]);

const waiversOf = ({ waivers }: DecisionDocument): Named =>
  new Map(waivers.considered.map(({ waiverId, digest }) => [waiverId, digest]));

/** The earlier one holds in [asOf, validUntil); beyond it something has another value. */
function clockChange(a: DecisionDocument, b: DecisionDocument): InputChange[] {
  const [first, second] = instant(a.asOf) <= instant(b.asOf) ? [a, b] : [b, a];
  if (instant(first.asOf) === instant(second.asOf)) return [];
  const holds = first.validUntil === null || instant(second.asOf) < instant(first.validUntil);
  return holds ? [] : [change('CLOCK', 'as-of', a.asOf, b.asOf)];
}

const instant = (text: string): number => parseRfc3339(text) ?? 0;

function ruleChanges(
  before: DecisionDocument,
  after: DecisionDocument,
  inputs: readonly InputChange[],
): RuleChange[] {
  const was = new Map(before.rules.map((rule) => [nameOf(rule), rule]));
  const is = new Map(after.rules.map((rule) => [nameOf(rule), rule]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [a, b] = [was.get(name), is.get(name)];
    const rule = b ?? a;
    if (!rule || (a && b && said(a) === said(b))) return [];
    const { policyId, ruleId } = rule;
    return [
      {
        ...{ policyId, ruleId, before: a?.outcome ?? null, after: b?.outcome ?? null },
        because: reasonsOf(a, b, inputs),
        appeared: only(b, a),
        disappeared: only(a, b),
      },
    ];
  });
}

const nameOf = ({ policyId, ruleId }: RuleResult): string => `${policyId} ${ruleId}`;
const said = (rule: RuleResult): string => canonicalJson(rule as unknown as JsonObject);

/** Two violations are one when the rule found the same thing, whoever excuses it. */
const found = ({ waivedBy: _, ...violation }: ViolationResult): string =>
  canonicalJson(violation as unknown as JsonObject);
const foundBy = (rule: RuleResult): string => [...rule.violations.map(found)].sort().join('\n');

function only(rule: RuleResult | undefined, other: RuleResult | undefined): readonly ViolationResult[] {
  const known = new Set(other?.violations.map(found));
  return (rule?.violations ?? []).filter((violation) => !known.has(found(violation)));
}

/**
 * A rule that found the same and is excused otherwise, waivers or the clock changed; what a rule finds, they never
 * change. Of policies and parameters only its own count.
 */
function reasonsOf(
  a: RuleResult | undefined,
  b: RuleResult | undefined,
  inputs: readonly InputChange[],
): DiffCause[] {
  const excusedOtherwise =
    a !== undefined &&
    b !== undefined &&
    foundBy(a) === foundBy(b) &&
    a.outcomeWithoutWaivers === b.outcomeWithoutWaivers &&
    a.effect === b.effect;
  const policyId = (b ?? a)?.policyId ?? '';
  return DIFF_CAUSES.filter((cause) =>
    inputs.some((one) => one.cause === cause && (!excusedOtherwise || mayExcuse(one)) && mayFind(one)),
  );

  function mayExcuse({ cause }: InputChange): boolean {
    return cause === 'WAIVERS' || cause === 'CLOCK' || cause === 'ARTEFACT';
  }
  function mayFind({ cause, what }: InputChange): boolean {
    if (cause === 'WAIVERS') return excusedOtherwise;
    if (cause === 'POLICY') return what === 'module' || concernsPolicy(what);
    if (cause === 'DATA') return what.startsWith('freshness ') || concernsPolicy(what);
    return true;
  }
  function concernsPolicy(what: string): boolean {
    const [, named = ''] = what.split(' ');
    return named === policyId || named.startsWith(`${policyId}.`);
  }
}
