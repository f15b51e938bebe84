import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import { parseDigest, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { WaiverProblem } from './problem.js';
import { parseSelectors, selectorsDigest, type WaiverSelector } from './selector.js';
import { SEVERITIES, type Severity } from './severity.js';
import type { Waiver } from './waiver.js';

/** A request as a caller makes it; `reason` is kept encrypted, apart from everything else. */
export interface WaiverRequest {
  readonly selectors: unknown;
  readonly severity: Severity;
  /** Now when absent. */
  readonly effectiveFrom?: Instant;
  readonly effectiveUntil: Instant;
  readonly reason: string;
  readonly compensatingControl?: string;
  readonly reference?: string;
  readonly caseId?: string;
  /** Id of the waiver that this one continues. */
  readonly renews?: string;
  /** Digests of stored evidence. */
  readonly attachments?: readonly string[];
}

/** A request that could be read, before the policy has been asked. */
export type DraftWaiver = Omit<Waiver, 'waiverId' | 'requiredApprovals' | 'review'>;

export const DAY_MS = 86_400_000;
/** Longer prose belongs into the document that `reference` names. */
const MAX_PROSE = 4_000;
/** Nobody reads more before they approve. */
const MAX_ATTACHMENTS = 50;
/** What stands in clear must not be able to hold prose, and so a person's name: ids, tickets and links only. */
const TOKEN = /^[\x21-\x7e]{1,300}$/;

/** Window length as the policy counts it: whole days, rounded up. */
export const durationDays = (window: { effectiveFrom: Instant; effectiveUntil: Instant }): number =>
  Math.ceil((window.effectiveUntil - window.effectiveFrom) / DAY_MS);

export function readRequest(
  request: WaiverRequest,
  by: Actor,
  now: Instant,
): Result<DraftWaiver, WaiverProblem> {
  const selectors = parseSelectors(request.selectors);
  if (!selectors.ok) return selectors;
  const { effectiveFrom = now, effectiveUntil, compensatingControl = null, reference = null } = request;
  if (!SEVERITIES.includes(request.severity))
    return failed({ kind: 'FieldInvalid', where: 'severity', expected: SEVERITIES.join(', ') });
  const window = windowFault(effectiveFrom, effectiveUntil, now);
  if (window) return failed({ kind: 'WindowInvalid', effectiveFrom, effectiveUntil, expected: window });
  const field =
    proseFault('reason', request.reason) ??
    tokenFault('compensatingControl', compensatingControl) ??
    tokenFault('reference', reference);
  if (field) return failed(field);
  const attachments = readAttachments(request.attachments ?? []);
  if (!attachments.ok) return attachments;
  return ok({
    ...(request.renews !== undefined && { renews: request.renews }),
    ...(attachments.value.length > 0 && { attachments: attachments.value }),
    orgId: by.orgId,
    selectors: selectors.value,
    severity: request.severity,
    effectiveFrom,
    effectiveUntil,
    requesterId: by.principalId,
    requestedAt: now,
    compensatingControl,
    reference,
    caseId: request.caseId ?? null,
  });
}

/** Whether a repeated command asks for what is recorded. An absent start meant the time of the first asking. */
export const asksForSame = (waiver: Waiver, draft: DraftWaiver, request: WaiverRequest): boolean =>
  selectorsDigest(waiver.selectors) === selectorsDigest(draft.selectors) &&
  waiver.severity === draft.severity &&
  (request.effectiveFrom === undefined || waiver.effectiveFrom === request.effectiveFrom) &&
  waiver.effectiveUntil === draft.effectiveUntil &&
  waiver.requesterId === draft.requesterId &&
  waiver.compensatingControl === draft.compensatingControl &&
  waiver.reference === draft.reference &&
  waiver.renews === draft.renews &&
  String(waiver.attachments ?? []) === String(draft.attachments ?? []) &&
  waiver.caseId === draft.caseId;

/** The artefact a scope names, if it names one. */
export const artefactOf = (
  selectors: readonly WaiverSelector[],
): Extract<WaiverSelector, { type: 'artefact' }> | undefined =>
  selectors.find(({ type }) => type === 'artefact') as
    Extract<WaiverSelector, { type: 'artefact' }> | undefined;

/** The gate a scope names, if it names one. */
export function gateOf(selectors: readonly WaiverSelector[]): string | null {
  for (const selector of selectors) if (selector.type === 'gate') return selector.gateId;
  return null;
}

/** In order, each once: the same attachments are the same request. */
function readAttachments(given: readonly string[]): Result<readonly Digest[], WaiverProblem> {
  if (given.length > MAX_ATTACHMENTS)
    return failed({ kind: 'FieldInvalid', where: 'attachments', expected: `at most ${MAX_ATTACHMENTS}` });
  const digests: Digest[] = [];
  for (const [at, text] of given.entries()) {
    const digest = parseDigest(text);
    if (!digest.ok)
      return failed({
        kind: 'FieldInvalid',
        where: `attachments.${String(at)}`,
        expected: 'a digest sha256:…',
      });
    digests.push(digest.value);
  }
  return ok([...new Set(digests)].sort());
}

/** A reason or an audit note is required, and bounded. */
export function proseFault(
  where: string,
  text: string,
): Extract<WaiverProblem, { kind: 'FieldInvalid' }> | undefined {
  if (text.trim() !== '' && text.length <= MAX_PROSE && text.isWellFormed()) return undefined;
  return { kind: 'FieldInvalid', where, expected: `text of 1 to ${String(MAX_PROSE)} characters` };
}

function tokenFault(
  where: string,
  text: string | null,
): Extract<WaiverProblem, { kind: 'FieldInvalid' }> | undefined {
  if (text === null || TOKEN.test(text)) return undefined;
  return {
    kind: 'FieldInvalid',
    where,
    expected: 'an id or link of 1 to 300 ASCII characters without spaces',
  };
}

/** A malformed instant is refused here, never skipped later. */
function windowFault(from: Instant, until: Instant, now: Instant): string | undefined {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(until)) return 'two instants';
  if (until < from) return 'an end that is not before its beginning';
  return until <= now ? 'an end that lies in the future' : undefined;
}
