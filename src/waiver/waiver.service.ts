import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { idempotencyKey, uuidFromKey, type IdempotencyKey } from '../kernel/id.js';
import { refused } from '../kernel/refusal.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { approve, refuse, revoke, withdraw } from './approve.js';
import type { DelegationStore } from './delegation/delegation.store.js';
import { speaksFor } from './delegation/speaks-for.js';
import type { WaiverProblem } from './problem.js';
import type { PolicyAnswer } from './waiver-policy.port.js';
import type { WaiverPermits } from './waiver-permits.service.js';
import {
  asksForSame,
  proseFault,
  readRequest,
  type DraftWaiver,
  type WaiverRequest,
} from './waiver-request.js';
import type { WaiverRead } from './waiver.read.js';
import type { WaiverChange, WaiverStore } from './waiver.store.js';
import { waiverEntry, type WaiverStep } from './waiver-entry.js';
import {
  approvalDigest,
  endingDigest,
  waiverDigest,
  type DelegatedFrom,
  type Ending,
  type Waiver,
  type WaiverRecord,
} from './waiver.js';

export interface RequestWaiver {
  readonly request: WaiverRequest;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface ReviewWaiver {
  readonly waiverId: string;
  /** Audit note, required, kept encrypted. */
  readonly note: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { waivers: WaiverStore; delegations: Pick<DelegationStore, 'hold'>; ledger: Ledger };
/** As whoever delegated: only an approval can be given in somebody's place. */
export interface ApproveWaiver extends ReviewWaiver {
  readonly delegationId?: string;
}

type Outcome = Result<WaiverRecord, WaiverProblem>;
/** What a review adds to a record, and to the tables. */
interface Added {
  readonly after: WaiverRecord;
  readonly digest: Digest;
  readonly write: (store: WaiverStore, key: IdempotencyKey) => Promise<void>;
}

/**
 * A waiver's life. Each step is one transaction that ends with its ledger entry; repeated under the same key
 * (which is the caller's own: another principal's equal key is another key) it changes nothing and answers the
 * same. The policy is asked before the transaction begins, the four-eyes rule is applied inside it.
 */
export class WaiverService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: WaiverRead,
    private readonly permits: WaiverPermits,
    private readonly clock: Clock,
  ) {}

  /** Asks for a waiver. It excuses nothing until others have approved it. */
  async request(
    { request, context, idempotencyKey: callersKey }: RequestWaiver,
    by: Actor,
  ): Promise<Outcome> {
    const now = this.clock.now();
    const key = idempotencyKey(by.orgId, `waiver.requested ${by.principalId}`, callersKey);
    const known = await this.read.byId(by.orgId, uuidFromKey(key));
    const draft = readRequest(
      { ...request, ...(context.caseId !== undefined && { caseId: context.caseId }) },
      by,
      known ? known.waiver.requestedAt : now, // a repetition is read as it was read the first time
    );
    if (!draft.ok) return draft;
    if (known) return sameOrConflict(known, draft.value, request);
    const permitted = await this.permits.permit(draft.value, by, now);
    if (!permitted.ok) return permitted;
    const { reasonCode, ...terms } = permitted.value;
    const waiver: Waiver = { ...draft.value, waiverId: uuidFromKey(key), ...terms };
    return this.tx(async ({ waivers, ledger }) => {
      if (!(await waivers.add(waiver, key))) {
        const winner = await waivers.find(by.orgId, waiver.waiverId);
        return winner ? sameOrConflict(winner, draft.value, request) : failed(conflict);
      }
      const after: WaiverRecord = { waiver, approvals: [], refusal: null, revocation: null };
      return append(ledger, {
        kind: 'waiver.requested',
        before: undefined,
        after,
        added: waiverDigest(waiver),
        prose: { reason: request.reason },
        reasonCode,
        actor: by,
        context,
        at: now,
        key,
      });
    });
  }

  /**
   * One person's agreement, perhaps in another's place. Whether it makes the waiver active depends on how many are
   * required.
   */
  async approve(command: ApproveWaiver, by: Actor): Promise<Outcome> {
    const record = await this.read.byId(by.orgId, command.waiverId);
    if (!record) return failed({ kind: 'WaiverNotFound', waiverId: command.waiverId });
    const authorIds = await this.permits.authorsOf(record.waiver);
    const hand = await this.permits.handOf(command.delegationId, by);
    const delegatedFrom = hand.ok ? hand.value.delegation?.from : undefined;
    return this.review('waiver.approved', command, by, {
      delegatedFrom,
      change: async (current, at, { delegations }) => {
        if (!hand.ok) return hand; // not before: a command that was done is answered as it was
        const { delegationId } = command;
        const held = delegationId === undefined ? undefined : await delegations.hold(by.orgId, delegationId);
        // Withdrawn, perhaps, while the policy was asked.
        const right = held && speaksFor(held, by.principalId, at);
        if (right && !right.ok) return right;
        const approved = approve(current, { ...by, ...(delegatedFrom && { delegatedFrom }) }, authorIds, at);
        if (!approved.ok) return approved;
        const approval = approved.value;
        return ok({
          after: { ...current, approvals: [...current.approvals, approval] },
          digest: approvalDigest(current.waiver, approval),
          write: (store, key) => store.addApproval(current.waiver, approval, key),
        });
      },
      ...(hand.ok && { mayApprove: () => this.permits.mayApprove(record, authorIds, hand.value) }),
    });
  }

  /** Says no to an open request. */
  refuse(command: ReviewWaiver, by: Actor): Promise<Outcome> {
    return this.review('waiver.refused', command, by, {
      change: (current, at) =>
        withEnding(refuse(current, by.principalId, at), current, 'refusal', (store, ending, key) =>
          store.addRefusal(current.waiver, ending, key),
        ),
    });
  }

  /** Takes one's own open request back. */
  withdraw(command: ReviewWaiver, by: Actor): Promise<Outcome> {
    return this.review('waiver.withdrawn', command, by, {
      change: (current, at) =>
        withEnding(withdraw(current, by.principalId, at), current, 'refusal', (store, ending, key) =>
          store.addRefusal(current.waiver, ending, key),
        ),
    });
  }

  /** Ends an approved waiver now. Decisions already recorded keep what they said. */
  revoke(command: ReviewWaiver, by: Actor): Promise<Outcome> {
    return this.review('waiver.revoked', command, by, {
      change: (current, at) =>
        withEnding(revoke(current, by.principalId, at), current, 'revocation', (store, ending, key) =>
          store.addRevocation(current.waiver, ending, key),
        ),
    });
  }

  /** The four-eyes rule speaks before the policy does, so that its answers do not depend on a policy's wording. */
  private async review(
    kind: Exclude<WaiverStep['kind'], 'waiver.requested'>,
    command: ReviewWaiver,
    by: Actor,
    rules: {
      change: (
        current: WaiverRecord,
        at: Instant,
        stores: Stores,
      ) => Result<Added, WaiverProblem> | Promise<Result<Added, WaiverProblem>>;
      mayApprove?: () => Promise<PolicyAnswer>;
      delegatedFrom?: DelegatedFrom | undefined;
    },
  ): Promise<Outcome> {
    const fault = proseFault('note', command.note);
    if (fault) return failed(fault);
    const key = idempotencyKey(by.orgId, `${kind} ${by.principalId}`, command.idempotencyKey);
    const permitted = await rules.mayApprove?.();
    return this.tx(async (stores) => {
      const { waivers, ledger } = stores;
      const before = await waivers.findForChange(by.orgId, command.waiverId);
      if (!before) return failed({ kind: 'WaiverNotFound', waiverId: command.waiverId });
      const done = await waivers.changeBy(by.orgId, key);
      if (done) return repeats(done, kind, command.waiverId) ? ok(before) : failed(conflict);
      const at = this.clock.now();
      const changed = await rules.change(before, at, stores);
      if (!changed.ok) return changed;
      if (permitted && !permitted.allowed) return failed(refusalOf(permitted));
      const { after, digest: added, write } = changed.value;
      await write(waivers, key);
      const { context, note } = command;
      const reasonCode = permitted?.reasonCode ?? null;
      return append(ledger, {
        kind,
        before,
        after,
        added,
        prose: { note },
        reasonCode,
        delegatedFrom: rules.delegatedFrom,
        login: permitted && loginDemanded(permitted),
        actor: by,
        context,
        at,
        key,
      });
    });
  }
}

const conflict: WaiverProblem = { kind: 'IdempotencyConflict', seq: null };

async function append(ledger: Ledger, step: WaiverStep): Promise<Outcome> {
  const appended = await ledger.append(waiverEntry(step));
  return appended.ok ? ok(step.after) : appended;
}

const sameOrConflict = (known: WaiverRecord, draft: DraftWaiver, request: WaiverRequest): Outcome =>
  asksForSame(known.waiver, draft, request) ? ok(known) : failed(conflict);

function withEnding(
  ended: Result<Ending, WaiverProblem>,
  current: WaiverRecord,
  what: 'refusal' | 'revocation',
  write: (store: WaiverStore, ending: Ending, key: IdempotencyKey) => Promise<void>,
): Result<Added, WaiverProblem> {
  if (!ended.ok) return ended;
  return ok({
    after: { ...current, [what]: ended.value },
    digest: endingDigest(current.waiver, what, ended.value),
    write: (store, key) => write(store, ended.value, key),
  });
}

/** A login that will not do is told apart from a person who may not: the same person can log in again. */
function refusalOf(answer: PolicyAnswer): WaiverProblem {
  const { reasonCode, params } = answer;
  if (reasonCode !== 'fresh-login-required') return { kind: 'NotPermitted', ...refused(answer) };
  const { maxAgeMinutes, methods, missing } = params;
  return {
    kind: 'FreshLoginRequired',
    maxAgeMinutes: typeof maxAgeMinutes === 'number' ? maxAgeMinutes : null,
    methods: texts(methods),
    missing: texts(missing),
  };
}

/** What the policy asked of a login that did; undefined where it asked nothing. */
function loginDemanded({ params: { maxAgeMinutes, methods } }: PolicyAnswer): JsonObject | undefined {
  if (typeof maxAgeMinutes !== 'number' && texts(methods).length === 0) return undefined;
  return { maxAgeMinutes: maxAgeMinutes ?? null, methods: texts(methods) };
}

const texts = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** The key names the actor and the operation already: what is left to compare is which waiver was meant. */
const repeats = (done: WaiverChange, kind: WaiverStep['kind'], waiverId: string): boolean =>
  done.waiverId === waiverId && KINDS[done.what].includes(kind);

const KINDS: Readonly<Record<WaiverChange['what'], readonly WaiverStep['kind'][]>> = {
  approval: ['waiver.approved'],
  refusal: ['waiver.refused', 'waiver.withdrawn'],
  revocation: ['waiver.revoked'],
};
