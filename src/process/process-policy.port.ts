import type { JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import type { Remediation } from './fix-task.js';
import type { Route, WorkItemKind } from './work-item.js';

export interface RouteQuestion {
  readonly kind: WorkItemKind;
  /** Hours, with a fraction; null where nobody estimated. */
  readonly hours: number | null;
  /** Stories of the feature that the case is, or belongs to; the case itself among them where it is one. */
  readonly stories: readonly { readonly hours: number | null }[];
}

export interface RouteAnswer {
  readonly route: Route;
  readonly reasonCode: string;
  readonly params: JsonObject;
  readonly policyDigest: Digest;
}

export interface RemediationQuestion {
  readonly code: string;
  readonly params: JsonObject;
  readonly kind: WorkItemKind;
  readonly route: Route;
  /** Whether the case is done. */
  readonly closed: boolean;
}

/** The organisation's process policy (CHK_PROCESS). Undefined when it cannot be asked: then nothing is permitted. */
export interface ProcessPolicy {
  route(orgId: string, question: RouteQuestion): Promise<RouteAnswer | undefined>;
  remediation(
    orgId: string,
    question: RemediationQuestion,
  ): Promise<{ readonly remediation: Remediation; readonly reasonCode: string } | undefined>;
}
