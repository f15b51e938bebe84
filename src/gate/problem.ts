import type { JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { LedgerBusy } from '../ledger/ledger.js';
import type { Gate } from './gate.js';
import type { RunState } from './run/run-state.js';

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
  /** Asked before under this key: the run waits, for its next attempt or for a person. */
  | {
      readonly kind: 'RunWaiting';
      readonly runId: string;
      readonly state: RunState;
      readonly nextAttemptAt: Instant | null;
      readonly ownerRole: string;
    }
  /** Judged, but not recorded and therefore not answered. */
  | LedgerBusy
  /** The key was used before for something else. `seq` names that ledger entry where it is known. */
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** No version of the checklist was put in force yet. */
export interface ChecklistNotActive {
  readonly kind: 'ChecklistNotActive';
  readonly chkId: string;
}

/** One field of a definition in which the two sides differ from each other. */
export interface GateFieldConflict {
  readonly field: string;
  readonly changedBy: 'yours' | 'theirs' | 'both';
  /** At `expectedVersion`; null when that never was. */
  readonly base: JsonValue;
  readonly theirs: JsonValue;
  readonly yours: JsonValue;
}

/** Somebody else defined it meanwhile, or it exists already. Both sides are here, so that nothing is lost. */
export interface GateStale {
  readonly kind: 'GateStale';
  readonly gateId: string;
  readonly expectedVersion: number;
  /** 0 when it does not exist. */
  readonly currentVersion: number;
  /** What stands; null when nothing does. */
  readonly theirs: Gate | null;
  readonly definedAt: Instant | null;
  readonly fields: readonly GateFieldConflict[];
}

/** What can come of defining a gate. */
export type DefineGateProblem =
  | { readonly kind: 'ProjectNotFound'; readonly project: string }
  | { readonly kind: 'FieldInvalid'; readonly where: string; readonly expected: string }
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number }
  | ChecklistNotActive
  | GateStale
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };
