import type { Instant } from '../kernel/clock.js';
import type { RecordTable } from './record-table.js';

/** `fix` is opened by a service and hangs on whatever it mends; the others form the tree. */
const WORK_ITEM_KINDS = ['project', 'feature', 'story', 'fix'] as const;
export type WorkItemKind = (typeof WORK_ITEM_KINDS)[number];

export type WorkItemState = 'planned' | 'active' | 'done' | 'cancelled';

/** Fastest last: how much of the process a route leaves in place (settled.md, names and identity). */
export const ROUTES = ['standard', 'small-feature', 'single-story'] as const;
export type Route = (typeof ROUTES)[number];

/** One version of a work item: a case of the delivery process. What it is called is a personal field. */
export interface WorkItem {
  readonly orgId: string;
  readonly caseId: string;
  /** From 1; the highest is what stands. */
  readonly version: number;
  readonly projectId: string;
  readonly kind: WorkItemKind;
  readonly parentId: string | null;
  /** Minutes, so that hours with a fraction are exact. */
  readonly estimatedMinutes: number | null;
  readonly status: WorkItemState;
  /** The template the case follows, at one version; both or neither. */
  readonly templateId: string | null;
  readonly templateVersion: number | null;
  /** Null is the system. */
  readonly changedBy: string | null;
  readonly changedAt: Instant;
}

export const WORK_ITEMS: RecordTable<WorkItem> = {
  table: 'work_item',
  columns: {
    orgId: 'uuid',
    caseId: 'text',
    version: 'integer',
    projectId: 'uuid',
    kind: 'text',
    parentId: 'text',
    estimatedMinutes: 'integer',
    status: 'text',
    templateId: 'text',
    templateVersion: 'integer',
    changedBy: 'uuid',
    changedAt: 'instant',
  },
  subject: ({ caseId, version }) => `work-item/${caseId}@${String(version)}`,
};

/** What may stand directly above what. A fix may hang on any case, also on another fix. */
export const PARENT_KINDS: Readonly<Record<WorkItemKind, readonly WorkItemKind[]>> = {
  project: [],
  feature: ['project'],
  story: ['feature'],
  fix: WORK_ITEM_KINDS,
};
