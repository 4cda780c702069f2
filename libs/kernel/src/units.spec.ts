import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floorDiv, parseDecimal } from './units.js';

describe('decimals in text', () => {
  it.each([
    ['0.07', 6, 70_000n],
    ['3', 3, 3_000n],
    ['-1.5', 1, -15n],
    ['0', 0, 0n],
  ])('reads %s with %i places exactly', (text, digits, expected) => {
    expect(parseDecimal(text, digits)).toBe(expected);
  });

  it.each(['', '1.', '.5', '1e3', '1,5', '0.0001', ' 1', '٣'])('refuses "%s" with three places', (text) => {
    expect(() => parseDecimal(text, 3)).toThrow(RangeError);
  });
});

describe('division rounded down', () => {
  it('never exceeds the exact quotient and misses it by less than one', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (dividend, divisor) => {
        const remainder = dividend - floorDiv(dividend, divisor) * divisor;
        expect(remainder >= 0n && remainder < divisor).toBe(true);
      }),
    );
  });
});
