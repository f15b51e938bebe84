import { LruMap } from './lru-map.js';

describe('LruMap', () => {
  it('forgets what was not used for longest, and says so', () => {
    const gone: unknown[] = [];
    const map = new LruMap<string, number>(2, (key, value) => gone.push([key, value]));
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
    expect(gone).toEqual([['b', 2]]);
  });

  it('keeps as much as its limit weighs, and what came last whatever it weighs', () => {
    const map = new LruMap<string, string>(10);
    const kept = (): string[] => ['a', 'b', 'c', 'd'].filter((key) => map.get(key) !== undefined);
    map.set('a', 'A', 4);
    map.set('b', 'B', 6);
    expect(kept()).toEqual(['a', 'b']);
    map.set('b', 'B', 2); // replaced: counted once
    map.set('c', 'C', 4);
    expect(kept()).toEqual(['a', 'b', 'c']);
    map.set('d', 'D', 11);
    expect(kept()).toEqual(['d']);
  });
});
