import { expect, test } from '@jest/globals';
import { wantedRange } from './byte-range.js';

const pack = { etag: '"sha256:ab"', size: 1000 };

test.each([
  ['bytes=0-499', { start: 0, end: 499 }],
  ['bytes=500-', { start: 500, end: 999 }],
  ['bytes=999-999', { start: 999, end: 999 }],
  ['bytes=900-5000', { start: 900, end: 999 }],
  ['bytes=-1', { start: 999, end: 999 }],
  ['bytes=-5000', { start: 0, end: 999 }],
  ['BYTES= 0-0 ', { start: 0, end: 0 }],
])('%s is honoured', (range, wanted) => {
  expect(wantedRange({ range }, pack)).toEqual(wanted);
  expect(wantedRange({ range, 'if-range': pack.etag }, pack)).toEqual(wanted);
});

test.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])('%s lies outside', (range) => {
  expect(wantedRange({ range }, pack)).toBe('unsatisfiable');
});

test.each([
  [undefined, undefined],
  ['bytes=-', undefined],
  ['bytes=5-4', undefined],
  ['bytes=0-1,5-6', undefined],
  ['items=0-1', undefined],
  ['bytes=a-b', undefined],
  ['bytes=0x1-2', undefined],
  ['bytes=0-1', '"sha256:cd"'],
  ['bytes=0-1', 'W/"sha256:ab"'],
  ['bytes=0-1', 'Sat, 21 Nov 2026 08:00:00 GMT'],
  ['bytes=9999-', '"sha256:cd"'],
])('%s with If-Range %s is the whole', (range, validator) => {
  const headers = {
    ...(range !== undefined && { range }),
    ...(validator !== undefined && { 'if-range': validator }),
  };
  expect(wantedRange(headers, pack)).toBe('whole');
});

test('of nothing there is no part', () => {
  expect(wantedRange({ range: 'bytes=0-' }, { ...pack, size: 0 })).toBe('unsatisfiable');
  expect(wantedRange({ range: 'bytes=-5' }, { ...pack, size: 0 })).toBe('unsatisfiable');
});
