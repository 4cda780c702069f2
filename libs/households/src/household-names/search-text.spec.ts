import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchTextOf } from './search-text.js';

describe('the text that a search compares', () => {
  it.each([
    ['alef with hamza above', 'أحمد', 'احمد'],
    ['alef with hamza below', 'إبراهيم', 'ابراهيم'],
    ['alef with madda', 'آمنة', 'امنه'],
    ['alef wasla', 'ٱلحسن', 'الحسن'],
    ['hamza on waw', 'مؤمن', 'مومن'],
    ['hamza on ya', 'فائزة', 'فايزه'],
    ['alef maksura', 'مصطفى', 'مصطفي'],
    ['ta marbuta', 'فاطمة', 'فاطمه'],
    ['tatweel', 'محمـــد', 'محمد'],
    ['vowels', 'مُحَمَّدٌ', 'محمد'],
    ['ligatures', 'ﷲ', 'الله'],
    ['Arabic-Indic digits', 'محل ٤٢', 'محل 42'],
    ['extended digits', 'محل ۴۲', 'محل 42'],
    ['case and accents', 'Émile  ZAYED', 'emile zayed'],
    ['punctuation and blanks', '  Al-Rimawi,\tSons & Co. ', 'al rimawi sons co'],
    ['a text without any letter', '— % _ —', ''],
  ])('unites %s', (_, written, compared) => {
    expect(searchTextOf(written)).toBe(compared);
  });

  it('is its own search text, and holds nothing that LIKE would take for a pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = searchTextOf(text);
        expect(searchTextOf(once)).toBe(once);
        expect(once).not.toMatch(/[%_\\]/);
      }),
    );
  });
});
