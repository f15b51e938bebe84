import { conflicts, differences } from './diff.js';

const files = (texts: Record<string, string>) =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));

test('a difference names what was added, changed and removed, with both texts', () => {
  expect(differences(files({ a: '1', b: '2', c: '3' }), files({ b: '2', c: '4', d: '5' }))).toEqual([
    { path: 'a', change: 'removed', before: '1', after: null },
    { path: 'c', change: 'changed', before: '3', after: '4' },
    { path: 'd', change: 'added', before: null, after: '5' },
  ]);
});

test('a conflict says for each file who moved it away from the base', () => {
  const base = files({ same: '0', mine: '0', theirs: '0', both: '0', agreed: '0', gone: '0' });
  const yours = files({ same: '0', mine: '1', theirs: '0', both: '1', agreed: '9', gone: '0', new: '1' });
  const theirs = files({ same: '0', mine: '0', theirs: '2', both: '2', agreed: '9', new: '2' });
  expect(conflicts({ base, yours, theirs })).toEqual([
    { path: 'both', changedBy: 'both', change: 'changed', base: '0', theirs: '2' },
    { path: 'gone', changedBy: 'theirs', change: 'removed', base: '0', theirs: null },
    { path: 'mine', changedBy: 'yours', change: 'changed', base: '0', theirs: '0' },
    { path: 'new', changedBy: 'both', change: 'added', base: null, theirs: '2' },
    { path: 'theirs', changedBy: 'theirs', change: 'changed', base: '0', theirs: '2' },
  ]);
});
