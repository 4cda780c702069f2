import { describe, expect, it } from '@jest/globals';
import { InvalidAppend, RevisionConflict } from '../event-store.errors.js';
import {
  APPEND_BYTES_MAX,
  EVENTS_PER_APPEND_MAX,
  type Append,
  type ExpectedRevision,
  type NewEvent,
} from '../event-store.js';
import { type Engine } from './engine-under-test.js';
import { anAppend, anEvent, aStream } from './sample-events.js';

export function appendingContract(engine: Engine): void {
  describe('appending', () => {
    appendsAndReadsBack(engine);
    expectsRevisions(engine);
    refusesWhatNoEngineStores(engine);
  });
}

function appendsAndReadsBack(engine: Engine): void {
  it('gives an event its place and keeps everything about it', async () => {
    const { store } = engine();
    const before = await store.head();
    const event = anEvent({
      schemaVersion: 3,
      metadata: {
        municipalityId: 'beitillu',
        correlationId: 'c-7',
        causationId: 'm-7',
        actor: 'a-7',
        note: 'ميزان "1" \\ é',
      },
    });
    const append = anAppend({ events: [event] });

    const result = await store.append(append);

    const recorded = await store.readStream(append.stream);
    expect(recorded).toEqual([
      { ...event, stream: append.stream, revision: 0, position: expect.any(String), recordedAt: expect.any(String) },
    ]);
    expect(result).toEqual({ outcome: 'appended', position: recorded[0]?.position, revision: 0 });
    expect(await store.readAll({ after: before, max: 10 })).toEqual(recorded);
    expect(new Date(recorded[0]?.recordedAt ?? '').toISOString()).toBe(recorded[0]?.recordedAt);
  });

  it.each<[string, object]>([
    ['nesting', { a: [{ b: [[], {}, [null]] }], c: false }],
    ['numbers', { big: 9_007_199_254_740_991, small: -5e-324, large: 1.7976931348623157e308, zero: 0 }],
    ['text of every kind', { text: 'ميزان 𝔐 \u0000 \u001f \ud800 \\ " \' {}, $1', '': '', 'key "quoted", {odd}': 1 }],
    ['odd keys', { z: 1, a: 2, 10: 3, 9: 4, toString: 5 }],
  ])('keeps %s as it was', async (_name, data) => {
    const { store } = engine();
    const append = anAppend({ events: [anEvent({ data })] });
    await store.append(append);
    const [recorded] = await store.readStream(append.stream);
    expect(recorded?.data).toEqual(data);
  });

  it('records the events of an append together and in order', async () => {
    const { store } = engine();
    const events = [anEvent(), anEvent({ type: 'WeighingVoided' }), anEvent()];
    const append = anAppend({ events });

    const result = await store.append(append);

    const recorded = await store.readStream(append.stream);
    expect(recorded.map(({ id, revision }) => ({ id, revision }))).toEqual(
      events.map(({ id }, revision) => ({ id, revision })),
    );
    expect(result).toEqual({ outcome: 'appended', position: recorded[2]?.position, revision: 2 });
  });
}

function expectsRevisions(engine: Engine): void {
  const matrix: readonly [ExpectedRevision, number, boolean][] = [
    ['no-stream', 0, true],
    ['no-stream', 1, false],
    ['no-stream', 3, false],
    ['stream-exists', 0, false],
    ['stream-exists', 1, true],
    ['stream-exists', 3, true],
    ['any', 0, true],
    ['any', 1, true],
    ['any', 3, true],
    [0, 0, false],
    [0, 1, true],
    [0, 3, false],
    [2, 0, false],
    [2, 1, false],
    [2, 3, true],
    [3, 3, false],
  ];

  it.each(matrix)('expecting %s of a stream of %i events is accepted: %s', async (expected, length, accepted) => {
    const { store } = engine();
    const stream = aStream();
    const history = Array.from({ length }, () => anEvent());
    if (length > 0) await store.append({ stream, expected: 'no-stream', events: history });
    const append: Append = { stream, expected, events: [anEvent()] };

    const result = await store.append(append);

    if (accepted) {
      expect(result).toEqual({ outcome: 'appended', position: await store.head(), revision: length });
    } else {
      expect(result).toEqual({ outcome: 'conflict', error: new RevisionConflict(stream, expected, length - 1) });
    }
    const events = accepted ? [...history, ...append.events] : history;
    expect((await store.readStream(stream)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });
}

function refusesWhatNoEngineStores(engine: Engine): void {
  const twice = anEvent();
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const many = (length: number) => Array.from({ length }, () => anEvent());
  const wrong: readonly [string, Partial<Append>][] = [
    ['no events', { events: [] }],
    ['too many events', { events: many(EVENTS_PER_APPEND_MAX + 1) }],
    ['too many bytes', { events: [anEvent({ data: { text: 'x'.repeat(APPEND_BYTES_MAX) } })] }],
    ['too many bytes in all', { events: many(3).map((e) => ({ ...e, data: { text: 'é'.repeat(200_000) } })) }],
    ['the same event id twice', { events: [twice, { ...twice, id: twice.id.toUpperCase() }] }],
    ['an event id that is no UUID', { events: [anEvent({ id: 'weighing-1' })] }],
    ['a revision that is none', { expected: -1 }],
    ['half a revision', { expected: 0.5 }],
    ['a stream without a name', { stream: '' }],
    ['a stream with a name too long', { stream: 'x'.repeat(256) }],
    ['a stream with NUL in its name', { stream: 'a\0b' }],
    ['a type without a name', { events: [anEvent({ type: '' })] }],
    ['a type of the server’s own', { events: [anEvent({ type: '$metadata' })] }],
    ['a schema version that is none', { events: [anEvent({ schemaVersion: 0 })] }],
    ['a fingerprint too long', { events: [anEvent({ fingerprint: 'x'.repeat(129) })] }],
    ['an empty fingerprint', { events: [anEvent({ fingerprint: '' })] }],
    ['a BigInt', { events: [anEvent({ data: { grams: 1n } })] }],
    ['NaN', { events: [anEvent({ data: { grams: Number.NaN } })] }],
    ['a circle', { events: [anEvent({ data: circular })] }],
    ['a list for data', { events: [anEvent({ data: [] })] }],
    [
      'a key of metadata that engines use',
      { events: [anEvent({ metadata: { ...twice.metadata, 'mizan.fingerprint': 'f' } })] },
    ],
    [
      'metadata that are not flat',
      { events: [anEvent({ metadata: { nested: {} } as unknown as NewEvent['metadata'] })] },
    ],
  ];

  it.each(wrong)('refuses an append with %s', async (_what, part) => {
    const { store } = engine();
    const before = await store.head();
    await expect(store.append({ ...anAppend(), ...part })).rejects.toThrow(InvalidAppend);
    expect(await store.head()).toBe(before);
  });

  it('takes an append of the largest size', async () => {
    const { store } = engine();
    const append = anAppend({ events: many(EVENTS_PER_APPEND_MAX) });
    expect(await store.append(append)).toMatchObject({ outcome: 'appended', revision: EVENTS_PER_APPEND_MAX - 1 });
    expect(await store.readStream(append.stream)).toHaveLength(EVENTS_PER_APPEND_MAX);
  });
}
