import { licenceItemFault } from './licence-item.js';

it.each([
  ...['MIT', 'mit', 'GPL-2.0', 'GPL-2.0+', 'GPL-2.0-or-later', 'Apache-2.0 WITH LLVM-exception', '(MIT)'],
  ...['GPL-2.0-with-classpath-exception', 'LicenseRef-house', 'DocumentRef-a:LicenseRef-b'],
])('takes %s', (text) => {
  expect(licenceItemFault(text)).toBeUndefined();
});

it.each([
  ['Apahce-2.0', 'Apache-2.0'],
  ['Apache 2.0', 'Apache-2.0'],
  ['apache license v2.0', 'Apache-2.0'],
  ['BSD-3-Clauses', 'BSD-3-Clause'],
  ['MPL2.0', 'MPL-2.0'],
  ['GPL-2.0-ony', 'GPL-2.0-only'],
  ['MTI', undefined],
  ['our own licence', undefined],
  ['x'.repeat(400), undefined],
])('does not know %s, and finds the nearest: %s', (text, nearest) => {
  expect(licenceItemFault(text)).toEqual({ kind: 'unknown', ...(nearest !== undefined && { nearest }) });
});

it('takes one licence at a time, and no word for none', () => {
  expect(licenceItemFault('MIT OR ISC')).toEqual({ kind: 'several' });
  expect(licenceItemFault('MIT AND MIT')).toEqual({ kind: 'several' });
  expect(licenceItemFault('NONE')).toEqual({ kind: 'no-licence' });
  expect(licenceItemFault('NOASSERTION')).toEqual({ kind: 'no-licence' });
});

it('does not know an exception that is none', () => {
  expect(licenceItemFault('MIT WITH Nothing')).toMatchObject({ kind: 'unknown' });
  expect(licenceItemFault('')).toMatchObject({ kind: 'unknown' });
});
