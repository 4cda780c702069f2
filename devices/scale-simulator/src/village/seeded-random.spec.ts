import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeededRandom } from './seeded-random.js';

const take = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('seeded chance', () => {
  it('repeats itself for the same seed only', () => {
    const numbers = (...seed: (string | number)[]) => {
      const random = new SeededRandom(...seed);
      return take(5, () => random.next());
    };
    expect(numbers('a', 1)).toEqual(numbers('a', 1));
    expect(numbers('a', 1)).not.toEqual(numbers('a', 2));
    expect(numbers('a', 11)).not.toEqual(numbers('a1', 1));
    expect(numbers('beitillu')).toMatchInlineSnapshot(`
      [
        0.22501152358017862,
        0.11628043674863875,
        0.7839870711322874,
        0.5268505734857172,
        0.28216858953237534,
      ]
    `);
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), (seed, low, toMode, toHigh) => {
        const random = new SeededRandom(seed);
        const high = low + toMode + toHigh + 1;
        for (const value of take(50, () => random.triangular(low, low + toMode, high))) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
        expect(random.next()).toBeLessThan(1);
      }),
    );
  });

  it('has the means it should have', () => {
    const random = new SeededRandom('means');
    expect(mean(take(20_000, () => random.next()))).toBeCloseTo(0.5, 1);
    expect(mean(take(20_000, () => random.normal(100, 5)))).toBeCloseTo(100, 0);
    expect(mean(take(20_000, () => random.triangular(0, 3, 9)))).toBeCloseTo(4, 0);
    expect(mean(take(20_000, () => (random.chance(0.25) ? 1 : 0)))).toBeCloseTo(0.25, 1);
  });

  it('picks in proportion, and never what has no weight', () => {
    const random = new SeededRandom('picks');
    const picks = take(10_000, () => random.pickWeighted([0, 1, 2], (item) => [0, 1, 3][item] ?? 0));
    expect(picks).not.toContain(0);
    expect(mean(picks)).toBeCloseTo(1.75, 1);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
