import type { Instant } from '../kernel/clock.js';
import type { InvalidCursor, Page, PageRequest } from '../kernel/page.js';
import type { Result } from '../kernel/result.js';
import type { Decision } from './decision.js';
import type { Gate } from './gate.js';
import type { Verdict } from './verdict.js';

export interface DecisionFilter {
  readonly gateId?: string;
  readonly artefactDigest?: string;
  readonly verdict?: Verdict;
}

/** A definition, and since when it stands. */
export interface DefinedGate {
  readonly gate: Gate;
  readonly definedAt: Instant;
}

/** The version with this number, or the one that stood at an instant. */
export type GateVersionAsked = { readonly version: number } | { readonly at: Instant };

/** Answers questions about gates and decisions; changes nothing. */
export interface GateRead {
  gate(orgId: string, gateId: string): Promise<Gate | undefined>;
  /** Undefined when there was none. */
  gateVersion(orgId: string, gateId: string, which: GateVersionAsked): Promise<DefinedGate | undefined>;
  /** By id. */
  gates(orgId: string): Promise<readonly Gate[]>;
  decision(orgId: string, decisionId: string): Promise<Decision | undefined>;
  /** As `DecisionStore.findReusable`, without a transaction. */
  reusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined>;
  /** Newest first, in the order of the ledger. */
  decisions(
    orgId: string,
    filter: DecisionFilter,
    page: PageRequest,
  ): Promise<Result<Page<Decision>, InvalidCursor>>;
}
