import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#event-store';
import { isTransient } from './transient.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('trying again', () => {
  it.each([
    '08006',
    '25P03',
    '40001',
    '40P01',
    '53300',
    '55P03',
    '57P01',
    '58030',
    '42P01',
    '3F000',
    'ECONNREFUSED',
    'EPIPE',
  ])('may help after %s', (code) => expect(isTransient(withCode(code))).toBe(true));

  it.each(['23505', '23514', '22003', '42703', '57014', 'ERR_ASSERTION'])('does not help after %s', (code) =>
    expect(isTransient(withCode(code))).toBe(false),
  );

  it('may help when the log or the connection is away', () => {
    expect(isTransient(new StoreUnavailable('away'))).toBe(true);
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it('does not help against a defect', () => {
    expect(isTransient(new TypeError('undefined is not a function'))).toBe(false);
    expect(isTransient('anything')).toBe(false);
  });
});
