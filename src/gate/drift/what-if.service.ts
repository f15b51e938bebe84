import type { Actor } from '../../kernel/actor.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import type { InvalidCursor, Page } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { OsvRecord } from '../../formats/vulnerability/osv-record.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import { asGranted } from '../../waiver/granted.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import type { WaiverRecord } from '../../waiver/waiver.js';
import type { ChecklistSource } from '../checklist.port.js';
import type { PinnedChecklist } from '../checklist.js';
import type { RuleResult } from '../decide.js';
import { asInputs, type GateInputs } from '../decision-input.js';
import type { GateInputReader, ResolvedQuestion } from '../gate-inputs.service.js';
import type { RuleJudge } from '../rule-judge.service.js';
import type { Outcome, Verdict } from '../verdict.js';
import type { DriftRead } from './drift.read.js';
import { readAdvisory, withPolicy, type AdvisoryInput, type PolicyAt } from './hypothesis.js';
import type { StandingDecision } from './standing.js';

/** What is supposed; exactly one thing. */
export type Hypothesis =
  | { readonly kind: 'checklist'; readonly chkId: string; readonly version: number }
  | { readonly kind: 'policy'; readonly policyId: string; readonly version: string }
  | { readonly kind: 'waiver'; readonly waiverId: string; readonly as: 'APPROVED' | 'REVOKED' }
  | { readonly kind: 'advisory'; readonly advisory: AdvisoryInput };

export interface WhatIf {
  readonly hypothesis: Hypothesis;
  readonly gateId?: string;
  /** Standing decisions looked at. */
  readonly first: number;
  readonly after?: string;
}

/** A verdict that would be another one, and the rules that would make it so. */
export interface Flip {
  readonly standing: StandingDecision;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly rules: readonly {
    readonly policyId: string;
    readonly ruleId: string;
    readonly before: Outcome | null;
    readonly after: Outcome | null;
  }[];
}

export interface WhatIfAnswer {
  readonly flips: readonly Flip[];
  /** Decisions that the hypothesis says something about, and that were judged with it. */
  readonly judged: number;
  /** Of those looked at: what could not be judged now (no checklist in force, evidence on its way). */
  readonly unjudged: number;
  readonly page: Page<StandingDecision>;
}

export type WhatIfProblem =
  | InvalidCursor
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number }
  | {
      readonly kind: 'PolicyNotPublished';
      readonly policyId: string;
      readonly policyVersion: string;
      readonly reasonCode: 'unknown';
    }
  | { readonly kind: 'WaiverNotFound'; readonly waiverId: string }
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string };

export interface WhatIfSources {
  readonly standing: Pick<DriftRead, 'list'>;
  readonly inputs: Pick<GateInputReader, 'resolve' | 'gather'>;
  readonly checklists: ChecklistSource;
  readonly policies: Pick<PolicyRead, 'policy'>;
  readonly waivers: Pick<WaiverRead, 'byId'>;
}

/** The one judge, and the same one with an advisory laid over what components are known. */
export interface Judges {
  readonly plain: RuleJudge;
  knowing(advisory: OsvRecord): RuleJudge;
}

/** Each is judged up to twice while the caller waits: more of them are further pages. */
export const MAX_LOOKED_AT = 50;

/** The hypothesis with all that it names. */
interface Supposed {
  readonly judge: RuleJudge;
  /** When it is judged: now, or when a waiver begins. */
  readonly at: Instant;
  /** The inputs as they would be; undefined where it says nothing about them. */
  apply(question: ResolvedQuestion, inputs: GateInputs): GateInputs | undefined;
}

/** Which verdicts would be others, if. The same pure path as every decision; records nothing. */
export class WhatIfService {
  constructor(
    private readonly sources: WhatIfSources,
    private readonly judges: Judges,
    private readonly clock: Clock,
  ) {}

  async ask({ orgId }: Actor, question: WhatIf): Promise<Result<WhatIfAnswer, WhatIfProblem>> {
    const { hypothesis, gateId, after } = question;
    const supposed = await this.suppose(orgId, hypothesis);
    if (!supposed.ok) return supposed;
    const first = Math.min(Math.max(question.first, 0), MAX_LOOKED_AT);
    const page = await this.sources.standing.list(orgId, gateId === undefined ? {} : { gateId }, {
      first,
      ...(after !== undefined && { after }),
    });
    if (!page.ok) return page;
    const flips: Flip[] = [];
    const counts = { judged: 0, unjudged: 0 };
    for (const standing of page.value.items) {
      const flip = await this.look(standing, supposed.value);
      if (flip === 'unjudged') counts.unjudged += 1;
      else if (flip !== 'beside') counts.judged += 1;
      if (typeof flip === 'object' && flip.before !== flip.after) flips.push(flip);
    }
    return ok({ flips, ...counts, page: page.value });
  }

  private async look(standing: StandingDecision, supposed: Supposed): Promise<Flip | 'unjudged' | 'beside'> {
    const { orgId, gateId, artId, artefactDigest: digest } = standing;
    const question = await this.sources.inputs.resolve({ orgId, gateId, artId, digest });
    if (!question.ok) return 'unjudged';
    const inputs = await this.sources.inputs.gather(question.value);
    if (!inputs.ok) return 'unjudged';
    const then = supposed.apply(question.value, inputs.value);
    if (!then) return 'beside';
    const { maxRunMs } = question.value.gate;
    // As it would be judged at that instant without it: what has gone stale is not the hypothesis's doing.
    const before = await this.judges.plain.judge(inputs.value, supposed.at, maxRunMs);
    const after = await supposed.judge.judge(then, supposed.at, maxRunMs);
    return {
      standing,
      ...{ before: before.judged.verdict, after: after.judged.verdict },
      rules: changedRules(before.judged.rules, after.judged.rules),
    };
  }

  private async suppose(orgId: string, hypothesis: Hypothesis): Promise<Result<Supposed, WhatIfProblem>> {
    const plain = { judge: this.judges.plain, at: this.clock.now() };
    switch (hypothesis.kind) {
      case 'checklist': {
        const { chkId, version } = hypothesis;
        const checklist = await this.sources.checklists.pinned(orgId, chkId, version);
        if (!checklist) return failed({ kind: 'ChecklistNotFound', chkId, version });
        return ok({
          ...plain,
          apply: ({ gate }, inputs) => (gate.chkId === chkId ? judgedWith(inputs, checklist) : undefined),
        });
      }
      case 'policy': {
        const { policyId, version } = hypothesis;
        const policy: PolicyAt | undefined = await this.sources.policies.policy(orgId, policyId, version);
        if (!policy)
          return failed({
            kind: 'PolicyNotPublished',
            policyId,
            policyVersion: version,
            reasonCode: 'unknown',
          });
        return ok({
          ...plain,
          apply: (_, inputs) => {
            const checklist = withPolicy(inputs.checklist, policy);
            return checklist && judgedWith(inputs, checklist);
          },
        });
      }
      case 'waiver': {
        const record = await this.sources.waivers.byId(orgId, hypothesis.waiverId);
        if (!record) return failed({ kind: 'WaiverNotFound', waiverId: hypothesis.waiverId });
        return ok(this.supposeWaiver(record, hypothesis.as));
      }
      case 'advisory': {
        const record = readAdvisory(hypothesis.advisory);
        if (!record.ok) return failed({ kind: 'InvalidInput', ...record.problem });
        return ok({ ...plain, judge: this.judges.knowing(record.value), apply: (_, inputs) => inputs });
      }
    }
  }

  private supposeWaiver(record: WaiverRecord, as: 'APPROVED' | 'REVOKED'): Supposed {
    const { waiverId, effectiveFrom } = record.waiver;
    const now = this.clock.now();
    const at = as === 'APPROVED' ? Math.max(now, effectiveFrom) : now;
    return {
      judge: this.judges.plain,
      at,
      apply: (_, inputs) => {
        const others = inputs.waivers.filter(({ waiver }) => waiver.waiverId !== waiverId);
        return asInputs({
          ...inputs,
          waivers: as === 'APPROVED' ? [...others, asGranted(record, now)] : others,
        });
      },
    };
  }
}

const judgedWith = (inputs: GateInputs, checklist: PinnedChecklist): GateInputs =>
  asInputs({ ...inputs, checklist });

function changedRules(before: readonly RuleResult[], after: readonly RuleResult[]): Flip['rules'] {
  const name = ({ policyId, ruleId }: RuleResult): string => `${policyId} ${ruleId}`;
  const [was, is] = [before, after].map((rules) => new Map(rules.map((rule) => [name(rule), rule])));
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((key) => {
    const [a, b] = [was?.get(key), is?.get(key)];
    const rule = b ?? a;
    if (!rule || a?.outcome === b?.outcome) return [];
    const { policyId, ruleId } = rule;
    return [{ policyId, ruleId, before: a?.outcome ?? null, after: b?.outcome ?? null }];
  });
}
