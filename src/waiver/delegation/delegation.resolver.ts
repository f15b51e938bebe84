import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  ApproveAsDelegateInput,
  DelegateWaiverApprovalInput,
  DelegationState as SdlState,
  WaiverDelegation,
  WaiverDelegationConnection,
  WithdrawWaiverDelegationInput,
} from '../../api/generated.js';
import { badRequest } from '../../api/present.js';
import { contextOf } from '../../api/process-context.js';
import { Requires } from '../../api/requires.js';
import type { Actor } from '../../kernel/actor.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { WaiverProblem } from '../problem.js';
import {
  DELEGATION_STATES,
  showWaiver,
  showWaiverProblem,
  SHOWN_DELEGATION_STATES,
} from '../show-waiver.resolver.js';
import { WaiverDesk } from '../waiver-desk.service.js';
import { WaiverService } from '../waiver.service.js';
import { DelegationService } from './delegation.service.js';
import type { DelegationRecord } from './delegation.js';

interface Listed {
  readonly state?: SdlState | null;
  readonly delegator?: string | null;
  readonly delegate?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

@Resolver()
export class DelegationResolver {
  constructor(
    private readonly delegations: DelegationService,
    private readonly waivers: WaiverService,
    private readonly desk: WaiverDesk,
  ) {}

  @Query()
  @Requires('waiver.read')
  async waiverDelegations(
    @Args() { state, delegator, delegate, first, after }: Listed,
    @Caller() actor: Actor,
  ): Promise<WaiverDelegationConnection> {
    const filter = {
      ...(state && { state: DELEGATION_STATES[state] }),
      ...(delegator && { delegatorId: delegator }),
      ...(delegate && { delegateId: delegate }),
    };
    const page = { first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE), ...(after == null ? {} : { after }) };
    const listed = await this.delegations.list(actor, filter, page);
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = listed.value;
    return {
      nodes: items.map((record) => this.show(record, actor)),
      totalCount,
      pageInfo: { endCursor, hasNextPage },
    };
  }

  @Mutation()
  @Requires('waiver.delegate')
  async delegateWaiverApproval(
    @Args('input') input: DelegateWaiverApprovalInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const { delegate, from, until, reason, idempotencyKey } = input;
    const command = {
      ...{ delegateId: delegate, until, reason, idempotencyKey },
      ...(from == null ? {} : { from }),
      context: contextOf(input.context),
    };
    return this.answer(await this.delegations.give(command, actor), actor);
  }

  @Mutation()
  @Requires('waiver.delegate')
  async withdrawWaiverDelegation(
    @Args('input') input: WithdrawWaiverDelegationInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const { delegationId, note, idempotencyKey } = input;
    const command = { delegationId, note, idempotencyKey, context: contextOf(input.context) };
    return this.answer(await this.delegations.withdraw(command, actor), actor);
  }

  @Mutation()
  @Requires('waiver.approve-delegated', { waiver: 'input.waiverId' })
  async approveWaiverAsDelegate(
    @Args('input') input: ApproveAsDelegateInput,
    @Caller() actor: Actor,
  ): Promise<object> {
    const { waiverId, delegationId, note, idempotencyKey } = input;
    const command = { waiverId, delegationId, note, idempotencyKey, context: contextOf(input.context) };
    const approved = await this.waivers.approve(command, actor);
    return approved.ok ? showWaiver(approved.value, this.desk) : showWaiverProblem(approved.problem);
  }

  private answer(result: Result<DelegationRecord, WaiverProblem>, actor: Actor): object {
    if (!result.ok) return showWaiverProblem(result.problem);
    return { __typename: 'WaiverDelegation', ...this.show(result.value, actor) };
  }

  private show(record: DelegationRecord, actor: Actor): WaiverDelegation {
    const { delegationId, delegatorId, delegateId, from, until, givenAt } = record.delegation;
    const state = this.delegations.stateNow(record);
    const isMine = delegatorId === actor.principalId;
    const inForce = state === 'active' || state === 'pending';
    return {
      id: delegationId,
      state: SHOWN_DELEGATION_STATES[state],
      delegator: delegatorId,
      delegate: delegateId,
      ...{ from, until, givenAt },
      withdrawnAt: record.withdrawal?.at ?? null,
      viewerCan: [
        {
          action: 'withdraw',
          allowed: isMine && inForce,
          reasonCode: isMine ? (inForce ? 'ok' : 'delegation-not-in-force') : 'not-the-delegator',
        },
        {
          action: 'approve-as-delegate',
          allowed: delegateId === actor.principalId && state === 'active',
          reasonCode:
            delegateId === actor.principalId
              ? state === 'active'
                ? 'ok'
                : 'delegation-not-in-force'
              : 'not-the-delegate',
        },
      ],
    };
  }
}
