import { describe, expect, it } from '@jest/globals';
import { NOT_RECORDED } from '../event-store.errors.js';
import { type NewEvent } from '../event-store.js';
import { prepareAppend } from '../prepared-append.js';
import { anEvent } from '../testing.js';
import { type ClaimedEvent } from './claim-index.js';
import { verdictOn } from './claim-verdict.js';

const [a, b] = [anEvent({ fingerprint: 'a' }), anEvent({ fingerprint: 'b' })];
const append = prepareAppend({ stream: 's', expected: 'any', events: [a, b] });

function claimed(event: NewEvent, revision: number, overrides: Partial<ClaimedEvent> = {}): ClaimedEvent {
  return {
    id: event.id,
    stream: 's',
    revision,
    fingerprint: event.fingerprint ?? '',
    firstId: a.id,
    firstRevision: 3,
    lastRevision: 4,
    recordedAtMs: 1_000,
    ageMs: 10,
    position: undefined,
    ...overrides,
  };
}

function verdict(...known: readonly ClaimedEvent[]) {
  return verdictOn(append, new Map(known.map((event) => [event.id, event])));
}

describe('the verdict on an append', () => {
  it('of which nothing is known is that it is new', () => {
    expect(verdict()).toEqual({ kind: 'new' });
  });

  it('of which all is recorded is a duplicate, where its append ends', () => {
    const known = [claimed(a, 3, { position: '70' }), claimed(b, 4, { position: '70' })];
    expect(verdict(...known)).toEqual({ kind: 'duplicate', revision: 4, position: '70' });
  });

  it('that repeats the first part of a longer one leaves the position to be read', () => {
    const known = [a, b].map((event, n) => claimed(event, 3 + n, { position: '90', lastRevision: 5 }));
    expect(verdict(...known)).toEqual({ kind: 'duplicate', revision: 4, position: undefined });
  });

  it('of which only a part is recorded is a conflict', () => {
    const error = expect.objectContaining({
      eventId: b.id,
      recordedFingerprint: NOT_RECORDED,
      offeredFingerprint: 'b',
    });
    expect(verdict(claimed(a, 3, { position: '70' }))).toEqual({ kind: 'conflict', error });
  });

  it.each([
    ['other content', { fingerprint: 'x' }],
    ['another stream', { stream: 't' }],
  ])('that has %s under a recorded id is a conflict, whatever is pending', (_what, difference) => {
    const error = expect.objectContaining({
      eventId: b.id,
      recordedStream: 's',
      ...('stream' in difference && { recordedStream: 't' }),
    });
    expect(verdict(claimed(a, 3), claimed(b, 4, { position: '70', ...difference }))).toEqual({
      kind: 'conflict',
      error,
    });
  });

  it('that was claimed by itself is a repeat, at the place that was claimed', () => {
    const claim = { append, firstRevision: 3, recordedAtMs: 1_000 };
    expect(verdict(claimed(a, 3), claimed(b, 4))).toEqual({ kind: 'repeat', claim, ageMs: 10 });
  });

  it.each<[string, readonly ClaimedEvent[]]>([
    ['other content', [claimed(a, 3), claimed(b, 4, { fingerprint: 'x' })]],
    ['a longer append', [claimed(a, 3, { lastRevision: 5 }), claimed(b, 4, { lastRevision: 5 })]],
    ['another order', [claimed(a, 4), claimed(b, 3)]],
    ['an append of another stream', [claimed(a, 3, { stream: 't' }), claimed(b, 4, { stream: 't' })]],
    ['an append of one of them', [claimed(a, 3, { lastRevision: 3 })]],
  ])('whose events are claimed by %s is blocked', (_what, known) => {
    expect(verdict(...known)).toMatchObject({ kind: 'blocked', by: [{ firstId: a.id }] });
  });
});
