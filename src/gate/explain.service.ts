import { failed, ok, type Result } from '../kernel/result.js';
import type { TraceEvent, TraceMode } from '../rego/compiler.port.js';
import type { Replay } from './replay.js';
import type { ExplainProblem, ReplayProblem } from './replay-problem.js';
import type { ReplayService } from './replay.service.js';
import { rulesAsked, type Opinion, type SecondOpinion } from './second-opinion.service.js';

export interface ExplainQuestion {
  readonly decisionId: string;
  readonly ruleId: string;
  readonly mode: TraceMode;
  readonly first: number;
  readonly after?: string;
}

export interface ExplainedRule {
  readonly opinion: Opinion;
  readonly events: readonly TraceEvent[];
  /** Of all events the evaluation had; those beyond the first `MAX_EVENTS` are not shown. */
  readonly totalEvents: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** A person reads some hundreds; a trace of a large document has millions. */
export const MAX_EVENTS = 10_000;
const MAX_PAGE = 500;

/** Why a recorded decision is what it is: replayed, and traced by the official OPA. Changes nothing. */
export class ExplainService {
  constructor(
    private readonly replays: ReplayService,
    private readonly opinions: SecondOpinion,
  ) {}

  async replay(orgId: string, decisionId: string): Promise<Result<Replay, ReplayProblem>> {
    const decision = await this.replays.find(orgId, decisionId);
    return decision.ok ? this.replays.replay(decision.value) : decision;
  }

  async explain(orgId: string, question: ExplainQuestion): Promise<Result<ExplainedRule, ExplainProblem>> {
    const from = question.after === undefined ? 0 : positionOf(question.after);
    if (from === undefined)
      return failed({ kind: 'InvalidInput', path: 'after', expected: 'a cursor that this trace gave' });
    const decision = await this.replays.find(orgId, question.decisionId);
    if (!decision.ok) return decision;
    const inputs = await this.replays.inputsOf(decision.value);
    if (!inputs.ok) return inputs;
    const asked = rulesAsked(inputs.value).find(({ rule }) => rule.ruleId === question.ruleId);
    if (!asked) return failed({ kind: 'RuleNotAsked', ruleId: question.ruleId });
    const { asOf } = decision.value;
    const how = { mode: question.mode, maxEvents: MAX_EVENTS };
    const [opinion, trace] = await Promise.all([
      this.opinions.on(asked, inputs.value, asOf),
      this.opinions.explain(asked, { inputs: inputs.value, asOf }, how),
    ]);
    if (!opinion.ok) return opinion;
    if (!trace.ok) return trace;
    const { events, totalEvents } = trace.value;
    const end = Math.min(from + Math.min(Math.max(question.first, 0), MAX_PAGE), events.length);
    return ok({
      opinion: opinion.value,
      events: events.slice(from, end),
      totalEvents,
      endCursor: end > from ? cursorAt(end) : null,
      hasNextPage: end < events.length,
    });
  }
}

const cursorAt = (position: number): string => Buffer.from(`event ${String(position)}`).toString('base64url');

function positionOf(cursor: string): number | undefined {
  const match = /^event (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
