import type { Digest } from '../kernel/digest.js';
import type { Criterion } from './criterion.js';
import type { InvalidInput } from './invalid-input.js';
import type { Template } from './template.js';
import type { WorkItem, WorkItemState } from './work-item.js';

/** The key was used before for something else. `seq` names that ledger entry where it is known. */
export interface IdempotencyConflict {
  readonly kind: 'IdempotencyConflict';
  readonly seq: number | null;
}

export interface CaseNotFound {
  readonly kind: 'CaseNotFound';
  readonly caseId: string;
}

/** Somebody saved in between. Both sides are here; `theirs` is null where nothing stands. */
export interface WorkItemStale {
  readonly kind: 'WorkItemStale';
  readonly caseId: string;
  readonly expectedVersion: number;
  readonly theirs: WorkItem | null;
  readonly yours: WorkItem;
}

export interface CriterionStale {
  readonly kind: 'CriterionStale';
  readonly caseId: string;
  readonly criterionId: string;
  readonly expectedVersion: number;
  readonly theirs: Criterion | null;
  readonly yours: Criterion;
}

/** Everything that can come of changing something of the process, other than success. */
export type ProcessProblem =
  | InvalidInput
  | IdempotencyConflict
  | CaseNotFound
  | WorkItemStale
  | CriterionStale
  | { readonly kind: 'ProjectNotFound'; readonly project: string }
  /** It may not stand there: the kind above is wrong, it belongs to another project, or it would be its own ancestor. */
  | {
      readonly kind: 'ParentRefused';
      readonly caseId: string;
      readonly parentId: string | null;
      readonly reasonCode: 'kind' | 'project' | 'cycle' | 'missing';
    }
  | { readonly kind: 'TemplateNotFound'; readonly templateId: string; readonly version: number | null }
  | {
      readonly kind: 'TemplateStale';
      readonly templateId: string;
      readonly expectedVersion: number;
      readonly theirs: Template | null;
      readonly yours: Template;
    }
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  | { readonly kind: 'RelationCycle'; readonly artId: string; readonly digest: Digest }
  | { readonly kind: 'PrincipalNotFound'; readonly principalId: string }
  | { readonly kind: 'FixTaskNotFound'; readonly fixTaskId: string }
  | { readonly kind: 'FixTaskClosed'; readonly fixTaskId: string; readonly status: WorkItemState }
  | { readonly kind: 'CaseClosed'; readonly caseId: string; readonly status: WorkItemState }
  /** There is nothing that it could conform to. */
  | { readonly kind: 'CaseWithoutTemplate'; readonly caseId: string }
  /** No policy could be asked; nothing was chosen. */
  | { readonly kind: 'ProcessPolicyMissing'; readonly reasonCode: string };

export const CONFLICT: IdempotencyConflict = { kind: 'IdempotencyConflict', seq: null };
