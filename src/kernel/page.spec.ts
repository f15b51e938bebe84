import { describe, expect, it } from '@jest/globals';
import { momentAfter, momentCursor, numberAfter, pageOf, pageSize } from './page.js';

const ID = '11111111-1111-4111-8111-111111111111';

describe('a page', () => {
  it('holds none to 200 items, whatever is asked', () => {
    expect([-1, 0, 7, 200, 201].map((first) => pageSize({ first }))).toEqual([0, 0, 7, 200, 200]);
  });

  it('has a next one when one more was read than it holds', () => {
    const cursorOf = (item: number): string => `after ${String(item)}`;
    const listed = { first: 2, totalCount: 9 };
    expect(pageOf([1, 2, 3], listed, cursorOf)).toEqual({
      ...{ items: [1, 2], totalCount: 9, endCursor: 'after 2', hasNextPage: true },
    });
    expect(pageOf([1, 2], listed, cursorOf)).toMatchObject({ endCursor: 'after 2', hasNextPage: false });
    expect(pageOf([], listed, cursorOf)).toMatchObject({ items: [], endCursor: null, hasNextPage: false });
  });
});

describe('the cursor of a list by time', () => {
  it('says where it was given', () => {
    const after = momentCursor({ at: 1_700_000_000_000, id: ID });
    expect(momentAfter({ first: 1, after })).toEqual({ ok: true, value: { at: 1_700_000_000_000, id: ID } });
    expect(momentAfter({ first: 1 })).toEqual({ ok: true, value: undefined });
  });

  it.each(['', 'nonsense', `${ID} 17`, `-1 ${ID}`, `1e3 ${ID}`, `17 ${ID} more`, '17 not-an-id'])(
    'is refused when no list gave it: "%s"',
    (text) => {
      const given = Buffer.from(text).toString('base64url');
      const problem = { kind: 'InvalidCursor', given };
      expect(momentAfter({ first: 1, after: given })).toEqual({ ok: false, problem });
    },
  );
});

describe('the cursor of a list by number', () => {
  it('is the number', () => {
    expect(numberAfter({ first: 1, after: '0' })).toEqual({ ok: true, value: 0 });
    expect(numberAfter({ first: 1, after: '123456789012345' })).toEqual({ ok: true, value: 123456789012345 });
    expect(numberAfter({ first: 1 })).toEqual({ ok: true, value: undefined });
  });

  it.each(['', '-1', '1.0', ' 1', '1e3', '1234567890123456', 'nonsense'])(
    'is refused when no list gave it: "%s"',
    (given) => {
      const problem = { kind: 'InvalidCursor', given };
      expect(numberAfter({ first: 1, after: given })).toEqual({ ok: false, problem });
    },
  );
});
