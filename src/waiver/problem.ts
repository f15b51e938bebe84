import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
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
  | { readonly kind: 'SelfApproval'; readonly waiverId: string }
  | { readonly kind: 'ApproverIsAuthor'; readonly waiverId: string }
  | { readonly kind: 'AlreadyApproved'; readonly waiverId: string }
  /** `reasonCode` is one of policies/access. */
  | { readonly kind: 'NotPermitted'; readonly reasonCode: string; readonly params: JsonObject }
  /** Of an import of suppressions: there is nothing to look for findings in. */
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  /** The key was used before for something else. `seq` names that ledger entry where it is known. */
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };
