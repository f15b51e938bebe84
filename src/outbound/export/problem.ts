import type { Digest } from '../../kernel/digest.js';
import type { ExportFailure } from './export.js';

/** What can come of asking for a pack, other than success. */
export type ExportProblem =
  | { readonly kind: 'InvalidInput'; readonly path: string; readonly expected: string }
  /** The integrator has not signed a tree yet: there is nothing a pack could be held against. */
  | { readonly kind: 'NoCheckpointYet' }
  | { readonly kind: 'ProjectNotFound'; readonly project: string }
  | { readonly kind: 'GateNotFound'; readonly gateId: string }
  | { readonly kind: 'ArtefactNotFound'; readonly artId: null; readonly digest: Digest }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

/** What can come of making a pack. */
export type MakeProblem =
  | { readonly kind: 'ExportNotFound'; readonly seq: number }
  | { readonly kind: 'ExportFailed'; readonly failure: ExportFailure; readonly detail: string }
  | { readonly kind: 'IdempotencyConflict'; readonly seq: number | null };

export const EXPORT_PROBLEM_MESSAGES: {
  readonly [K in ExportProblem['kind']]: (problem: Extract<ExportProblem, { kind: K }>) => string;
} = {
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  NoCheckpointYet: () => 'No checkpoint was signed yet: is the integrator running?',
  ProjectNotFound: ({ project }) => `There is no project ${project}.`,
  GateNotFound: ({ gateId }) => `There is no gate ${gateId}.`,
  ArtefactNotFound: ({ digest }) => `No artefact version ${digest} is registered.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};
