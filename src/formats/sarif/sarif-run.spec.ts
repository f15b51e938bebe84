import { OccurrenceCounter } from '../identity.js';
import { RunReader } from './sarif-run.js';

it('refuses a run with more results than the limit, and says how many there were', () => {
  const reader = new RunReader({ tool: { driver: { name: 'T' } }, results: [] }, 0, 3);
  const occurrences = new OccurrenceCounter();
  const kept = [1, 2, 3, 4, 5].map(() => reader.read({ ruleId: 'r', message: { text: 'm' } }, occurrences));
  expect(kept.map((finding) => finding?.identity.occurrence)).toEqual([0, 1, 2, undefined, undefined]);
  expect(reader.finish()).toMatchObject({
    state: 'ERROR',
    resultCount: 5,
    reasons: [{ code: 'sarif.too-many-results', params: { count: 5, limit: 3 } }],
    dropped: [{ what: 'results', count: 2 }],
  });
});
