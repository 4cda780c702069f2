import { describe, expect, it } from '@jest/globals';
import { sameContent } from './content.js';

describe('the same content', () => {
  it.each([
    [
      { a: 1, b: { c: 'x', d: null } },
      { b: { d: null, c: 'x' }, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    [null, null],
  ])('is in %j and %j', (one, other) => {
    expect(sameContent(one, other)).toBe(true);
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [
      ['glass', 'paper'],
      ['paper', 'glass'],
    ],
  ])('is not in %j and %j', (one, other) => {
    expect(sameContent(one, other)).toBe(false);
  });
});
