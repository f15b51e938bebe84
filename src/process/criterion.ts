import type { Instant } from '../kernel/clock.js';
import type { RecordTable } from './record-table.js';

/** One version of an acceptance criterion of a case. Its wording is a personal field. */
export interface Criterion {
  readonly orgId: string;
  readonly caseId: string;
  /** Unique within the case: AC-1. */
  readonly criterionId: string;
  readonly version: number;
  /** Ids of the tests that show it, sorted, each once. Whether they passed is for evidence to say. */
  readonly testIds: readonly string[];
  /** No longer asked for. */
  readonly withdrawn: boolean;
  readonly changedBy: string;
  readonly changedAt: Instant;
}

export const CRITERIA: RecordTable<Criterion> = {
  table: 'acceptance_criterion',
  columns: {
    orgId: 'uuid',
    caseId: 'text',
    criterionId: 'text',
    version: 'integer',
    testIds: 'json',
    withdrawn: 'boolean',
    changedBy: 'uuid',
    changedAt: 'instant',
  },
  subject: ({ caseId, criterionId, version }) => `criterion/${caseId}/${criterionId}@${String(version)}`,
};
