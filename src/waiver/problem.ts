import type { Refused } from '../kernel/refusal.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { DelegationState } from './delegation/delegation.js';
import type { SelectorInvalid } from './selector.js';
import type { WaiverState } from './waiver.js';

/** Everything that can come of asking for, or deciding on, a waiver, other than success. */
export type WaiverProblem =
  | SelectorInvalid
  /** A field other than the selectors: `reason`, `note`, `reference`, `compensatingControl`. */
  | { readonly kind: 'FieldInvalid'; readonly where: string; readonly expected: string }
  | {
      readonly kind: 'WindowInvalid';
      readonly effectiveFrom: Instant;
      readonly effectiveUntil: Instant;
      readonly expected: string;
    }
  | { readonly kind: 'TooLong'; readonly maxDurationDays: number }
  | { readonly kind: 'WaiverNotFound'; readonly waiverId: string }
  | { readonly kind: 'NotOpen'; readonly waiverId: string; readonly state: WaiverState }
  /** Taking back is for whoever asked. */
  | { readonly kind: 'NotTheRequester'; readonly waiverId: string }
  /** It was never granted, or was taken away: there is nothing to continue. */
  | { readonly kind: 'NotRenewable'; readonly waiverId: string; readonly state: WaiverState }
  /** Attachments are evidence that is stored already. */
  | { readonly kind: 'AttachmentNotFound'; readonly digest: Digest }
  /** Also when it is a delegation to somebody else. */
  | { readonly kind: 'DelegationNotFound'; readonly delegationId: string }
  | { readonly kind: 'DelegateNotFound'; readonly delegateId: string }
  | { readonly kind: 'DelegationNotInForce'; readonly delegationId: string; readonly state: DelegationState }
  /** What the access policy asks of an approver's login, and which claims of the token fall short of it. */
  | {
      readonly kind: 'FreshLoginRequired';
      readonly maxAgeMinutes: number | null;
      readonly methods: readonly string[];
      readonly missing: readonly string[];
    }
  | { readonly kind: 'SelfApproval'; readonly waiverId: string }
  | { readonly kind: 'ApproverIsAuthor'; readonly waiverId: string }
  | { readonly kind: 'AlreadyApproved'; readonly waiverId: string }
  /** `reasonCode` is one of policies/access. */
  | ({ readonly kind: 'NotPermitted' } & Refused)
  /** Of an import of suppressions: there is nothing to look for findings in. */
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  /** The key was used before for something else. `seq` names that ledger entry where it is known. */
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };
