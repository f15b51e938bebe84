import type { Instant } from '../kernel/clock.js';
import type { RecordTable } from './record-table.js';

/** Somebody was given a process role on a project, or it was taken back. Not what they may do: see access. */
export interface RoleChange {
  readonly orgId: string;
  readonly projectId: string;
  readonly role: string;
  readonly holderId: string;
  /** From 1, per project, role and holder; the highest is what stands. */
  readonly version: number;
  readonly assigned: boolean;
  /** Null is the system. */
  readonly changedBy: string | null;
  readonly changedAt: Instant;
}

export const ROLE_CHANGES: RecordTable<RoleChange> = {
  table: 'process_role',
  columns: {
    orgId: 'uuid',
    projectId: 'uuid',
    role: 'text',
    holderId: 'uuid',
    version: 'integer',
    assigned: 'boolean',
    changedBy: 'uuid',
    changedAt: 'instant',
  },
  subject: ({ projectId, role, holderId, version }) =>
    `process-role/${projectId}/${role}/${holderId}@${String(version)}`,
};

/** Whether somebody held a role at an instant, by all that was recorded of the project's roles. */
export function heldRole(
  changes: readonly RoleChange[],
  { role, holderId, at }: { readonly role: string; readonly holderId: string; readonly at: Instant },
): boolean {
  const before = changes.filter(
    (change) => change.role === role && change.holderId === holderId && change.changedAt <= at,
  );
  const last = before.reduce<RoleChange | undefined>(
    (newest, change) => (newest && newest.version > change.version ? newest : change),
    undefined,
  );
  return last?.assigned ?? false;
}
