import { describe, expect, it } from '@jest/globals';
import { NOT_RECORDED, RevisionConflict } from '../event-store.errors.js';
import { type AppendResult, type ExpectedRevision } from '../event-store.js';
import { contentFingerprint } from '../prepared-append.js';
import { type Engine } from './engine-under-test.js';
import { anAppend, anEvent, aStream } from './sample-events.js';

export function repeatingContract(engine: Engine): void {
  describe('repeating an append', () => {
    answersARepeat(engine);
    namesBothContents(engine);
  });
}

/** The answer of a repeat: the first answer, and that it was a repeat. */
function repeatOf(first: AppendResult): AppendResult {
  return { ...first, outcome: 'duplicate' } as AppendResult;
}

/** A content conflict with everything that it names. */
function contentConflict(
  stream: string,
  eventId: string | undefined,
  recordedFingerprint: string | undefined,
  offeredFingerprint: string | undefined,
  recordedStream = stream,
): object {
  const named = { stream, eventId, recordedFingerprint, offeredFingerprint, recordedStream };
  return {
    outcome: 'conflict',
    error: expect.objectContaining({ code: 'content-differs', ...named, details: named }),
  };
}

function answersARepeat(engine: Engine): void {
  it.each<ExpectedRevision>(['no-stream', 'stream-exists', 'any', 0, 7])(
    'with the same content answers the first positions, whatever it expects: %s',
    async (expected) => {
      const { store } = engine();
      const append = anAppend({ events: [anEvent(), anEvent()] });
      const first = await store.append(append);
      await store.append({ stream: append.stream, expected: 1, events: [anEvent()] });
      const head = await store.head();

      expect(await store.append({ ...append, expected })).toEqual(repeatOf(first));
      expect(await store.head()).toBe(head);
    },
  );

  it('is the same content in another order of keys, in another case of the id, with other metadata', async () => {
    const { store } = engine();
    const event = anEvent({ data: { material: 'glass', load: { gross: 3, tare: 1 }, note: undefined } });
    const append = anAppend({ events: [event] });
    const first = await store.append(append);

    const again = {
      ...event,
      id: event.id.toUpperCase(),
      data: { load: { tare: 1, gross: 3 }, material: 'glass' },
      metadata: { ...event.metadata, correlationId: 'another' },
    };
    expect(await store.append({ ...append, events: [again] })).toEqual(repeatOf(first));
  });

  it('is the same content when the originator says so', async () => {
    const { store } = engine();
    const event = anEvent({ data: { netGrams: 5, receivedAt: '08:15' }, fingerprint: 'report-1' });
    const append = anAppend({ events: [event] });
    const first = await store.append(append);

    const later = { ...event, data: { netGrams: 5, receivedAt: '08:16' } };
    expect(await store.append({ ...append, events: [later] })).toEqual(repeatOf(first));
    expect((await store.readStream(append.stream)).map(({ data }) => data)).toEqual([event.data]);
  });

  it('may join what came in two appends', async () => {
    const { store } = engine();
    const [stream, one, two] = [aStream(), anEvent(), anEvent()];
    await store.append({ stream, expected: 'no-stream', events: [one] });
    const second = await store.append({ stream, expected: 0, events: [two] });
    expect(await store.append({ stream, expected: 'no-stream', events: [one, two] })).toEqual(repeatOf(second));
  });
}

function namesBothContents(engine: Engine): void {
  it('with other content is a conflict that names both', async () => {
    const { store } = engine();
    const event = anEvent();
    const append = anAppend({ events: [event] });
    await store.append(append);
    const head = await store.head();

    const other = { ...event, data: { material: 'glass', netGrams: 1_251 } };
    const result = await store.append({ ...append, events: [other] });

    const [recorded, offered] = [event, other].map(({ type, data }) => contentFingerprint(type, data));
    expect(result).toEqual(contentConflict(append.stream, event.id, recorded, offered));
    expect(await store.head()).toBe(head);
  });

  it('as an event of another type is a conflict', async () => {
    const { store } = engine();
    const event = anEvent();
    const append = anAppend({ events: [event] });
    await store.append(append);
    const result = await store.append({ ...append, events: [{ ...event, type: 'WeighingVoided' }] });
    expect(result).toMatchObject({ outcome: 'conflict', error: { code: 'content-differs', eventId: event.id } });
  });

  it('in part is a conflict, and nothing of it is written', async () => {
    const { store } = engine();
    const [known, unknown] = [anEvent({ fingerprint: 'k' }), anEvent({ fingerprint: 'u' })];
    const append = anAppend({ events: [known] });
    await store.append(append);
    const head = await store.head();

    for (const events of [
      [known, unknown],
      [unknown, known],
    ]) {
      expect(await store.append({ stream: append.stream, expected: 'any', events })).toEqual(
        contentConflict(append.stream, unknown.id, NOT_RECORDED, 'u'),
      );
    }
    expect(await store.head()).toBe(head);
  });

  it('in another stream is a conflict that names the stream', async () => {
    const { store } = engine();
    const append = anAppend({ events: [anEvent({ fingerprint: 'f' })] });
    await store.append(append);
    const elsewhere = aStream();
    expect(await store.append({ ...append, stream: elsewhere })).toEqual(
      contentConflict(elsewhere, append.events[0]?.id, 'f', 'f', append.stream),
    );
    expect(await store.readStream(elsewhere)).toEqual([]);
  });

  it('of what was refused is decided anew', async () => {
    const { store } = engine();
    const [stream, refused] = [aStream(), anEvent()];
    const tooEarly = await store.append({ stream, expected: 0, events: [refused] });
    expect(tooEarly).toEqual({ outcome: 'conflict', error: new RevisionConflict(stream, 0, -1) });
    await store.append({ stream, expected: 'no-stream', events: [anEvent()] });
    expect(await store.append({ stream, expected: 0, events: [refused] })).toMatchObject({ outcome: 'appended' });
  });
}
