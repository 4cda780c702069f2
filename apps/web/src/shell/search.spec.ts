import { describe, expect, it } from '@jest/globals';
import { choiceOf, chosen, textOf, withChoice } from './search.js';

describe('what an address says', () => {
  it('is one of the choices or nothing', () => {
    expect(choiceOf('scales', ['needs', 'scales'])).toBe('scales');
    expect(choiceOf('drop table', ['needs', 'scales'])).toBeUndefined();
  });

  it('is text of a length that a person may have typed', () => {
    expect(textOf('x'.repeat(500))).toHaveLength(120);
    expect(textOf(42)).toBe('42');
    expect(textOf({})).toBeUndefined();
  });

  it('holds only what was chosen', () => {
    expect(chosen({ point: 'square', material: undefined })).toEqual({ point: 'square' });
  });

  it('changes by one choice, and the empty text takes it back', () => {
    const search: { point?: string; material?: string } = { point: 'square', material: 'glass' };
    expect(withChoice(search, 'point', 'school')).toEqual({ point: 'school', material: 'glass' });
    expect(withChoice(search, 'point', '')).toEqual({ material: 'glass' });
  });
});
