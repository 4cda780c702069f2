import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('backing off', () => {
  it('doubles up to ten seconds', () => {
    const longest = [1, 2, 3, 4, 8, 100].map((failures) => backoffMs(failures, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 10_000, 10_000]);
  });

  it('is spread over half of it', () => {
    expect(backoffMs(3, () => 0)).toBe(200);
  });
});
