import type { IdempotencyKey } from '../../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { Activation, Standing } from './activation.js';
import type { ChecklistVersion } from './checklist.js';

export interface ChecklistFilter {
  readonly chkId?: string;
  /** Only versions that are in force. */
  readonly active?: boolean;
}

/** An activation with the key of the entry that holds its reason. */
export type RecordedActivation = Activation & { readonly entryKey: IdempotencyKey };

/** Answers questions about checklists; changes nothing. */
export interface ChecklistRead {
  standing(orgId: string, chkId: string): Promise<Standing>;
  /** By checklist, newest version first. */
  versions(
    orgId: string,
    filter: ChecklistFilter,
    page: PageRequest,
  ): Promise<Result<Page<ChecklistVersion>, InvalidCursor>>;
  /** Of all versions of one checklist, newest first. */
  activations(
    orgId: string,
    chkId: string,
    page: PageRequest,
  ): Promise<Result<Page<RecordedActivation>, InvalidCursor>>;
}
