import {
  moveRun,
  RUN_ACTIONS,
  RUN_MOVES,
  RUN_STATES,
  statesFor,
  type RunAction,
  type RunState,
} from './run-state.js';

test('every state of a run can be reached from nothing', () => {
  const reached = new Set<RunState | 'absent'>(['absent']);
  for (const state of reached) for (const next of Object.values(RUN_MOVES[state])) reached.add(next);
  expect([...reached].sort()).toEqual(['absent', ...RUN_STATES].sort());
});

test('the moves are these and no others', () => {
  const moves: Record<RunAction, readonly RunState[]> = {
    ask: ['running', 'failed'],
    start: ['queued'],
    decide: ['queued', 'running'],
    'give-up': ['running'],
    retry: ['running'],
    pause: ['running'],
    escalate: ['queued', 'running', 'paused'],
    resume: ['paused'],
    override: ['paused'],
    reject: ['decided', 'paused'],
  };
  for (const action of RUN_ACTIONS) {
    expect(statesFor(action)).toEqual(moves[action]);
    for (const state of RUN_STATES) {
      const moved = moveRun('run', state, action);
      expect(moved.ok).toBe(moves[action].includes(state));
      if (!moved.ok) expect(moved.problem).toEqual({ kind: 'RunStateForbids', runId: 'run', state, action });
    }
  }
});

test('what a person overrode or rejected stays so, and escalating moves nothing', () => {
  expect([RUN_MOVES.overridden, RUN_MOVES.rejected]).toEqual([{}, {}]);
  for (const state of statesFor('escalate')) expect(RUN_MOVES[state].escalate).toBe(state);
});

test('a decision is reached by an attempt alone, even a late one, and overriding needs a run that waits', () => {
  expect(statesFor('decide')).toEqual(['queued', 'running']);
  expect(statesFor('override')).toEqual(['paused']);
});
