import { inItsSet, setFaults } from './evidence-sets.js';

const part = (number: number, of = 3, state = 'COMPLETE', set = 'sast') => ({
  part: { set, part: number, of },
  document: { state, reasons: [] },
});

it('finds nothing wrong with whole evidence and whole sets', () => {
  expect(setFaults([{ document: { state: 'ERROR' } }, part(1), part(3), part(2), part(2)]).size).toBe(0);
});

it('names the parts that are missing', () => {
  expect(setFaults([part(2), part(1, 1, 'COMPLETE', 'other')]).get('sast')).toEqual({
    code: 'evidence.set-incomplete',
    params: { set: 'sast', of: 3, count: 2, parts: '1, 3' },
  });
  expect(setFaults([part(1, 10_000)]).get('sast')).toMatchObject({
    params: { count: 9999, parts: expect.stringMatching(/^2, 3, .*21, …$/) },
  });
});

it('names the parts that cannot be relied on, however many copies of them can', () => {
  expect(setFaults([part(1), part(2, 3, 'ERROR'), part(2), part(3)]).get('sast')).toEqual({
    code: 'evidence.set-unusable',
    params: { set: 'sast', of: 3, count: 1, parts: '2' },
  });
});

it('does not choose between two sizes of one set', () => {
  expect(setFaults([part(1, 1), part(1, 2), part(2, 2)]).get('sast')).toEqual({
    code: 'evidence.set-disagrees',
    params: { set: 'sast', of: '1, 2' },
  });
});

it('makes every part of such a set one that cannot be relied on, and leaves the rest alone', () => {
  const items = [part(1), part(2, 3, 'UNKNOWN'), part(1, 1, 'COMPLETE', 'other')];
  const faults = setFaults(items);
  const seen = items.map((item) => inItsSet(item, item.document, faults));
  expect(seen.map(({ state }) => state)).toEqual(['INCOMPLETE', 'UNKNOWN', 'COMPLETE']);
  expect(seen.map(({ reasons }) => (reasons as unknown as object[]).length)).toEqual([1, 1, 0]);
  expect(inItsSet(part(1), { state: 'STALE', reasons: [] }, faults)).toMatchObject({ state: 'INCOMPLETE' });
});
