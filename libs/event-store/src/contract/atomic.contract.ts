import { describe, expect, it } from '@jest/globals';
import { type ContentConflict, InvalidAppend, NOT_RECORDED, RevisionConflict } from '../event-store.errors.js';
import {
  APPEND_BYTES_MAX,
  APPENDS_PER_ATOMIC_MAX,
  EVENTS_PER_APPEND_MAX,
  type Append,
  type AtomicAppendResult,
  type EventStore,
  type NewEvent,
} from '../event-store.js';
import { type Engine } from './engine-under-test.js';
import { anAppend, anEvent, aStream, idsOf } from './sample-events.js';

const CLIENTS = 4;
const STREAMS = 5;
const TURNS = 15;

export function atomicContract(engine: Engine): void {
  describe('appends that go together', () => {
    takesOneAlone(engine);
    writesAllOrNone(engine);
    answersARepeat(engine);
    racesForStreams(engine);
    refusesWhatDoesNotGoTogether(engine);
  });
}

/** A test of several appends at once; where the engine does not take them, that it says so and writes none. */
function itTogether(name: string, engine: Engine, test: (store: EventStore) => Promise<void>): void {
  it(name, async () => {
    const { store } = engine();
    if (store.capabilities.atomicAppends) return test(store);
    const appends = [anAppend(), anAppend()];
    await expect(store.appendAtomically(appends)).rejects.toMatchObject({ code: 'unsupported-by-engine' });
    await expectEmpty(store, appends);
  });
}

function takesOneAlone(engine: Engine): void {
  it('may be a single one, on every engine', async () => {
    const { store } = engine();
    const append = anAppend({ events: [anEvent(), anEvent()] });
    const first = await store.appendAtomically([append]);
    expect(first).toEqual({ outcome: 'appended', appends: [await lastOf(store, append.stream)] });
    expect(await store.appendAtomically([append])).toEqual({ ...first, outcome: 'duplicate' });
    const late = anAppend({ stream: append.stream });
    expect(await store.appendAtomically([late])).toEqual(
      conflict(0, new RevisionConflict(append.stream, 'no-stream', 1)),
    );
  });
}

function writesAllOrNone(engine: Engine): void {
  itTogether('are recorded one after the other, whatever each expects of its stream', engine, async (store) => {
    const known = anAppend({ events: [anEvent(), anEvent()] });
    await store.append(known);
    const before = await store.head();
    const appends: readonly Append[] = [
      anAppend({ events: [anEvent(), anEvent()] }),
      { stream: known.stream, expected: 1, events: [anEvent()] },
      anAppend({ expected: 'any' }),
    ];

    const result = await store.appendAtomically(appends);

    const recorded = await store.readAll({ after: before, max: 10 });
    expect(idsOf(recorded)).toEqual(idsOf(eventsOf(appends)));
    const places = await Promise.all(appends.map(({ stream }) => lastOf(store, stream)));
    expect(result).toEqual({ outcome: 'appended', appends: places });
    expect(places.map(({ revision }) => revision)).toEqual([1, 2, 0]);
  });

  itTogether('are all refused for the first of them that does not fit, which is named', engine, async (store) => {
    const taken = anAppend({ events: [anEvent(), anEvent()] });
    await store.append(taken);
    const missing = aStream();
    const misfits: readonly [Append, RevisionConflict][] = [
      [anAppend({ stream: taken.stream }), new RevisionConflict(taken.stream, 'no-stream', 1)],
      [anAppend({ stream: taken.stream, expected: 0 }), new RevisionConflict(taken.stream, 0, 1)],
      [anAppend({ stream: missing, expected: 'stream-exists' }), new RevisionConflict(missing, 'stream-exists', -1)],
      [anAppend({ stream: missing, expected: 0 }), new RevisionConflict(missing, 0, -1)],
    ];
    for (const [misfit, error] of misfits) {
      for (const index of [0, 1, 2]) {
        const fitting = [anAppend(), anAppend({ expected: 'any' })];
        const appends = fitting.toSpliced(index, 0, misfit);
        expect(await store.appendAtomically(appends)).toEqual(conflict(index, error));
        await expectEmpty(store, fitting);
      }
    }
    const [first, last] = [anAppend({ expected: 7 }), anAppend({ stream: taken.stream })];
    expect(await store.appendAtomically([anAppend(), first, last])).toEqual(
      conflict(1, new RevisionConflict(first.stream, 7, -1)),
    );
    expect(await store.readStream(taken.stream)).toHaveLength(2);
  });

  itTogether('and are refused leave their neighbours alone', engine, async (store) => {
    const taken = anAppend();
    await store.append(taken);
    const fitting = anAppend();
    const [before, refused, accepted, after] = await Promise.all([
      store.append(anAppend()),
      store.appendAtomically([fitting, anAppend({ stream: taken.stream })]),
      store.appendAtomically([anAppend(), anAppend()]),
      store.append(anAppend()),
    ]);
    expect([before, refused, accepted, after].map(({ outcome }) => outcome)).toEqual([
      'appended',
      'conflict',
      'appended',
      'appended',
    ]);
    expect(await store.append(fitting)).toMatchObject({ outcome: 'appended' });
  });
}

function answersARepeat(engine: Engine): void {
  itTogether('repeated with the same content answer the first places, whatever they expect', engine, async (store) => {
    const appends = [anAppend({ events: [anEvent(), anEvent()] }), anAppend()];
    const first = await store.appendAtomically(appends);
    await store.append(anAppend({ stream: appends[1]?.stream ?? '', expected: 0 }));
    const head = await store.head();

    const repeats = [appends, appends.map((append) => ({ ...append, expected: 7 }))];
    for (const repeat of repeats) {
      expect(await store.appendAtomically(repeat)).toEqual({ ...first, outcome: 'duplicate' });
    }
    expect(await store.appendBatch(appends)).toEqual(
      ('appends' in first ? first.appends : []).map((place) => ({ outcome: 'duplicate', ...place })),
    );
    expect(await store.head()).toBe(head);
  });

  itTogether('repeated with other content are a conflict that names both', engine, async (store) => {
    const event = anEvent({ fingerprint: 'recorded' });
    const known = anAppend({ events: [event] });
    await store.append(known);
    const differing = { ...known, events: [{ ...event, fingerprint: 'offered' }] };
    const fresh = anAppend();
    expect(await store.appendAtomically([fresh, differing])).toEqual(
      contentConflict(1, {
        stream: known.stream,
        eventId: event.id,
        recordedFingerprint: 'recorded',
        offeredFingerprint: 'offered',
        recordedStream: known.stream,
      }),
    );
    await expectEmpty(store, [fresh]);
  });

  itTogether('with an event of another stream are a conflict that names the stream', engine, async (store) => {
    const known = anAppend();
    await store.append(known);
    const [fresh, elsewhere] = [anAppend(), anAppend({ events: known.events })];
    expect(await store.appendAtomically([elsewhere, fresh])).toMatchObject({
      outcome: 'conflict',
      index: 0,
      error: { code: 'content-differs', stream: elsewhere.stream, recordedStream: known.stream },
    });
    await expectEmpty(store, [fresh, elsewhere]);
  });

  itTogether('of which a part is recorded are a conflict that names what is missing', engine, async (store) => {
    const known = anAppend();
    await store.append(known);
    const missing = anEvent({ fingerprint: 'm' });
    // That its stream is not as expected counts for nothing beside it.
    const parts = [anAppend({ events: [missing] }), anAppend({ events: [missing], expected: 5 })];
    for (const part of parts) {
      const named = {
        stream: part.stream,
        eventId: missing.id,
        recordedFingerprint: NOT_RECORDED,
        offeredFingerprint: 'm',
        recordedStream: part.stream,
      };
      expect(await store.appendAtomically([known, part])).toEqual(contentConflict(1, named));
      expect(await store.appendAtomically([part, known])).toEqual(contentConflict(0, named));
    }
    const longer = { ...known, events: [...known.events, missing] };
    expect(await store.appendAtomically([anAppend(), longer])).toMatchObject({ outcome: 'conflict', index: 0 });
    await expectEmpty(store, parts);
    expect(await store.readStream(known.stream)).toHaveLength(1);
  });
}

function racesForStreams(engine: Engine): void {
  itTogether('and race for the same streams have one winner, who has them all', engine, async () => {
    const stores = await clients(engine);
    for (let round = 0; round < 10; round += 1) {
      const streams = [aStream(), aStream(), aStream()];
      const rivals = stores.map((store, place) => ({ store, appends: inOrder(streams, place).map(beginning) }));
      const results = await Promise.all(rivals.map(({ store, appends }) => store.appendAtomically(appends)));
      const [winners, losers] = [1, CLIENTS - 1];
      expect(results.filter((result) => outcomeOf(result) === 'appended')).toHaveLength(winners);
      expect(results.filter((result) => outcomeOf(result) === 'revision-conflict')).toHaveLength(losers);
      const winner = rivals[results.findIndex(({ outcome }) => outcome === 'appended')];
      const recorded = await Promise.all(streams.map((stream) => engine().store.readStream(stream)));
      expect(new Set(idsOf(recorded.flat()))).toEqual(new Set(idsOf(eventsOf(winner?.appends ?? []))));
    }
  });

  itTogether('and overlap, from several clients and in any order, are never there by half', engine, async (store) => {
    const stores = await clients(engine);
    const streams = Array.from({ length: STREAMS }, aStream);
    const accepted = await Promise.all(stores.map((client, place) => moveAcross(client, streams, place)));
    const recorded = await Promise.all(streams.map((stream) => store.readStream(stream)));
    const ids = idsOf(recorded.flat());
    expect(ids.toSorted()).toEqual(accepted.flat().toSorted());
    expect(accepted.map(({ length }) => length)).toEqual(stores.map(() => 2 * TURNS));
  });
}

/** Appends to two of the streams at once on what it last saw of them, until it has been accepted often enough. */
async function moveAcross(store: EventStore, streams: readonly string[], client: number): Promise<readonly string[]> {
  const accepted: string[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const pair = inOrder(streams, client + turn).slice(0, 2);
    for (let outcome = ''; outcome !== 'appended';) {
      const appends = await Promise.all(pair.map((stream) => next(store, stream)));
      const result = await store.appendAtomically(client % 2 === 0 ? appends : appends.toReversed());
      outcome = outcomeOf(result);
      expect(['appended', 'revision-conflict']).toContain(outcome);
      if (outcome === 'appended') accepted.push(...idsOf(eventsOf(appends)));
    }
  }
  return accepted;
}

async function next(store: EventStore, stream: string): Promise<Append> {
  const [last] = await store.readStream(stream, { direction: 'backwards', max: 1 });
  return { stream, expected: last?.revision ?? 'no-stream', events: [anEvent()] };
}

function refusesWhatDoesNotGoTogether(engine: Engine): void {
  const [stream, event] = [aStream(), anEvent()];
  const many = (length: number) => Array.from({ length }, () => anAppend());
  const large = () => anAppend({ events: [anEvent({ data: { text: 'x'.repeat(APPEND_BYTES_MAX / 2) } })] });
  const long = (length: number) => anAppend({ events: Array.from({ length }, () => anEvent()) });
  const wrong: readonly [string, readonly Append[]][] = [
    ['none at all', []],
    ['too many', many(APPENDS_PER_ATOMIC_MAX + 1)],
    ['one that could not be stored', [anAppend(), anAppend({ events: [] })]],
    ['a stream twice', [anAppend({ stream }), anAppend({ stream, expected: 0 })]],
    ['an event twice', [anAppend({ events: [event] }), anAppend({ events: [shouting(event)] })]],
    ['too many events in all', [long(EVENTS_PER_APPEND_MAX), long(1)]],
    ['too many bytes in all', [large(), large()]],
  ];

  it.each(wrong)('cannot be %s', async (_what, appends) => {
    const { store } = engine();
    await expect(store.appendAtomically(appends)).rejects.toThrow(InvalidAppend);
    await expectEmpty(
      store,
      appends.filter(({ events }) => events.length > 0),
    );
  });

  itTogether('may be as many as there can be', engine, async (store) => {
    const each = EVENTS_PER_APPEND_MAX / APPENDS_PER_ATOMIC_MAX;
    const appends = Array.from({ length: APPENDS_PER_ATOMIC_MAX }, () => long(each));
    const result = await store.appendAtomically(appends);
    expect(result).toMatchObject({ outcome: 'appended', appends: appends.map(() => ({ revision: each - 1 })) });
  });
}

function shouting(event: NewEvent): NewEvent {
  return { ...event, id: event.id.toUpperCase() };
}

function beginning(stream: string): Append {
  return anAppend({ stream });
}

/** All of them, beginning with another one. */
function inOrder(streams: readonly string[], first: number): readonly string[] {
  const place = first % streams.length;
  return [...streams.slice(place), ...streams.slice(0, place)];
}

function clients(engine: Engine): Promise<readonly EventStore[]> {
  return Promise.all(Array.from({ length: CLIENTS }, () => engine().connect()));
}

function eventsOf(appends: readonly Append[]): readonly NewEvent[] {
  return appends.flatMap(({ events }) => events);
}

function outcomeOf(result: AtomicAppendResult): string {
  return result.outcome === 'conflict' ? result.error.code : result.outcome;
}

function conflict(index: number, error: RevisionConflict): AtomicAppendResult {
  return { outcome: 'conflict', index, error };
}

function contentConflict(index: number, named: Partial<ContentConflict>): object {
  return {
    outcome: 'conflict',
    index,
    error: expect.objectContaining({ code: 'content-differs', ...named, details: named }),
  };
}

async function lastOf(store: EventStore, stream: string): Promise<{ position: string; revision: number }> {
  const [last] = await store.readStream(stream, { direction: 'backwards', max: 1 });
  if (!last) throw new Error(`Stream ${stream} is empty`);
  return { position: last.position, revision: last.revision };
}

async function expectEmpty(store: EventStore, appends: readonly Append[]): Promise<void> {
  const recorded = await Promise.all(appends.map(({ stream }) => store.readStream(stream)));
  expect(recorded.flat()).toEqual([]);
}
