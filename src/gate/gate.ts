import { digestOf, type JsonObject } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { DEFAULT_TERMS, ownTerms, type GateTerms } from './gate-terms.js';

export const LOCI = ['LOCAL', 'PR', 'RELEASE'] as const;
/** Where in delivery a gate stands: before a commit, on a change, before a release. */
export type Locus = (typeof LOCI)[number];

/** A gate as defined: where it stands, which checklist it judges with, on what terms. Edited under `version`. */
export interface Gate extends GateTerms {
  readonly orgId: string;
  readonly gateId: string;
  readonly projectId: string;
  readonly title: string;
  readonly locus: Locus;
  readonly chkId: string;
  /** Judges with this version, whatever is in force; null: with the one in force. */
  readonly checklistVersion: number | null;
  /** Process role that answers for the gate: QA, SEC … */
  readonly ownerRole: string;
  /** Longest run, milliseconds; beyond it the verdict is ERROR. */
  readonly maxRunMs: number;
  /** What holds when the gate cannot judge. There is only the safe answer. */
  readonly fallback: 'closed';
  /** Counts definitions, from 1. */
  readonly version: number;
}

/** A definition as it is recorded: without what every gate has alike, so that a new term changes no old digest. */
export function definitionOf(gate: Gate): JsonObject {
  const { orgId: _, severityRules, slaMs, retry, pauseMs, escalation, waiverRights, ...base } = gate;
  return {
    ...base,
    ...ownTerms({ severityRules, slaMs, retry, pauseMs, escalation, waiverRights }),
  } as unknown as JsonObject;
}

/** The gate of a recorded definition. */
export const gateFrom = (orgId: string, definition: JsonObject): Gate =>
  ({ ...DEFAULT_TERMS, ...definition, orgId }) as unknown as Gate;

/** Over the whole definition: what the ledger's entry commits to. */
export const gateDigest = (gate: Gate): Digest => digestOf(definitionOf(gate));
