import { digestOf } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';

export const LOCI = ['LOCAL', 'PR', 'RELEASE'] as const;
/** Where in delivery a gate stands: before a commit, on a change, before a release. */
export type Locus = (typeof LOCI)[number];

/** A gate as defined: where it stands and which checklist it judges with. Edited under `version`. */
export interface Gate {
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

/** Over the whole definition: what the ledger's entry commits to. */
export const gateDigest = ({ orgId: _, ...definition }: Gate): Digest => digestOf(definition);
