import { describe, expect, it } from '@jest/globals';
import { InvalidAppend, RevisionConflict } from '../event-store.errors.js';
import { APPENDS_PER_BATCH_MAX, comparePositions, type AppendResult } from '../event-store.js';
import { type Engine } from './engine-under-test.js';
import { anAppend, anEvent, aStream } from './sample-events.js';

/** More than one transaction holds, so that it is cut somewhere. */
const LARGE = 1_201;

export function batchContract(engine: Engine): void {
  describe('appending a batch', () => {
    settlesEachByItself(engine);
    settlesOneAfterTheOther(engine);
  });
}

function settlesEachByItself(engine: Engine): void {
  it('answers each append, in their order; a conflict does not fail its neighbours', async () => {
    const { store } = engine();
    const [known, taken] = [anAppend(), anAppend()];
    const first = await store.append(known);
    await store.append(taken);
    const [good, long] = [anAppend(), anAppend({ events: [anEvent(), anEvent()] })];
    const late = anAppend({ stream: taken.stream });
    const differing = anAppend({ ...known, events: known.events.map((e) => ({ ...e, data: { netGrams: 1 } })) });

    const results = await store.appendBatch([good, known, late, differing, long]);

    const [newest] = (await store.readStream(long.stream)).slice(-1);
    expect(results).toEqual([
      { outcome: 'appended', position: (await store.readStream(good.stream))[0]?.position, revision: 0 },
      { ...first, outcome: 'duplicate' },
      { outcome: 'conflict', error: new RevisionConflict(taken.stream, 'no-stream', 0) },
      { outcome: 'conflict', error: expect.objectContaining({ code: 'content-differs' }) },
      { outcome: 'appended', position: newest?.position, revision: 1 },
    ]);
    expect(await store.readStream(taken.stream)).toHaveLength(1);
    expect(await store.readStream(known.stream)).toHaveLength(1);
  });

  it('records a batch larger than a transaction in its order', async () => {
    const { store } = engine();
    const before = await store.head();
    const appends = Array.from({ length: LARGE }, () => anAppend());

    const results = await store.appendBatch(appends);

    const recorded = await store.readAll({ after: before, max: LARGE + 1 });
    expect(recorded.map(({ stream }) => stream)).toEqual(appends.map(({ stream }) => stream));
    expect(results.map((result) => positionOf(result))).toEqual(recorded.map(({ position }) => position));
    const positions = recorded.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted(comparePositions));
  });

  it('of nothing does nothing', async () => {
    expect(await engine().store.appendBatch([])).toEqual([]);
  });

  it('is refused as a whole when one append could not be stored, before anything is written', async () => {
    const { store } = engine();
    const before = await store.head();
    await expect(store.appendBatch([anAppend(), anAppend({ events: [] })])).rejects.toThrow(InvalidAppend);
    const append = anAppend();
    const endless = Array.from({ length: APPENDS_PER_BATCH_MAX + 1 }, () => append);
    await expect(store.appendBatch(endless)).rejects.toThrow(InvalidAppend);
    expect(await store.head()).toBe(before);
  });
}

function settlesOneAfterTheOther(engine: Engine): void {
  it('finds repeats, contradictions and lost races within itself', async () => {
    const { store } = engine();
    const append = anAppend();
    const differing = { ...append, events: append.events.map((event) => ({ ...event, data: { netGrams: 2 } })) };
    const rival = anAppend({ stream: append.stream });

    const results = await store.appendBatch([append, append, differing, rival, append]);

    const position = positionOf(results[0]);
    const duplicate = { outcome: 'duplicate', position, revision: 0 };
    expect(results).toEqual([
      { outcome: 'appended', position, revision: 0 },
      duplicate,
      { outcome: 'conflict', error: expect.objectContaining({ code: 'content-differs' }) },
      { outcome: 'conflict', error: new RevisionConflict(append.stream, 'no-stream', 0) },
      duplicate,
    ]);
    expect(await store.readStream(append.stream)).toHaveLength(1);
  });

  it('lets an append build on an earlier one', async () => {
    const { store } = engine();
    const stream = aStream();
    const results = await store.appendBatch([
      { stream, expected: 0, events: [anEvent()] },
      { stream, expected: 'no-stream', events: [anEvent(), anEvent()] },
      { stream, expected: 1, events: [anEvent()] },
      { stream, expected: 'stream-exists', events: [anEvent()] },
      { stream, expected: 'any', events: [anEvent()] },
      { stream, expected: 3, events: [anEvent()] },
    ]);
    expect(results.map((result) => (result.outcome === 'conflict' ? result.error.code : result.revision))).toEqual([
      'revision-conflict',
      1,
      2,
      3,
      4,
      'revision-conflict',
    ]);
    expect((await store.readStream(stream)).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  it('does not mind a stream that is called like an event', async () => {
    const { store } = engine();
    const event = anEvent();
    const results = await store.appendBatch([
      anAppend({ events: [event] }),
      anAppend({ stream: event.id }),
      anAppend({ stream: `stream ${event.id}` }),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['appended', 'appended', 'appended']);
  });
}

function positionOf(result: AppendResult | undefined): string | undefined {
  return result === undefined || result.outcome === 'conflict' ? undefined : result.position;
}
