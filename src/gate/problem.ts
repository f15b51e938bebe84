import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { LedgerBusy } from '../ledger/ledger.js';

/** Everything that can come of asking a gate, other than a decision. */
export type GateProblem =
  | { readonly kind: 'GateNotFound'; readonly gateId: string }
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number }
  | ChecklistNotActive
  | { readonly kind: 'ArtefactNotFound'; readonly digest: Digest; readonly artId: string | null }
  /** The digest is registered under several ids: say which is meant. */
  | { readonly kind: 'ArtefactAmbiguous'; readonly digest: Digest; readonly artIds: readonly string[] }
  | { readonly kind: 'BaselineNotFound'; readonly artId: string; readonly digest: Digest }
  /** A baseline that cannot be one, or that the checklist does not let stand. */
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  /** Evidence is still being normalised: nothing was decided, ask again. */
  | { readonly kind: 'EvidencePending'; readonly awaited: readonly Digest[] }
  | { readonly kind: 'AsOfInFuture'; readonly asOf: Instant; readonly now: Instant }
  /** Judged, but not recorded and therefore not answered. */
  | LedgerBusy
  /** The key was used before for something else. `seq` names that ledger entry where it is known. */
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** No version of the checklist was put in force yet. */
export interface ChecklistNotActive {
  readonly kind: 'ChecklistNotActive';
  readonly chkId: string;
}

/** What can come of defining a gate. */
export type DefineGateProblem =
  | { readonly kind: 'FieldInvalid'; readonly where: string; readonly expected: string }
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number }
  | ChecklistNotActive
  /** Somebody else defined it meanwhile, or it exists already; `actualVersion` is 0 when it does not exist. */
  | {
      readonly kind: 'Stale';
      readonly gateId: string;
      readonly expectedVersion: number;
      readonly actualVersion: number;
    }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };
