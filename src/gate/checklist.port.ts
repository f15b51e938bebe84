import type { PinnedChecklist } from './checklist.js';

/** What the gate needs of authoring: a checklist version with its policies, answered by the policy module. */
export interface ChecklistSource {
  /** Undefined when this organisation never published it. Immutable, so an adapter may keep what it answered. */
  pinned(orgId: string, chkId: string, version: number): Promise<PinnedChecklist | undefined>;
  /** The version in force now, read anew each time; null when none is. */
  active(orgId: string, chkId: string): Promise<number | null>;
}
