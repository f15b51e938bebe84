import { toRfc3339 } from '../kernel/clock.js';
import type { DefineGateProblem, GateProblem } from './problem.js';

/** English texts of what can come of asking a gate, other than a decision. */
export const GATE_PROBLEM_MESSAGES: {
  readonly [K in GateProblem['kind']]: (problem: Extract<GateProblem, { kind: K }>) => string;
} = {
  GateNotFound: ({ gateId }) => `There is no gate ${gateId}.`,
  ChecklistNotFound: ({ chkId, version }) => `Checklist ${chkId}@${String(version)} was never published.`,
  ChecklistNotActive: ({ chkId }) => `No version of checklist ${chkId} is in force.`,
  ArtefactNotFound: ({ digest, artId }) =>
    `No artefact version ${artId === null ? '' : `${artId} @ `}${digest} is registered.`,
  ArtefactAmbiguous: ({ digest, artIds }) =>
    `${digest} is registered as ${artIds.join(', ')}: say which is meant.`,
  BaselineNotFound: ({ artId, digest }) => `${artId} has no version ${digest} to be compared with.`,
  InvalidInput: ({ path, expected }) => `${path}: expected ${expected}.`,
  EvidencePending: ({ awaited }) => `Still being normalised: ${awaited.join(', ')}. Nothing was decided.`,
  AsOfInFuture: ({ asOf, now }) => `${toRfc3339(asOf)} is later than now (${toRfc3339(now)}).`,
  RunWaiting: ({ runId, state, ownerRole }) =>
    `Run ${runId} of this question is ${state}: ${state === 'paused' ? `it waits for ${ownerRole}` : 'ask for the run'}.`,
  LedgerBusy: ({ waiting }) =>
    `${String(waiting)} entries wait to be recorded: nothing was decided. Ask again in a moment, with the same key.`,
  IdempotencyConflict: () => 'This idempotency key was used before for something else.',
};

/** English texts of what can come of defining a gate. */
export const DEFINE_GATE_MESSAGES: {
  readonly [K in DefineGateProblem['kind']]: (problem: Extract<DefineGateProblem, { kind: K }>) => string;
} = {
  ProjectNotFound: ({ project }) => `There is no project ${project}.`,
  FieldInvalid: ({ where, expected }) => `input.${where}: expected ${expected}.`,
  ChecklistNotFound: GATE_PROBLEM_MESSAGES.ChecklistNotFound,
  ChecklistNotActive: GATE_PROBLEM_MESSAGES.ChecklistNotActive,
  GateStale: ({ gateId, expectedVersion, currentVersion }) =>
    `${gateId} is at version ${String(currentVersion)}, not ${String(expectedVersion)}: somebody else defined it.`,
  IdempotencyConflict: GATE_PROBLEM_MESSAGES.IdempotencyConflict,
};
