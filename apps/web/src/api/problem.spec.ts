import { describe, expect, it } from '@jest/globals';
import { CallFailed, failureOf, mayPass } from './problem.js';

describe('a call that failed', () => {
  it('says what the api said', () => {
    const body = { type: 'about:blank', title: 'لا', detail: 'كلا', status: 401, code: 'wrong-credentials' };
    expect(failureOf(401, body)).toMatchObject({ status: 401, code: 'wrong-credentials', title: 'لا', detail: 'كلا' });
  });

  it('has a code of its own where a proxy answered instead', () => {
    expect(failureOf(502, '<html>')).toMatchObject({ code: 'unreachable', title: null });
    expect(failureOf(500, '<html>')).toMatchObject({ code: 'unreadable-answer' });
  });

  it('is worth trying again only when it may pass by itself', () => {
    expect(mayPass(new CallFailed(0, 'unreachable'))).toBe(true);
    expect(mayPass(new CallFailed(503, 'starting'))).toBe(true);
    expect(mayPass(new CallFailed(404, 'not-found'))).toBe(false);
  });
});
