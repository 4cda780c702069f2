import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../event-store.errors.js';
import { isAnswer, isTransient, reasonOf, Unanswered } from './kurrentdb.errors.js';

function failure(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields);
}

describe('an error of the client', () => {
  it.each([
    ['a lost connection', failure('UnavailableError', { type: 'unavailable' })],
    ['a lost connection without a type', failure('14 UNAVAILABLE: No connection established', { code: 14 })],
    ['a passed deadline', failure('', { type: 'deadline-exceeded' })],
    ['a server that starts', failure('Could not recognize Server Is Not Ready', { type: 'unknown' })],
    ['another leader', failure('', { type: 'not-leader' })],
    ['a cluster without a leader', failure('Failed to discover after 10 attempts.')],
    ['a closed channel', failure('Channel has been shut down')],
    ['a stream that was closed', failure('write after end', { code: 'ERR_STREAM_WRITE_AFTER_END' })],
    ['no answer', new Unanswered(4_000)],
    ['what is unavailable already', new StoreUnavailable('away')],
  ])('may pass: %s', (_what, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['another revision', failure('', { type: 'wrong-expected-version' })],
    ['no right to it', failure('', { type: 'access-denied' })],
    ['too much at once', failure('', { type: 'maximum-append-size-exceeded' })],
    ['what the server lacks', failure('', { type: 'unsupported' })],
    ['wrong arguments', failure('3 INVALID_ARGUMENT', { code: 3 })],
    ['a mistake of ours', new TypeError('undefined is not a function')],
  ])('does not pass: %s', (_what, error) => {
    expect(isTransient(error)).toBe(false);
  });

  it('that the server answered leaves the connection as it is', () => {
    expect(isAnswer(failure('', { type: 'deadline-exceeded', _raw: undefined }))).toBe(true);
    expect(isAnswer(failure('', { type: 'unavailable', _raw: { code: 14 } }))).toBe(false);
    expect(isAnswer(new Unanswered(1))).toBe(false);
  });

  it.each([
    ['UnavailableError', failure('UnavailableError', { name: 'UnavailableError', type: 'unavailable' }), 'unavailable'],
    ['an empty message', failure('', { type: 'deadline-exceeded' }), 'deadline-exceeded'],
    ['a long one', failure('14 UNAVAILABLE: refused. Resolution note: '), '14 UNAVAILABLE: refused.'],
  ])('is told in one line: %s', (_what, error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
