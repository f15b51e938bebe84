/** What is wrong with a checklist as it was composed, all at once. Paths count from 0: `policies.0.parameters.floor`. */
export interface ChecklistInvalid {
  readonly kind: 'ChecklistInvalid';
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

export interface UnpublishedPolicy {
  readonly kind: 'PolicyNotPublished';
  readonly policyId: string;
  readonly policyVersion: string;
  readonly reasonCode: 'unknown' | 'retired';
}

/** The key was used before for something else. `seq` names that ledger entry where it is known. */
interface KeyTaken {
  readonly kind: 'IdempotencyConflict';
  readonly seq: number | null;
}

export type PublishChecklistProblem = ChecklistInvalid | UnpublishedPolicy | KeyTaken;

export type ActivateChecklistProblem =
  | { readonly kind: 'ChecklistNotFound'; readonly chkId: string; readonly version: number }
  /** Somebody else activated meanwhile. Version and activation are what stands now. */
  | {
      readonly kind: 'ActivationStale';
      readonly chkId: string;
      readonly expectedActivation: number;
      readonly actualActivation: number;
      readonly activeVersion: number | null;
      /** What was to be put in force. */
      readonly yours: number;
    }
  /** Whoever activates this access policy could not activate another one: nobody might be left who can. */
  | { readonly kind: 'AccessWouldBeLost'; readonly chkId: string; readonly version: number }
  /** It pins a policy that was retired. */
  | UnpublishedPolicy
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  | KeyTaken;
