import type { EntryFacts, EntryKind } from './entry.js';

type Implied = Readonly<
  { result: string; severity: string } & Pick<EntryFacts, 'stateBefore' | 'stateAfter'>
>;

const NONE = { severity: 'none' } as const;

/**
 * What a kind of entry says by itself, so that `result` and `severity`, which the customer's event log has on every
 * event, are never missing, and what changes state says from what to what. An entry that knows better states it, and
 * that counts. Not part of what a request determines (content-digest.ts): a retry that arrives after an update of the
 * program is the same request still.
 */
export const IMPLIED: Readonly<Record<EntryKind, Implied>> = {
  'organisation.created': { ...NONE, result: 'CREATED' },
  'project.created': { ...NONE, result: 'CREATED' },
  'principal.added': { ...NONE, result: 'ADDED' },
  'principal.disabled': { ...NONE, result: 'DISABLED', stateBefore: 'ENABLED', stateAfter: 'DISABLED' },
  'principal.enabled': { ...NONE, result: 'ENABLED', stateBefore: 'DISABLED', stateAfter: 'ENABLED' },
  'grant.given': { ...NONE, result: 'GIVEN', stateAfter: 'IN_FORCE' },
  'grant.revoked': { ...NONE, result: 'REVOKED', stateBefore: 'IN_FORCE', stateAfter: 'REVOKED' },
  'access.denied': { ...NONE, result: 'DENIED' },
  'policy.draft-saved': { ...NONE, result: 'SAVED' },
  'policy.draft-discarded': { ...NONE, result: 'DISCARDED' },
  'policy.review-requested': { ...NONE, result: 'REQUESTED' },
  'policy.reviewed': { ...NONE, result: 'REVIEWED' },
  'policy.published': { ...NONE, result: 'PUBLISHED', stateAfter: 'published' },
  'policy.retired': { ...NONE, result: 'RETIRED' },
  'checklist.published': { ...NONE, result: 'PUBLISHED', stateAfter: 'published' },
  'checklist.activated': { ...NONE, result: 'ACTIVATED' },
  'gate.defined': { ...NONE, result: 'DEFINED' },
  'artefact.registered': { ...NONE, result: 'REGISTERED', stateAfter: 'REGISTERED' },
  'artefact.related': { ...NONE, result: 'RELATED' },
  // Nobody has read it yet: what is in it may be as bad as can be.
  'evidence.received': { severity: 'unknown', result: 'RECEIVED', stateAfter: 'RECEIVED' },
  'evidence.normalised': { severity: 'unknown', result: 'NORMALISED', stateBefore: 'RECEIVED' },
  'scan.requested': { ...NONE, result: 'REQUESTED', stateAfter: 'REQUESTED' },
  // How bad what it found is, its evidence says.
  'scan.finished': { severity: 'unknown', result: 'FINISHED', stateBefore: 'REQUESTED', stateAfter: 'DONE' },
  // Of the gate run, which is over with the decision.
  'decision.recorded': {
    ...{ severity: 'unknown', result: 'RECORDED' },
    ...{ stateBefore: 'running', stateAfter: 'decided' },
  },
  // What it means is the policy's: an answer has no severity of ours.
  'policy-decision': { severity: 'unknown', result: 'ANSWERED' },
  // The decision keeps what it said; the gate would judge with something else today.
  'decision.stale': { ...NONE, result: 'STALE', stateAfter: 'STALE' },
  'gate-run.retried': { ...NONE, result: 'RETRIED' },
  'gate-run.paused': { ...NONE, result: 'PAUSED' },
  'gate-run.resumed': { ...NONE, result: 'RESUMED' },
  'gate-run.overridden': { ...NONE, result: 'OVERRIDDEN' },
  'gate-run.rejected': { ...NONE, result: 'REJECTED' },
  'gate-run.escalated': { ...NONE, result: 'ESCALATED' },
  'waiver.requested': { ...NONE, result: 'REQUESTED' },
  'waiver.approved': { ...NONE, result: 'APPROVED' },
  'waiver.refused': { ...NONE, result: 'REFUSED' },
  'waiver.withdrawn': { ...NONE, result: 'WITHDRAWN' },
  'waiver.revoked': { ...NONE, result: 'REVOKED' },
  'waiver.expired': { ...NONE, result: 'EXPIRED', stateAfter: 'expired' },
  'waiver.escalated': { ...NONE, result: 'ESCALATED' },
  'waiver-delegation.given': { ...NONE, result: 'GIVEN' },
  'waiver-delegation.withdrawn': { ...NONE, result: 'WITHDRAWN', stateAfter: 'withdrawn' },
  'work-item.saved': { ...NONE, result: 'SAVED' },
  'route.chosen': { ...NONE, result: 'CHOSEN' },
  'route.reviewed': { ...NONE, result: 'REVIEWED' },
  'template.published': { ...NONE, result: 'PUBLISHED', stateAfter: 'published' },
  'step.recorded': { ...NONE, result: 'RECORDED' },
  'criterion.stated': { ...NONE, result: 'STATED' },
  'process-role.assigned': { ...NONE, result: 'ASSIGNED', stateAfter: 'assigned' },
  'process-role.withdrawn': {
    ...NONE,
    ...{ result: 'WITHDRAWN', stateBefore: 'assigned', stateAfter: 'withdrawn' },
  },
  'fix-task.opened': { ...NONE, result: 'OPENED' },
  'fix-task.closed': { ...NONE, result: 'CLOSED' },
  'export.requested': { ...NONE, result: 'REQUESTED' },
  'export.made': { ...NONE, result: 'MADE' },
  'export.handed-over': { ...NONE, result: 'HANDED_OVER', stateBefore: 'DONE', stateAfter: 'DONE' },
  'person.erased': { ...NONE, result: 'ERASED', stateAfter: 'ERASED' },
  // Whether a hold that is set is in force or has lapsed depends on when one asks.
  'hold.set': { ...NONE, result: 'SET', stateAfter: 'SET' },
  'hold.lifted': { ...NONE, result: 'LIFTED', stateBefore: 'SET', stateAfter: 'LIFTED' },
  'log.continued': { ...NONE, result: 'CONTINUED' },
};
