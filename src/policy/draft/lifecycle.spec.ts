import { LIFECYCLE, POLICY_ACTIONS, POLICY_STATES, transition, type PolicyState } from './lifecycle.js';

test('every state can be reached from nothing', () => {
  const reached = new Set<PolicyState>(['absent']);
  for (const state of reached) for (const next of Object.values(LIFECYCLE[state])) reached.add(next);
  expect([...reached].sort()).toEqual([...POLICY_STATES].sort());
});

test('only what is under review is published, and only what is published is retired', () => {
  const from = (action: (typeof POLICY_ACTIONS)[number]) =>
    POLICY_STATES.filter((state) => LIFECYCLE[state][action] !== undefined);
  expect(from('publish')).toEqual(['in_review']);
  expect(from('retire')).toEqual(['published']);
  expect(from('approve')).toEqual(['in_review']);
  expect(from('save')).toEqual(POLICY_STATES);
});

test('what is published or retired is left by saving alone', () => {
  for (const state of ['published', 'retired'] as const)
    for (const action of POLICY_ACTIONS)
      if (!['save', 'check', 'retire'].includes(action))
        expect(transition('p', state, action)).toEqual({
          ok: false,
          problem: { kind: 'PolicyStateForbids', policyId: 'p', state, action },
        });
});
