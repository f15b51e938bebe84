import { describe, expect, it } from '@jest/globals';
import { namedIn } from './place.js';

const gates = (...ids: unknown[]) => ({ input: { questions: ids.map((gateId) => ({ gateId })) } });
const EACH = { gate: 'input.questions.*.gateId' };
const SOME = { gate: 'input.questions.+.gateId' };

describe('what the arguments name of things in projects', () => {
  it('is each item of a list, and nothing where one item names none', () => {
    expect(namedIn(EACH, gates('A', 'B'))).toEqual([
      { what: 'gate', id: 'A' },
      { what: 'gate', id: 'B' },
    ]);
    for (const odd of [gates(), gates('A', undefined), gates('A', null), {}, { input: { questions: [{}] } }])
      expect(namedIn(EACH, odd)).toBeUndefined();
    expect(namedIn(EACH, { input: { questions: [{ gateId: 'A' }, {}] } })).toBeUndefined();
  });

  it('is those items that name one, and nothing where none does', () => {
    expect(namedIn(SOME, { input: { questions: [{ rule: 'r' }, { gateId: 'A' }] } })).toEqual([
      { what: 'gate', id: 'A' },
    ]);
    expect(namedIn(SOME, { input: { questions: [{ rule: 'r' }] } })).toBeUndefined();
  });

  it('may lack what the place says it may, and then speaks of the rest', () => {
    const place = { gate: 'gateId', waiver: 'renews?' };
    expect(namedIn(place, { gateId: 'A' })).toEqual([{ what: 'gate', id: 'A' }]);
    expect(namedIn(place, { gateId: 'A', renews: null })).toEqual([{ what: 'gate', id: 'A' }]);
    expect(namedIn(place, { gateId: 'A', renews: 'W' })).toHaveLength(2);
    expect(namedIn(place, { renews: 'W' })).toBeUndefined();
    expect(namedIn(place, { gateId: 'A', renews: 7 })).toBeUndefined();
  });
});
