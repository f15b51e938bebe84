import { present, problemCode } from './present.js';

test.each([
  ['ArtefactNotFound', 'ARTEFACT_NOT_FOUND'],
  ['AsOfInFuture', 'AS_OF_IN_FUTURE'],
  ['OpaUnavailable', 'OPA_UNAVAILABLE'],
])('%s is shown as %s', (kind, code) => {
  expect(problemCode(kind)).toBe(code);
});

test('a problem becomes a union member with its facts and one English sentence', () => {
  type P = { kind: 'GateNotFound'; gateId: string };
  const problem: P = { kind: 'GateNotFound', gateId: 'GATE_X' };
  expect(present<P>(problem, { GateNotFound: ({ gateId }) => `no gate ${gateId}` })).toEqual({
    __typename: 'GateNotFound',
    code: 'GATE_NOT_FOUND',
    message: 'no gate GATE_X',
    gateId: 'GATE_X',
  });
});
