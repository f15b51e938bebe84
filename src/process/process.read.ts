import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { FixTaskRecord } from './fix-task.service.js';
import type { Relation } from './relation.js';
import type { RecordRead } from './record.store.js';
import type { Template } from './template.js';
import type { WorkItem, WorkItemKind, WorkItemState } from './work-item.js';

export interface WorkItemFilter {
  readonly projectId?: string;
  readonly kind?: WorkItemKind;
  readonly parentId?: string;
  readonly status?: WorkItemState;
}

export interface FixTaskFilter {
  readonly caseId?: string;
  readonly gateId?: string;
  readonly status?: WorkItemState;
}

/** Rework: how often something had to be mended, of one case and one gate. */
export interface Rework {
  readonly caseId: string | null;
  readonly gateId: string | null;
  readonly count: number;
}

/** Answers about the process, outside transactions. Of what is kept in versions, what stands. */
export interface ProcessRead extends RecordRead {
  item(orgId: string, caseId: string): Promise<WorkItem | undefined>;
  /** By case id. */
  children(orgId: string, parentId: string): Promise<readonly WorkItem[]>;
  /** By case id. */
  items(
    orgId: string,
    filter: WorkItemFilter,
    page: PageRequest,
  ): Promise<Result<Page<WorkItem>, InvalidCursor>>;
  /** The newest version of each, by id. */
  templates(orgId: string, page: PageRequest): Promise<Result<Page<Template>, InvalidCursor>>;
  /** By id. */
  fixTasks(
    orgId: string,
    filter: FixTaskFilter,
    page: PageRequest,
  ): Promise<Result<Page<FixTaskRecord>, InvalidCursor>>;
  rework(orgId: string, caseId: string): Promise<readonly Rework[]>;
  /** Whether `to` can be reached from `from` along relations of any kind. */
  reaches(orgId: string, from: RelationEnd, to: RelationEnd): Promise<boolean>;
  /** Relations in which any of these versions is on the one or the other side. */
  relationsOf(orgId: string, versions: readonly RelationEnd[]): Promise<readonly Relation[]>;
}

export interface RelationEnd {
  readonly artId: string;
  readonly digest: string;
}
