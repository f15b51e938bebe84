import type { AgentHeader } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { RecordTable } from './record-table.js';
import type { ArtefactRef } from './template.js';

export interface StepArtefact {
  readonly artId: string;
  readonly digest: Digest;
  /** What it is to the process: PRD, ARCHITECTURE … As whoever made it says. */
  readonly kind: string | null;
}

/** An activity was started or finished on a case. */
export interface Step {
  readonly orgId: string;
  readonly caseId: string;
  /** From 1, in the order in which they were recorded. */
  readonly ordinal: number;
  readonly actId: string;
  readonly event: 'started' | 'finished';
  /** Process role in which the actor acted, as they say; whether they hold it is for conformance. */
  readonly role: string | null;
  /** What a finished activity made. */
  readonly artefacts: readonly StepArtefact[];
  /** The AI agent that acted, where one did. */
  readonly agent: AgentHeader | null;
  readonly actorId: string;
  readonly at: Instant;
}

export const STEPS: RecordTable<Step> = {
  table: 'process_step',
  columns: {
    orgId: 'uuid',
    caseId: 'text',
    ordinal: 'integer',
    actId: 'text',
    event: 'text',
    role: 'text',
    artefacts: 'json',
    agent: 'json',
    actorId: 'uuid',
    at: 'instant',
  },
  subject: ({ caseId, ordinal }) => `step/${caseId}#${String(ordinal)}`,
};

export const isRef = (ref: ArtefactRef, { artId, kind }: Pick<StepArtefact, 'artId' | 'kind'>): boolean =>
  ref.artId === null ? ref.kind === kind : ref.artId === artId;
