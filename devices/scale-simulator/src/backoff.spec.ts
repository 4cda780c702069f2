import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs } from './backoff.js';

const backoff = { firstMs: 500, maxMs: 30_000 };

describe('waiting before another attempt', () => {
  it('doubles up to the maximum', () => {
    expect([0, 1, 2, 5, 6, 7, 1_000].map((attempt) => backoffMs(backoff, attempt, 1))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('is never less than half of that, nor more', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const most = backoffMs(backoff, attempt, 1);
        const waited = backoffMs(backoff, attempt, random);
        expect(waited).toBeGreaterThanOrEqual(most / 2);
        expect(waited).toBeLessThanOrEqual(most);
      }),
    );
  });
});
