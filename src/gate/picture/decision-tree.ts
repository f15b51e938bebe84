import type { Digest } from '../../kernel/digest.js';
import type { RuleResult, ViolationResult } from '../decide.js';
import type { DecisionDocument } from '../decision.js';
import type { Outcome, Verdict } from '../verdict.js';

export type NodeKind = 'DECISION' | 'POLICY' | 'RULE' | 'VIOLATION' | 'GAP' | 'MORE';

/** One box of the picture. What does not apply to its kind is null. */
export interface TreeNode {
  /** Unique in the tree, and of letters, digits and `_` alone. */
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: NodeKind;
  readonly label: string;
  readonly outcome: Outcome | Verdict | null;
  /** What a violation or a gap was seen in. */
  readonly evidence: Digest | null;
  /** `path:line`, or the component. */
  readonly where: string | null;
  /** What to do about it; of rules that let nothing through. */
  readonly remedy: string | null;
  readonly waivedBy: string | null;
}

/** A picture of ten thousand boxes shows nothing. The rest is counted, and in the decision itself. */
export const SHOWN_PER_RULE = 20;

const NOTHING = { outcome: null, evidence: null, where: null, remedy: null, waivedBy: null } as const;
const PASSED: readonly Outcome[] = ['PASS', 'NOT_APPLICABLE', 'SKIPPED'];

/** A decision as a tree of policies, rules and what these found: parents before their children. Pure. */
export function decisionTree(document: DecisionDocument): readonly TreeNode[] {
  const { gate, artefact, verdict, policies, rules } = document;
  const root: TreeNode = {
    ...{ ...NOTHING, id: 'd', parentId: null, kind: 'DECISION', outcome: verdict },
    label: `${gate.gateId} on ${artefact.artId} ${artefact.digest}`,
  };
  return [
    root,
    ...policies.flatMap(({ policyId, version }, index) => {
      const id = `p${String(index)}`;
      const policy: TreeNode = {
        ...{ ...NOTHING, id, parentId: root.id, kind: 'POLICY', label: `${policyId} ${version}` },
      };
      const own = rules.filter((rule) => rule.policyId === policyId);
      return [policy, ...own.flatMap((rule, at) => ruleNodes(rule, `${id}_r${String(at)}`, id))];
    }),
  ];
}

function ruleNodes(rule: RuleResult, id: string, parentId: string): TreeNode[] {
  const { outcome, title, effect, remediation, violations, gaps, problem } = rule;
  const found = [
    ...(problem
      ? [{ kind: 'GAP' as const, label: problem.text, evidence: null, where: null, waivedBy: null }]
      : []),
    ...violations.map((violation) => ({
      ...{ kind: 'VIOLATION' as const, label: violation.message.text, evidence: violation.evidence },
      ...{ where: whereOf(violation), waivedBy: violation.waivedBy },
    })),
    ...gaps.map(({ message, evidence }) => ({
      ...{ kind: 'GAP' as const, label: message.text, evidence, where: null, waivedBy: null },
    })),
  ];
  const shown = found.slice(0, SHOWN_PER_RULE);
  const left = found.length - shown.length;
  const remedy = PASSED.includes(outcome) ? null : remediation;
  const suffix = effect === 'warn' ? ' (warns)' : '';
  return [
    { ...NOTHING, id, parentId, kind: 'RULE', label: `${title}${suffix}`, outcome, remedy },
    ...shown.map((one, at) => ({ ...NOTHING, ...one, id: `${id}_v${String(at)}`, parentId: id })),
    ...(left > 0
      ? [
          {
            ...NOTHING,
            id: `${id}_more`,
            parentId: id,
            kind: 'MORE' as const,
            label: `and ${String(left)} more`,
          },
        ]
      : []),
  ];
}

function whereOf({ where, subject }: ViolationResult): string | null {
  if (!where) return subject;
  return where.line === null ? where.path : `${where.path}:${String(where.line)}`;
}
