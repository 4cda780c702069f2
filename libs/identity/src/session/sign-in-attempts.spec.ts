import { beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '#kernel/testing';
import { TooManyAttempts } from './session.errors.js';
import { SignInAttempts } from './sign-in-attempts.js';

const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const HOME = '203.0.113.7';

describe('attempts to sign in', () => {
  let clock: FixedClock;
  let attempts: SignInAttempts;
  beforeEach(() => {
    clock = new FixedClock('2026-11-23T08:00:00.000Z');
    attempts = new SignInAttempts(clock);
  });
  const later = (seconds: number) => clock.moveTo(new Date(START_MS + seconds * 1_000).toISOString());
  const fail = (times: number, login: string, address: (index: number) => string) => {
    for (let index = 0; index < times; index += 1) attempts.begin(login, address(index));
  };
  const secondsToWait = (login: string, address: string) => {
    try {
      attempts.begin(login, address);
      return 0;
    } catch (error) {
      if (error instanceof TooManyAttempts) return error.details['retryAfterSeconds'];
      throw error;
    }
  };

  it('at one login from one address have to wait after five failures, then half a minute each', () => {
    fail(5, 'nour', () => HOME);
    expect(secondsToWait(' NOUR', HOME)).toBe(30);
    later(30);
    expect(secondsToWait('nour', HOME)).toBe(0);
    expect(secondsToWait('nour', HOME)).toBe(30);
  });

  it('that are refused do not make the wait longer', () => {
    fail(5, 'nour', () => HOME);
    for (let index = 0; index < 100; index += 1) secondsToWait('nour', HOME);
    expect(secondsToWait('nour', HOME)).toBe(30);
  });

  it('do not count against somebody who then signs in', () => {
    fail(4, 'nour', () => HOME);
    attempts.begin('nour', HOME);
    attempts.succeeded('nour', HOME);
    expect(secondsToWait('nour', HOME)).toBe(0);
  });

  it('at one login from everywhere have to wait, but not the person at the address she last came from', () => {
    attempts.begin('nour', HOME);
    attempts.succeeded('nour', HOME);
    fail(30, 'nour', (index) => `198.51.100.${index}`);
    expect(secondsToWait('nour', '198.51.100.77')).toBe(10);
    expect(secondsToWait('nour', HOME)).toBe(0);
  });

  it('from one address at many logins have to wait seconds', () => {
    for (let index = 0; index < 60; index += 1) attempts.begin(`guess-${index}`, HOME);
    expect(secondsToWait('nour', HOME)).toBe(5);
    expect(secondsToWait('nour', '198.51.100.1')).toBe(0);
  });

  it('come from one address when they come from one network of IPv6', () => {
    fail(5, 'nour', (index) => `2001:db8:1:2::${index}`);
    expect(secondsToWait('nour', '2001:db8:1:2:ffff::1')).toBe(30);
    expect(secondsToWait('nour', '2001:db8:1:3::1')).toBe(0);
  });
});
