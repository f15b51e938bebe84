import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { GateRead } from '../gate.read.js';
import { passes } from '../verdict.js';
import type { Decision } from '../decision.js';
import type { RunPolicy } from './run-policy.port.js';
import { RUN_MOVES } from './run-state.js';
import type { GateStatus, GateStatusRead, StatusKey } from './gate-status.js';
import type { GateRunRead, RunFilter } from './run.read.js';
import type { GateRunService } from './run.service.js';
import type { GateRun, RunStep } from './run.js';

const ACTIONS = ['resume', 'override', 'reject'] as const;

/** One step somebody could take, and why not. */
export interface PossibleRunStep {
  readonly action: string;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** Everything people look up about runs; changes nothing. */
export class GateRunDesk {
  constructor(
    private readonly read: GateRunRead & GateStatusRead,
    private readonly gates: Pick<GateRead, 'gate' | 'decision'>,
    private readonly runs: Pick<GateRunService, 'toResolve'>,
    private readonly policy: RunPolicy,
    private readonly clock: Clock,
  ) {}

  run(actor: Actor, runId: string): Promise<GateRun | undefined> {
    return this.read.run(actor.orgId, runId);
  }

  status(actor: Actor, key: StatusKey): Promise<GateStatus | undefined> {
    return this.read.status(actor.orgId, key);
  }

  list(actor: Actor, filter: RunFilter, page: PageRequest): Promise<Result<Page<GateRun>, InvalidCursor>> {
    return this.read.runs(actor.orgId, filter, page);
  }

  leadingTo(actor: Actor, decisionId: string): Promise<readonly GateRun[]> {
    return this.read.leadingTo(actor.orgId, decisionId);
  }

  steps(actor: Actor, runId: string): Promise<readonly RunStep[]> {
    return this.read.steps(actor.orgId, runId);
  }

  async decision(actor: Actor, { decisionId }: GateRun): Promise<Decision | undefined> {
    return decisionId === null ? undefined : this.gates.decision(actor.orgId, decisionId);
  }

  isLate({ state, dueAt }: GateRun): boolean {
    return RUN_MOVES[state].escalate !== undefined && this.clock.now() > dueAt;
  }

  /** Whether waivers stand for an override is said only when it is tried: that takes all of the evidence. */
  async viewerCan(actor: Actor, run: GateRun): Promise<PossibleRunStep[]> {
    const gate = await this.gates.gate(actor.orgId, run.gateId);
    const decision = await this.decision(actor, run);
    return Promise.all(
      ACTIONS.map(async (action) => {
        if (RUN_MOVES[run.state][action] === undefined || !gate)
          return { action, allowed: false, reasonCode: 'run-state-forbids' };
        if (action === 'reject' && decision && passes(decision.verdict))
          return { action, allowed: false, reasonCode: 'run-passed' };
        const may = await this.policy.mayResolve(actor, await this.runs.toResolve(run, gate, action));
        return { action, allowed: may.allowed, reasonCode: may.reasonCode };
      }),
    );
  }
}
