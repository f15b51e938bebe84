import type { Actor } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { refused } from '../kernel/refusal.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { renewable } from './approve.js';
import type { DelegationRead } from './delegation/delegation.read.js';
import { speaksFor } from './delegation/speaks-for.js';
import type { WaiverProblem } from './problem.js';
import type {
  Approvers,
  ArtefactAuthors,
  PolicyAnswer,
  RequestAnswer,
  StoredFiles,
  WaiverAsked,
  WaiverPolicy,
} from './waiver-policy.port.js';
import { artefactOf, durationDays, gateOf, type DraftWaiver } from './waiver-request.js';
import type { WaiverRead } from './waiver.read.js';
import { personsOf, type DelegatedFrom, type Waiver, type WaiverRecord } from './waiver.js';

/** What the steps of a waiver ask of others; wired in `app`. */
export interface WaiverSources {
  readonly authors: ArtefactAuthors;
  readonly approvers: Approvers;
  readonly files: StoredFiles;
  readonly delegations: Pick<DelegationRead, 'byId'>;
}

/** Who approves, and in whose place. */
export interface Hand {
  readonly by: Actor;
  readonly delegation?: { readonly from: DelegatedFrom; readonly roles: Actor['roles'] };
}

/** What is asked of the access policy, and of everybody else, before a step is taken. Changes nothing. */
export class WaiverPermits {
  constructor(
    private readonly read: WaiverRead,
    private readonly policy: WaiverPolicy,
    private readonly sources: WaiverSources,
    private readonly clock: Clock,
  ) {}

  /** Whether somebody may ask for this, and on what terms. */
  async permit(
    draft: DraftWaiver,
    by: Actor,
    now: Instant,
  ): Promise<Result<Pick<Waiver, 'requiredApprovals' | 'review'> & { reasonCode: string }, WaiverProblem>> {
    for (const digest of draft.attachments ?? [])
      if (!(await this.sources.files.isStored(by.orgId, digest)))
        return failed({ kind: 'AttachmentNotFound', digest });
    const answered = await this.terms(draft, by, now);
    if (!answered.ok) return answered;
    const { allowed, reasonCode, review, maxDurationDays, requiredApprovals } = answered.value;
    // Too long is told apart from not allowed, because the caller can do something about it.
    if (durationDays(draft) > maxDurationDays && (allowed || reasonCode === 'duration-too-long'))
      return failed({ kind: 'TooLong', maxDurationDays });
    if (!allowed) return failed({ kind: 'NotPermitted', ...refused(answered.value) });
    return ok({ requiredApprovals, reasonCode, ...(review && { review }) });
  }

  /** What the policy says of a request, allowed or not: how long at most, how many must approve. */
  async terms(draft: DraftWaiver, by: Actor, now: Instant): Promise<Result<RequestAnswer, WaiverProblem>> {
    const { severity, selectors, renews } = draft;
    const renewals = renews === undefined ? ok(0) : await this.renewals(by.orgId, renews, now);
    if (!renewals.ok) return renewals;
    const answer = await this.policy.mayRequest(by, {
      ...{ severity, selectors, durationDays: durationDays(draft), renewals: renewals.value },
      ...(await this.gateTerms(draft, by.principalId)).asked,
    });
    return ok({ ...answer, requiredApprovals: Math.max(1, Math.ceil(answer.requiredApprovals)) });
  }

  /** How many waivers a request continues, when that is possible. */
  private async renewals(
    orgId: string,
    renews: string,
    now: Instant,
  ): Promise<Result<number, WaiverProblem>> {
    const renewed = await this.read.byId(orgId, renews);
    if (!renewed) return failed({ kind: 'WaiverNotFound', waiverId: renews });
    const possible = renewable(renewed, now);
    return possible.ok ? ok(await this.read.chainLength(orgId, renews)) : possible;
  }

  /** In whose place somebody approves, with what that person may do now: nobody passes on more than they have. */
  async handOf(delegationId: string | undefined, by: Actor): Promise<Result<Hand, WaiverProblem>> {
    if (delegationId === undefined) return ok({ by });
    const record = await this.sources.delegations.byId(by.orgId, delegationId);
    if (!record) return failed({ kind: 'DelegationNotFound', delegationId });
    const from = speaksFor(record, by.principalId, this.clock.now());
    if (!from.ok) return from;
    const standing = await this.sources.approvers.standing(by.orgId, from.value.delegatorId);
    return ok({ by, delegation: { from: from.value, roles: standing?.roles ?? [] } });
  }

  async mayApprove(
    { waiver, approvals }: WaiverRecord,
    authorIds: readonly string[],
    { by, delegation }: Hand,
  ): Promise<PolicyAnswer> {
    const holder = delegation?.from.delegatorId ?? by.principalId;
    const { asked, processRoles } = await this.gateTerms(waiver, holder);
    return this.policy.mayApprove(
      { ...by, ...(delegation && { roles: delegation.roles }) },
      {
        requesterId: waiver.requesterId,
        artefactAuthorId: authorIds[0] ?? null,
        approverIds: approvals.flatMap(personsOf),
        severity: waiver.severity,
        durationDays: durationDays(waiver),
        selectors: waiver.selectors,
        ...asked,
        processRoles,
        ...(delegation && { delegatorId: delegation.from.delegatorId }),
        loginAgeSeconds: by.authTime === undefined ? null : Math.floor(this.clock.now() / 1000) - by.authTime,
      },
    );
  }

  private async gateTerms(
    { orgId, selectors }: Pick<Waiver, 'orgId' | 'selectors'>,
    principalId: string,
  ): Promise<{ asked: Pick<WaiverAsked, 'gate'>; processRoles: readonly string[] }> {
    const gateId = gateOf(selectors);
    if (gateId === null) return { asked: {}, processRoles: [] };
    const { waiverRights, processRoles } = await this.sources.approvers.atGate(orgId, gateId, principalId);
    return { asked: waiverRights.length > 0 ? { gate: { waiverRights } } : {}, processRoles };
  }

  async authorsOf({ orgId, selectors }: Waiver): Promise<readonly string[]> {
    const artefact = artefactOf(selectors);
    return artefact ? this.sources.authors.authorsOf(orgId, artefact) : [];
  }
}
