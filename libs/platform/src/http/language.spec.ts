import { describe, expect, it } from '@jest/globals';
import { preferredLanguage } from './language.js';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['ar', 'ar'],
    ['ar-PS,ar;q=0.9,en;q=0.8', 'ar'],
    ['en;q=0.3, ar;q=0.7', 'ar'],
    ['he, fr;q=0.9, AR;q=0.1', 'ar'],
    ['ar;q=0, en;q=0.1', 'en'],
    ['de', 'en'],
    ['ar;q=nonsense', 'en'],
  ] as const)('for %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});
