import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { RecordTable } from './record-table.js';

/** What is to be done about a step that broke its template (customer.md, quality management). */
export const REMEDIATIONS = ['rerun', 're-shard', 'reopen-story'] as const;
export type Remediation = (typeof REMEDIATIONS)[number];

/** Ids of fixes are made here; no other case may take one. */
export const FIX_PREFIX = 'FIX-';

/** How a fix ended: mended, or no longer needed. */
export type FixOutcome = 'fixed' | 'obsolete';

/** What a fix is linked to. The work item of the same id (kind `fix`) says whether it is open. */
export interface FixTask {
  readonly orgId: string;
  /** Case id of the fix itself. */
  readonly fixId: string;
  readonly projectId: string;
  /** The case that needs mending, where one is known. */
  readonly caseId: string | null;
  readonly actId: string | null;
  readonly gateId: string | null;
  readonly runId: string | null;
  readonly artId: string | null;
  readonly artefactDigest: Digest | null;
  /** Why, as a code: `failed-gate`, `wrong-order` … Kebab-case, 1 to 64 characters. */
  readonly reasonCode: string;
  readonly remediation: Remediation;
  readonly openedBy: string | null;
  readonly openedAt: Instant;
}

export const FIX_TASKS: RecordTable<FixTask> = {
  table: 'fix_task',
  columns: {
    orgId: 'uuid',
    fixId: 'text',
    projectId: 'uuid',
    caseId: 'text',
    actId: 'text',
    gateId: 'text',
    runId: 'uuid',
    artId: 'text',
    artefactDigest: 'text',
    reasonCode: 'text',
    remediation: 'text',
    openedBy: 'uuid',
    openedAt: 'instant',
  },
  subject: ({ fixId }) => `fix-task/${fixId}`,
};
