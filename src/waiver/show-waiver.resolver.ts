import type {
  DelegationState as SdlDelegationState,
  ReviewWaiverResult,
  Waiver as SdlWaiver,
  WaiverSelectorInput,
  WaiverState as SdlState,
} from '../api/generated.js';
import { present, renamed } from '../api/present.js';
import { showRefused } from '../api/refused.js';
import type { DelegationState } from './delegation/delegation.js';
import { WAIVER_MESSAGES } from './messages.js';
import type { WaiverProblem } from './problem.js';
import type { WaiverDesk } from './waiver-desk.service.js';
import type { WaiverSelector } from './selector.js';
import type { WaiverRecord, WaiverState } from './waiver.js';

type Looked = 'reason' | 'viewerCan' | 'renewedBy' | 'review' | 'escalations';
/** A waiver as shown; the fields that cost a look-up or a question are resolved only when they are asked for. */
export type ShownWaiver = Omit<SdlWaiver, Looked> & { readonly record: WaiverRecord };

export type ReviewAnswer = ReviewWaiverResult | ShownWaiver;

/** A record as the API shows it; its restricted fields are resolved when they are asked for. */
export function showWaiver(record: WaiverRecord, desk: Pick<WaiverDesk, 'stateNow'>): ShownWaiver {
  const { waiver } = record;
  return {
    __typename: 'Waiver',
    record,
    id: waiver.waiverId,
    state: SHOWN_STATES[desk.stateNow(record)],
    selectors: waiver.selectors.map(({ type, ...value }) => ({ type, value })),
    severity: waiver.severity.toUpperCase() as SdlWaiver['severity'],
    effectiveFrom: waiver.effectiveFrom,
    effectiveUntil: waiver.effectiveUntil,
    requestedAt: waiver.requestedAt,
    requestedBy: waiver.requesterId,
    requiredApprovals: waiver.requiredApprovals,
    approvals: record.approvals.map(({ approverId, at, delegatedFrom, authTime, amr }) => ({
      approvedBy: approverId,
      at,
      delegatedFrom: delegatedFrom?.delegatorId ?? null,
      authenticatedAt: authTime === null ? null : authTime * 1000,
      authenticationMethods: [...amr],
    })),
    renews: waiver.renews ?? null,
    attachments: [...(waiver.attachments ?? [])],
    compensatingControl: waiver.compensatingControl,
    reference: waiver.reference,
  };
}

/** The SDL says some problems in more general words: what is wrong with an argument is InvalidInput. */
export function showWaiverProblem(problem: WaiverProblem): object {
  const shown = present(problem, WAIVER_MESSAGES);
  switch (problem.kind) {
    case 'SelectorInvalid':
    case 'FieldInvalid':
      return renamed(shown, 'InvalidInput', { path: problem.where, expected: problem.expected });
    case 'WindowInvalid':
      return renamed(shown, 'InvalidInput', { path: 'effectiveUntil', expected: problem.expected });
    case 'TooLong':
      return renamed(shown, 'WaiverTooLong', { maxDurationDays: problem.maxDurationDays });
    case 'NotOpen':
      return renamed(shown, 'WaiverNotOpen', {
        waiverId: problem.waiverId,
        state: SHOWN_STATES[problem.state],
      });
    case 'NotRenewable':
      return { ...shown, state: SHOWN_STATES[problem.state] };
    case 'DelegationNotInForce':
      return { ...shown, state: SHOWN_DELEGATION_STATES[problem.state] };
    case 'NotPermitted':
      return showRefused(problem);
    default:
      return shown;
  }
}

export const SHOWN_STATES: Readonly<Record<WaiverState, SdlState>> = {
  requested: 'REQUESTED',
  refused: 'REFUSED',
  withdrawn: 'WITHDRAWN',
  'approved-pending-start': 'APPROVED',
  active: 'ACTIVE',
  expired: 'EXPIRED',
  revoked: 'REVOKED',
};
export const STATES = Object.fromEntries(
  Object.entries(SHOWN_STATES).map(([ours, shown]) => [shown, ours]),
) as Readonly<Record<SdlState, WaiverState>>;

export const SHOWN_DELEGATION_STATES: Readonly<Record<DelegationState, SdlDelegationState>> = {
  pending: 'PENDING',
  active: 'ACTIVE',
  expired: 'EXPIRED',
  withdrawn: 'WITHDRAWN',
};
export const DELEGATION_STATES = Object.fromEntries(
  Object.entries(SHOWN_DELEGATION_STATES).map(([ours, shown]) => [shown, ours]),
) as Readonly<Record<SdlDelegationState, DelegationState>>;

/** The one member that was given, as a typed selector; anything else is refused where selectors are read. */
export function selectorOf(input: WaiverSelectorInput): unknown {
  const given = Object.entries(input).filter(([, value]) => value != null);
  if (given.length !== 1) return given;
  const { gate, rule, finding, artefact, artefactPattern, path, component } = input;
  if (gate != null) return { type: 'gate', gateId: gate } satisfies WaiverSelector;
  if (rule != null) return { type: 'rule', ruleId: rule } satisfies WaiverSelector;
  if (finding != null) return { type: 'finding', ...withoutNulls(finding) };
  if (artefact != null) return { type: 'artefact', ...withoutNulls(artefact) };
  if (artefactPattern != null)
    return { type: 'artefact-pattern', pattern: artefactPattern } satisfies WaiverSelector;
  if (path != null) return { type: 'path', pattern: path } satisfies WaiverSelector;
  return { type: 'component', purl: component };
}

const withoutNulls = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member != null));
