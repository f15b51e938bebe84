import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { idempotencyKey, uuidFromKey } from '../../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { refused } from '../../kernel/refusal.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { WaiverProblem } from '../problem.js';
import type { Approvers, WaiverPolicy } from '../waiver-policy.port.js';
import { DAY_MS, proseFault } from '../waiver-request.js';
import { delegationEntry, type DelegationStep } from './delegation-entry.js';
import type { DelegationFilter, DelegationRead } from './delegation.read.js';
import type { DelegationStore } from './delegation.store.js';
import {
  delegationState,
  type Delegation,
  type DelegationRecord,
  type DelegationState,
} from './delegation.js';

export interface GiveDelegation {
  readonly delegateId: string;
  /** Now when absent. */
  readonly from?: Instant;
  readonly until: Instant;
  /** Required, kept encrypted. */
  readonly reason: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface WithdrawDelegation {
  readonly delegationId: string;
  readonly note: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Outcome = Result<DelegationRecord, WaiverProblem>;

/**
 * An approver lets another person approve in their place, and takes that back. Who may is asked of the access policy;
 * what the delegate may then approve is asked anew at each approval, with the delegator's roles of that moment.
 */
export class DelegationService {
  constructor(
    private readonly tx: InTransaction<{ delegations: DelegationStore; ledger: Ledger }>,
    private readonly read: DelegationRead,
    private readonly policy: Pick<WaiverPolicy, 'mayDelegate'>,
    private readonly approvers: Pick<Approvers, 'standing'>,
    private readonly clock: Clock,
  ) {}

  find(actor: Actor, delegationId: string): Promise<DelegationRecord | undefined> {
    return this.read.byId(actor.orgId, delegationId);
  }

  list(
    actor: Actor,
    filter: DelegationFilter,
    page: PageRequest,
  ): Promise<Result<Page<DelegationRecord>, InvalidCursor>> {
    return this.read.list(actor.orgId, filter, this.clock.now(), page);
  }

  stateNow(record: DelegationRecord): DelegationState {
    return delegationState(record, this.clock.now());
  }

  async give(command: GiveDelegation, by: Actor): Promise<Outcome> {
    const fault = proseFault('reason', command.reason) ?? this.windowFault(command);
    const key = idempotencyKey(by.orgId, `waiver-delegation.given ${by.principalId}`, command.idempotencyKey);
    const known = await this.read.byId(by.orgId, uuidFromKey(key));
    if (known) return sameOrConflict(known, command);
    if (fault) return failed(fault);
    const { delegateId, until, context, reason } = command;
    const at = this.clock.now();
    const from = command.from ?? at;
    const delegate = await this.approvers.standing(by.orgId, delegateId);
    if (!delegate) return failed({ kind: 'DelegateNotFound', delegateId });
    const answer = await this.policy.mayDelegate(by, {
      delegateId,
      delegateKind: delegate.kind,
      durationDays: Math.ceil((until - from) / DAY_MS),
    });
    if (!answer.allowed) return failed({ kind: 'NotPermitted', ...refused(answer) });
    const delegation: Delegation = {
      delegationId: uuidFromKey(key),
      orgId: by.orgId,
      delegatorId: by.principalId,
      delegateId,
      from,
      until,
      givenAt: at,
    };
    return this.tx(async ({ delegations, ledger }) => {
      if (!(await delegations.add(delegation, key))) {
        const winner = await delegations.find(by.orgId, delegation.delegationId);
        return winner ? sameOrConflict(winner, command) : failed(conflict);
      }
      const after = { delegation, withdrawal: null };
      const { reasonCode } = answer;
      return append(ledger, {
        ...{ before: undefined, after, reasonCode, actor: by, context, at, key },
        prose: { reason },
      });
    });
  }

  /** By whoever gave it. Approvals already given in their place stand. */
  withdraw(command: WithdrawDelegation, by: Actor): Promise<Outcome> {
    const { delegationId, note, context } = command;
    const key = idempotencyKey(
      by.orgId,
      `waiver-delegation.withdrawn ${by.principalId}`,
      command.idempotencyKey,
    );
    return this.tx(async ({ delegations, ledger }) => {
      const fault = proseFault('note', note);
      if (fault) return failed(fault);
      const before = await delegations.findForChange(by.orgId, delegationId);
      const done = await delegations.withdrawnBy(by.orgId, key);
      if (done !== undefined) return before && done === delegationId ? ok(before) : failed(conflict);
      if (before?.delegation.delegatorId !== by.principalId)
        return failed({ kind: 'DelegationNotFound', delegationId });
      const at = this.clock.now();
      const state = delegationState(before, at);
      if (state !== 'pending' && state !== 'active')
        return failed({ kind: 'DelegationNotInForce', delegationId, state });
      const withdrawal = { by: by.principalId, at };
      await delegations.addWithdrawal(before.delegation, withdrawal, key);
      const after = { ...before, withdrawal };
      return append(ledger, {
        ...{ before, after, reasonCode: null, actor: by, context, at, key },
        prose: { note },
      });
    });
  }

  private windowFault({ from, until }: GiveDelegation): WaiverProblem | undefined {
    const now = this.clock.now();
    const effectiveFrom = from ?? now;
    if (until >= effectiveFrom && until > now) return undefined;
    return {
      ...{ kind: 'WindowInvalid', effectiveFrom, effectiveUntil: until },
      expected: 'an end in the future that is not before its beginning',
    };
  }
}

const conflict: WaiverProblem = { kind: 'IdempotencyConflict', seq: null };

async function append(ledger: Ledger, step: DelegationStep): Promise<Outcome> {
  const appended = await ledger.append(delegationEntry(step));
  return appended.ok ? ok(step.after) : appended;
}

/** An absent start meant the time of the first asking. */
const sameOrConflict = (known: DelegationRecord, { delegateId, from, until }: GiveDelegation): Outcome =>
  known.delegation.delegateId === delegateId &&
  known.delegation.until === until &&
  (from === undefined || known.delegation.from === from)
    ? ok(known)
    : failed(conflict);
