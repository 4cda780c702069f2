import { describe, expect, it } from '@jest/globals';
import {
  READ_EVENTS_MAX,
  START,
  type AppendResult,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../event-store.js';
import { type Engine, type EngineTraits } from './engine-under-test.js';
import { anAppend, anEvent, aStream } from './sample-events.js';

const CLIENTS = 4;
const WRITERS_PER_CLIENT = 8;
const APPENDS_PER_WRITER = 25;
const READ_PAGE = 7;
const HINTS_TRIED_MAX = 10_000;

export function concurrencyContract(engine: Engine, { gapless }: EngineTraits): void {
  describe('several clients at once', () => {
    raceForAStream(engine);
    followALogThatGrows(engine, gapless);
    areWoken(engine);
  });
}

function clients(engine: Engine): Promise<readonly EventStore[]> {
  return Promise.all(Array.from({ length: CLIENTS }, () => engine().connect()));
}

function raceForAStream(engine: Engine): void {
  it('first appends that race for a stream have one winner', async () => {
    const stores = await clients(engine);
    for (let round = 0; round < 10; round += 1) {
      const stream = aStream();
      const results = await Promise.all(
        stores.flatMap((s) => [s.append(anAppend({ stream })), s.append(anAppend({ stream }))]),
      );
      expect(outcomes(results)).toEqual([
        'appended',
        ...Array.from({ length: 2 * CLIENTS - 1 }, () => 'revision-conflict'),
      ]);
      expect(await engine().store.readStream(stream)).toHaveLength(1);
    }
  });

  it('the same append from everywhere at once is recorded once, and everybody learns where', async () => {
    const stores = await clients(engine);
    const append = anAppend({ events: [anEvent(), anEvent()] });
    const results = await Promise.all(stores.flatMap((s) => [s.append(append), s.append(append)]));
    expect(outcomes(results)).toEqual(['appended', ...Array.from({ length: 2 * CLIENTS - 1 }, () => 'duplicate')]);
    const last = (await engine().store.readStream(append.stream)).at(-1);
    expect(new Set(results.map((result) => ('position' in result ? result.position : '')))).toEqual(
      new Set([last?.position]),
    );
  });

  it('writers who each expect what they last saw lose no event', async () => {
    const stores = await clients(engine);
    const stream = aStream();
    await engine().store.append(anAppend({ stream }));
    const accepted = await Promise.all(stores.map((store) => appendUntilAccepted(store, stream, 10)));
    const recorded = await engine().store.readStream(stream);
    expect(recorded.slice(1).map(({ id }) => id)).toEqual(expect.arrayContaining(accepted.flat()));
    expect(recorded.map(({ revision }) => revision)).toEqual(recorded.map((_, index) => index));
    expect(recorded).toHaveLength(1 + CLIENTS * 10);
  });
}

async function appendUntilAccepted(store: EventStore, stream: string, times: number): Promise<readonly string[]> {
  const accepted: string[] = [];
  while (accepted.length < times) {
    const [last] = await store.readStream(stream, { direction: 'backwards', max: 1 });
    const event = anEvent();
    const result = await store.append({ stream, expected: last?.revision ?? 'no-stream', events: [event] });
    if (result.outcome === 'appended') accepted.push(event.id);
  }
  return accepted;
}

function followALogThatGrows(engine: Engine, gapless: boolean): void {
  it('a reader beside many writers never skips, repeats or reorders', async () => {
    const stores = await clients(engine);
    const before = await engine().store.head();
    const writers = { done: false };
    const written = Promise.all(
      stores.flatMap((store) => Array.from({ length: WRITERS_PER_CLIENT }, () => write(store))),
    ).finally(() => (writers.done = true));

    const seen: RecordedEvent[] = [];
    for (let page: readonly RecordedEvent[] = []; !writers.done || page.length > 0;) {
      const after = seen.at(-1)?.position ?? before;
      page = await engine().store.readAll({ after, max: READ_PAGE });
      seen.push(...page);
    }

    const answers = (await written).flat();
    const positions = new Map(seen.map(({ stream, position }) => [stream, position]));
    expect(seen.length).toBe(answers.reduce((sum, { events }) => sum + events, 0));
    expect(answers.map(({ stream }) => positions.get(stream))).toEqual(answers.map(({ position }) => position));
    const end = await engine().store.readAll({ after: before, max: READ_EVENTS_MAX });
    expect(seen).toEqual(end);
  });

  if (gapless) {
    it('positions count the events of the log: none is missing, none is there twice', async () => {
      const { store } = engine();
      let [after, count]: [Position, number] = [START, 0];
      for (;;) {
        const page = await store.readAll({ after, max: READ_EVENTS_MAX });
        for (const { position } of page) expect(position).toBe(String((count += 1)));
        after = page.at(-1)?.position ?? after;
        if (page.length < READ_EVENTS_MAX) break;
      }
      expect(await store.head()).toBe(String(count));
    });
  }
}

interface Answer {
  readonly stream: string;
  readonly events: number;
  readonly position: Position;
}

async function write(store: EventStore): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let turn = 0; turn < APPENDS_PER_WRITER; turn += 1) {
    const append = anAppend({ events: Array.from({ length: 1 + (turn % 3) }, () => anEvent()) });
    const result = await store.append(append);
    if (result.outcome !== 'appended') throw new Error(`Unexpected: ${result.outcome}`);
    answers.push({ stream: append.stream, events: append.events.length, position: result.position });
  }
  return answers;
}

function areWoken(engine: Engine): void {
  it('who listens is woken by what another appends, until it stops listening', async () => {
    const listening = await engine().connect();
    const woken = { stopped: 0, kept: 0 };
    const stop = listening.onAppended(() => (woken.stopped += 1));
    const stopKept = listening.onAppended(() => (woken.kept += 1));
    await appendUntil(engine, () => woken.stopped > 0 && woken.kept > 0);

    stop();
    const after = { ...woken };
    await appendUntil(engine, () => woken.kept > after.kept);
    stopKept();
    expect(woken.stopped).toBe(after.stopped);
  });
}

async function appendUntil(engine: Engine, isHeard: () => boolean): Promise<void> {
  for (let tries = 0; !isHeard(); tries += 1) {
    if (tries === HINTS_TRIED_MAX) throw new Error('Nobody was woken');
    await engine().store.append(anAppend());
  }
}

/** The winner first, then what the others got. */
function outcomes(results: readonly AppendResult[]): readonly string[] {
  return results.map((result) => (result.outcome === 'conflict' ? result.error.code : result.outcome)).toSorted();
}
