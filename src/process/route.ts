import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { RecordTable } from './record-table.js';
import { ROUTES, type Route } from './work-item.js';

/**
 * A route was chosen; or hours or stories changed, and what was chosen no longer fits (`outgrown`) or fits again
 * (`regained`). The case keeps the route that was chosen: it never becomes fast by itself, nor slow in silence.
 */
export interface RouteRecord {
  readonly orgId: string;
  readonly caseId: string;
  /** From 1; the highest is the latest. */
  readonly version: number;
  readonly event: 'chosen' | 'outgrown' | 'regained';
  /** What the policy says; of `chosen`, the route from then on. */
  readonly route: Route;
  readonly reasonCode: string;
  readonly estimatedMinutes: number | null;
  /** Stories of the feature that the policy was told of. */
  readonly stories: number;
  /** Of the process checklist's version: policy and parameters. */
  readonly policyDigest: Digest;
  readonly recordedBy: string | null;
  readonly recordedAt: Instant;
}

export const CASE_ROUTES: RecordTable<RouteRecord> = {
  table: 'case_route',
  columns: {
    orgId: 'uuid',
    caseId: 'text',
    version: 'integer',
    event: 'text',
    route: 'text',
    reasonCode: 'text',
    estimatedMinutes: 'integer',
    stories: 'integer',
    policyDigest: 'text',
    recordedBy: 'uuid',
    recordedAt: 'instant',
  },
  subject: ({ caseId, version }) => `route/${caseId}@${String(version)}`,
};

/** Whether the policy now asks for more of the process than the route that was chosen. */
export const outgrows = (chosen: Route, due: Route): boolean => ROUTES.indexOf(due) < ROUTES.indexOf(chosen);
