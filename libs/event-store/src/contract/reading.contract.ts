import { describe, expect, it } from '@jest/globals';
import {
  READ_EVENTS_MAX,
  START,
  comparePositions,
  type EventStore,
  type RecordedEvent,
  type ReadAll,
  type ReadStream,
} from '../event-store.js';
import { type Engine, type EngineTraits } from './engine-under-test.js';
import { anAppend, anEvent, appendInTurn, aStream, idsOf } from './sample-events.js';

export function readingContract(engine: Engine, traits: EngineTraits): void {
  describe('reading', () => {
    readsAStream(engine);
    readsTheLog(engine);
    if (traits.gapless) recordsTime(engine);
    findsMoments(engine);
  });
}

function readsAStream(engine: Engine): void {
  it.each<[ReadStream | undefined, readonly number[]]>([
    [undefined, [0, 1, 2, 3, 4]],
    [{ from: 3 }, [3, 4]],
    [{ from: 5 }, []],
    [{ max: 2 }, [0, 1]],
    [{ from: 1, max: 3 }, [1, 2, 3]],
    [{ direction: 'backwards' }, [4, 3, 2, 1, 0]],
    [{ direction: 'backwards', max: 1 }, [4]],
    [{ direction: 'backwards', from: 2 }, [2, 1, 0]],
    [{ direction: 'backwards', from: 99, max: 2 }, [4, 3]],
  ])('a stream of five events with %j gives revisions %j', async (options, revisions) => {
    const { store } = engine();
    const append = anAppend({ events: Array.from({ length: 5 }, () => anEvent()) });
    await store.append(append);
    expect((await store.readStream(append.stream, options)).map(({ revision }) => revision)).toEqual(revisions);
  });

  it('finds a stream that does not exist empty', async () => {
    expect(await engine().store.readStream(aStream())).toEqual([]);
    expect(await engine().store.readStream(aStream(), { direction: 'backwards' })).toEqual([]);
  });

  it.each<ReadStream>([{ from: -1 }, { from: 0.5 }, { max: 0 }, { max: READ_EVENTS_MAX + 1 }, { max: Number.NaN }])(
    'refuses the bounds %j of a stream',
    async (options) => {
      await expect(engine().store.readStream(aStream(), options)).rejects.toThrow(RangeError);
    },
  );
}

function readsTheLog(engine: Engine): void {
  it('starts after a position, exclusively, and goes on from page to page', async () => {
    const { store } = engine();
    const { after, events } = await appendInTurn(store, ['A', 'B', 'C', 'D', 'E']);
    const pages: (readonly string[])[] = [];
    let from = after;
    for (;;) {
      const page = await store.readAll({ after: from, max: 2 });
      pages.push(idsOf(page));
      from = page.at(-1)?.position ?? from;
      if (page.length < 2) break;
    }
    const ids = idsOf(events);
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await store.head()).toBe(from);
  });

  it('gives the wanted types only, in log order, whatever lies between', async () => {
    const { store } = engine();
    const rare = aStream();
    const { after, events } = await appendInTurn(store, ['A', rare, 'B', 'A', 'B', 'B', rare, 'A']);
    const read = async (types: readonly string[], max: number) =>
      (await store.readAll({ after, max, types })).map(({ id }) => events.findIndex((event) => event.id === id));

    expect(await read([rare], 10)).toEqual([1, 6]);
    expect(await read([rare, 'A'], 10)).toEqual([0, 1, 3, 6, 7]);
    expect(await read(['A', rare, 'A'], 3)).toEqual([0, 1, 3]);
    expect(await read(['nothing is called that'], 10)).toEqual([]);
    expect(await read([], 10)).toEqual([]);
  });

  it('knows where the log ends', async () => {
    const { store } = engine();
    const { after } = await appendInTurn(store, ['A']);
    const head = await store.head();
    expect(comparePositions(after, head)).toBe(-1);
    expect(await store.readAll({ after: head, max: 1 })).toEqual([]);
    expect(await store.readAll({ after: head, max: 1, types: ['A'] })).toEqual([]);
  });

  it.each<ReadAll>([
    { after: START, max: 0 },
    { after: START, max: READ_EVENTS_MAX + 1 },
    { after: '', max: 1 },
    { after: '-1', max: 1 },
    { after: '1.5', max: 1 },
    { after: '99999999999999999999', max: 1 },
    { after: "0' OR true", max: 1 },
  ])('refuses %j', async (options) => {
    await expect(engine().store.readAll(options)).rejects.toThrow(RangeError);
  });
}

function recordsTime(engine: Engine): void {
  it('never goes back in recorded time', async () => {
    const { store } = engine();
    await appendInTurn(store, ['A', 'B', 'C']);
    const times = (await store.readAll({ after: START, max: READ_EVENTS_MAX })).map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted());
  });
}

function findsMoments(engine: Engine): void {
  it('finds the last event recorded at a moment or before it', async () => {
    const { store } = engine();
    const before = await store.head();
    const recorded = await appendForMoments(store, 5);
    const end = await store.readAll({ after: before, max: READ_EVENTS_MAX });
    for (const { recordedAt } of recorded) {
      const last = end.findLast((event) => event.recordedAt <= recordedAt)?.position;
      expect(await store.positionAt(recordedAt)).toBe(last);
      expect(await store.positionAt(recordedAt.replace('Z', '+00:00'))).toBe(last);
      expect(comparePositions(await store.positionAt(momentBefore(recordedAt)), last ?? START)).toBe(-1);
    }
  });

  it('finds nothing before the first event, and the end of the log ever after', async () => {
    const { store } = engine();
    await store.append(anAppend());
    expect(await store.positionAt('1970-01-01T00:00:00Z')).toBe(START);
    expect(await store.positionAt('9999-12-31T23:59:59.999Z')).toBe(await store.head());
  });

  it.each([
    '',
    'yesterday',
    '2026-11-23',
    '2026-11-23T08:15:30',
    '2026-02-30T08:15:30Z',
    '2026-11-23T25:15:30Z',
    "2026-11-23T08:15:30Z' OR true",
  ])('refuses the moment %j', async (moment) => {
    await expect(engine().store.positionAt(moment)).rejects.toThrow(RangeError);
  });
}

/** Appends until its events were recorded at so many moments. */
async function appendForMoments(store: EventStore, moments: number): Promise<readonly RecordedEvent[]> {
  const recorded: RecordedEvent[] = [];
  while (new Set(recorded.map(({ recordedAt }) => recordedAt)).size < moments) {
    const append = anAppend();
    await store.append(append);
    recorded.push(...(await store.readStream(append.stream)));
  }
  return recorded;
}

function momentBefore(recordedAt: string): string {
  return new Date(Date.parse(recordedAt) - 1).toISOString();
}
