import { describe, expect, it } from '@jest/globals';
import { LeakyBuckets } from './leaky-buckets.js';

describe('leaky buckets', () => {
  const buckets = () => new LeakyBuckets({ capacity: 2, leakMs: 1_000 });

  it('let a key try as often as its capacity, then once for each leak', () => {
    const some = buckets();
    some.add('nour', 0);
    expect(some.waitMs('nour', 0)).toBe(0);
    some.add('nour', 0);
    expect(some.waitMs('nour', 0)).toBe(1_000);
    expect(some.waitMs('nour', 400)).toBe(600);
    expect(some.waitMs('nour', 1_000)).toBe(0);
    expect(some.waitMs('omar', 0)).toBe(0);
  });

  it('can take an attempt back, or forget them all', () => {
    const some = buckets();
    for (const key of ['nour', 'nour', 'omar', 'omar']) some.add(key, 0);
    some.takeBack('nour', 0);
    some.clear('omar');
    expect([some.waitMs('nour', 0), some.waitMs('omar', 0)]).toEqual([0, 0]);
    some.takeBack('nour', 0);
    expect(some.keyCount).toBe(0);
  });

  it('remember a bounded number of keys, those used last', () => {
    const some = buckets();
    for (const key of ['early', 'early', 'busy', 'busy']) some.add(key, 0);
    for (let index = 0; index < 9_998; index += 1) some.add(`key-${index}`, 0);
    some.add('busy', 0);
    some.add('one more', 0);
    expect(some.keyCount).toBe(10_000);
    expect(some.waitMs('early', 0)).toBe(0);
    expect(some.waitMs('busy', 0)).toBe(2_000);
  });
});
