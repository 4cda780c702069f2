import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64url } from './base64url.js';

describe('base64url', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('has one spelling for each value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABCQZgwxyz0189-_+/= .'.split('')), maxLength: 9 }), (text) => {
        const bytes = decodeBase64url(text);
        if (bytes) expect(bytes.toString('base64url')).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['AA==', 'A', 'AAAAA', 'AB', 'AAB', 'A+', 'A/A', 'A A', 'AA\n'])('refuses "%s"', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});
