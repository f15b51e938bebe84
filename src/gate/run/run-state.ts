import { failed, ok, type Result } from '../../kernel/result.js';

/**
 * Where an attempt to reach a decision stands. `failed`: its caller was told why, and nothing will be tried; `paused`:
 * it waits for a person. A run is not a decision: it leads to at most one.
 */
export const RUN_STATES = [
  'queued',
  'running',
  'decided',
  'failed',
  'paused',
  'overridden',
  'rejected',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const RUN_ACTIONS = [
  'ask',
  'start',
  'decide',
  'give-up',
  'retry',
  'pause',
  'escalate',
  'resume',
  'override',
  'reject',
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/**
 * Every move there is. `ask` under the same key takes up what was given up, or what nobody ended. Only what waits for
 * a person is resumed or overridden; what was decided, and not let through, may be sent back too.
 */
export const RUN_MOVES: Readonly<
  Record<RunState | 'absent', Partial<Readonly<Record<RunAction, RunState>>>>
> = {
  absent: { ask: 'running' },
  // Decided without being started: by an attempt that was given up for dead and came late.
  queued: { start: 'running', escalate: 'queued', decide: 'decided' },
  running: {
    ...{ ask: 'running', decide: 'decided', 'give-up': 'failed' },
    ...{ retry: 'queued', pause: 'paused', escalate: 'running' },
  },
  failed: { ask: 'running' },
  paused: { resume: 'queued', override: 'overridden', reject: 'rejected', escalate: 'paused' },
  decided: { reject: 'rejected' },
  overridden: {},
  rejected: {},
};

/** The state forbids the step. `state` is where the run stands. */
export interface RunStateForbids {
  readonly kind: 'RunStateForbids';
  readonly runId: string;
  readonly state: RunState;
  readonly action: RunAction;
}

export function moveRun(
  runId: string,
  state: RunState,
  action: RunAction,
): Result<RunState, RunStateForbids> {
  const next = RUN_MOVES[state][action];
  return next === undefined ? failed({ kind: 'RunStateForbids', runId, state, action }) : ok(next);
}

/** The states from which an action leads anywhere: what SQL asks of a row before it changes it. */
export const statesFor = (action: RunAction): readonly RunState[] =>
  RUN_STATES.filter((state) => RUN_MOVES[state][action] !== undefined);
