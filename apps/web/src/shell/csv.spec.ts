import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';

describe('a table as comma-separated values', () => {
  it('starts with the mark by which a spreadsheet knows Arabic', () => {
    expect(csvOf([['ورق', '1.500']])).toBe('\uFEFFورق,1.500\r\n');
  });

  it('quotes what would break a cell', () => {
    expect(csvOf([['a,b', 'say "kg"', 'two\nlines']])).toBe('\uFEFF"a,b","say ""kg""","two\nlines"\r\n');
  });

  it('takes the force out of what would be a formula, and leaves negative numbers alone', () => {
    expect(csvOf([['=1+1', '@cmd', '-3.5', '-x']])).toBe("\uFEFF'=1+1,'@cmd,-3.5,'-x\r\n");
  });
});
