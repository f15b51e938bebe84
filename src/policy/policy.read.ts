import type { Digest } from '../kernel/digest.js';
import type { ChecklistVersion } from './checklist/checklist.js';
import type { PolicyVersion } from './policy-version.js';

export interface PolicyRead {
  /** All published versions, newest first. */
  policies(orgId: string): Promise<readonly PolicyVersion[]>;
  policy(orgId: string, policyId: string, version: string): Promise<PolicyVersion | undefined>;
  byDigests(orgId: string, digests: readonly Digest[]): Promise<readonly PolicyVersion[]>;
  /** The given version, or the latest. */
  checklist(orgId: string, chkId: string, version?: number): Promise<ChecklistVersion | undefined>;
  checklists(orgId: string): Promise<readonly ChecklistVersion[]>;
}
