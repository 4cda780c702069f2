import { describe, expect, it } from '@jest/globals';
import { decimalText, runningTotals, shareOf, sumOf } from './amounts.js';

describe('a decimal text', () => {
  it.each([
    ['1950', 3, '1.950'],
    ['5', 3, '0.005'],
    ['0', 6, '0.000000'],
    ['-4433', 2, '-44.33'],
    ['-5', 2, '-0.05'],
    ['12', 0, '12'],
  ] as const)('of %s with %i decimals is %s', (amount, decimals, text) => {
    expect(decimalText(amount, decimals)).toBe(text);
  });

  it('keeps what a float would lose', () => {
    expect(decimalText('9007199254740993000001', 6)).toBe('9007199254740993.000001');
  });
});

describe('a share', () => {
  it.each([
    [0n, 100n, 0],
    [-5n, 100n, 0],
    [25n, 100n, 0.25],
    [100n, 100n, 1],
    [140n, 100n, 1],
    [5n, 0n, 0],
  ])('of %s in %s is %d', (part, whole, share) => {
    expect(shareOf(part, whole)).toBe(share);
  });
});

describe('sums', () => {
  it('are exact beyond what a float holds', () => {
    expect(sumOf(['9007199254740993', '2'])).toBe(9007199254740995n);
  });

  it('run from what was there before', () => {
    expect(runningTotals(['1', '0', '4'], '10')).toEqual([11n, 11n, 15n]);
  });
});
