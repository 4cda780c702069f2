import { describe, expect, it } from '@jest/globals';
import { comparePositions, type EventStore, type Position, type RecordedEvent } from '../event-store.js';
import { subscribeTo, type LogMessage, type Subscribe } from '../log-subscription.js';
import { faultsOf, type Engine, type EngineTraits } from './engine-under-test.js';
import { anAppend, anEvent, appendInTurn, aStream, idsOf } from './sample-events.js';

const WRITERS = 6;
const APPENDS_PER_WRITER = 40;
/** Several pages of a subscription. */
const MANY = 1_201;
const CUTS = 5;

export function subscribingContract(engine: Engine, { canFail }: EngineTraits): void {
  describe('a subscription', () => {
    catchesUp(engine);
    follows(engine);
    ends(engine);
    if (canFail) survives(engine);
  });
}

function catchesUp(engine: Engine): void {
  it('gives what is there in log order, from page to page, then says that it has caught up', async () => {
    const { store } = engine();
    const { after, events } = await appendInTurn(store, Array<string>(MANY).fill('A'));
    const messages = await until(store, { after }, isCaughtUp);

    expect(idsIn(messages)).toEqual(idsOf(events));
    expect(messages.at(-1)).toEqual({ kind: 'caught-up', position: await store.head() });
    expectInOrder(messages);
  });

  it('gives the wanted types only, and passes over the others', async () => {
    const { store } = engine();
    const [wanted, rare] = [aStream(), aStream()];
    const { after, events } = await appendInTurn(store, [wanted, 'B', rare, 'B', wanted, 'B']);
    const ids = idsOf(events);
    const read = (types: readonly string[]) => until(store, { after, types }, isCaughtUp);

    expect(idsIn(await read([wanted]))).toEqual([ids[0], ids[4]]);
    expect(idsIn(await read([wanted, rare]))).toEqual([ids[0], ids[2], ids[4]]);
    expect(await read(['nothing is called that'])).toEqual([{ kind: 'caught-up', position: await store.head() }]);
  });

  it('that starts at the end says so at once', async () => {
    const { store } = engine();
    const { after } = await appendInTurn(store, ['A']);
    const head = await store.head();
    expect(comparePositions(after, head)).toBe(-1);
    expect(await until(store, { after: head }, isCaughtUp)).toEqual([{ kind: 'caught-up', position: head }]);
  });

  it.each(['', '-1', '1.5', 'end', "0' OR true"])('refuses to start after %j', async (after) => {
    await expect(until(engine().store, { after }, isCaughtUp)).rejects.toThrow(RangeError);
  });
}

function follows(engine: Engine): void {
  it('goes on with what is appended, and says each time once that it has caught up again', async () => {
    const { store } = engine();
    const { after } = await appendInTurn(store, []);
    const appended: string[] = [];
    const messages = await until(store, { after }, async (message) => {
      if (!isCaughtUp(message)) return false;
      if (appended.length === 3) return true;
      const event = anEvent();
      appended.push(event.id);
      await store.append(anAppend({ events: [event] }));
      return false;
    });

    expect(idsIn(messages)).toEqual(appended);
    expect(messages.map(({ kind }) => kind)).toEqual(['caught-up', ...appended.flatMap(() => ['events', 'caught-up'])]);
    expectInOrder(messages);
  });

  it('moves on past events of other types, so that whoever waits for a place hears of it', async () => {
    const { store } = engine();
    const { after } = await appendInTurn(store, []);
    let other: Position | undefined;
    const messages = await until(store, { after, types: [aStream()] }, async (message) => {
      if (isCaughtUp(message) && message.position === other) return true;
      if (other === undefined) {
        const result = await store.append(anAppend());
        other = 'position' in result ? result.position : undefined;
      }
      return false;
    });
    expect(messages.map(({ kind }) => kind)).toEqual(['caught-up', 'caught-up']);
  });

  it('beside many writers never skips, repeats or reorders', async () => {
    const stores = await Promise.all(Array.from({ length: WRITERS }, () => engine().connect()));
    const { store } = engine();
    const { after } = await appendInTurn(store, []);
    const writing = Promise.all(stores.map((client) => write(client)));
    const messages = await until(
      store,
      { after },
      (_, seen) => eventsIn(seen).length >= WRITERS * APPENDS_PER_WRITER * 1.5,
    );
    await writing;

    const recorded = await store.readAll({ after, max: 2 * WRITERS * APPENDS_PER_WRITER });
    expect(eventsIn(messages)).toEqual(recorded);
    expectInOrder(messages);
  });

  it('taken up again after what was dealt with misses and repeats nothing', async () => {
    const { store } = engine();
    const { after, events } = await appendInTurn(store, Array<string>(MANY).fill('A'));
    const seen: string[] = [];
    let through = after;
    while (seen.length < MANY) {
      const [message] = await until(store, { after: through }, () => true);
      if (message?.kind !== 'events') throw new Error('It says that it has caught up, and has not');
      seen.push(...idsIn([message]));
      ({ through } = message);
    }
    expect(seen).toEqual(idsOf(events));
  });
}

function ends(engine: Engine): void {
  it('ends when its signal aborts, be it waiting, between two messages or not yet begun', async () => {
    const { store } = engine();
    const { after } = await appendInTurn(store, ['A']);
    for (const abortAt of ['caught-up', 'events', 'nothing'] as const) {
      const abort = new AbortController();
      if (abortAt === 'nothing') abort.abort();
      const kinds: string[] = [];
      for await (const { kind } of subscribeTo(store, { after, signal: abort.signal })) {
        kinds.push(kind);
        if (kind === 'events' && kind === abortAt) abort.abort();
        // By then it waits for more.
        if (kind === 'caught-up') setImmediate(() => abort.abort());
      }
      expect(kinds).toEqual({ 'caught-up': ['events', 'caught-up'], events: ['events'], nothing: [] }[abortAt]);
    }
  });
}

function survives(engine: Engine): void {
  it('that lost its connection goes on where it was', async () => {
    const { store } = engine();
    const { after, events } = await appendInTurn(store, Array<string>(MANY).fill('A'));
    const { store: client, cut } = await faultsOf(engine).connectCuttable();
    const appended = [...idsOf(events)];
    let cuts = 0;
    const messages = await until(client, { after }, async (_, seen) => {
      if (cuts === CUTS) return eventsIn(seen).length >= appended.length;
      cuts += 1;
      await cut();
      const event = anEvent();
      appended.push(event.id);
      await store.append(anAppend({ events: [event] }));
      return false;
    });

    expect(idsIn(messages)).toEqual(appended);
    expectInOrder(messages);
  });
}

type IsEnough = (message: LogMessage, seen: readonly LogMessage[]) => boolean | Promise<boolean>;

/** What a subscription says, up to the message that is enough. */
async function until(store: EventStore, options: Subscribe, isEnough: IsEnough): Promise<readonly LogMessage[]> {
  const messages: LogMessage[] = [];
  for await (const message of subscribeTo(store, options)) {
    messages.push(message);
    if (await isEnough(message, messages)) break;
  }
  return messages;
}

function isCaughtUp(message: LogMessage): message is LogMessage & { kind: 'caught-up' } {
  return message.kind === 'caught-up';
}

function eventsIn(messages: readonly LogMessage[]): readonly RecordedEvent[] {
  return messages.flatMap((message) => (message.kind === 'events' ? message.events : []));
}

function idsIn(messages: readonly LogMessage[]): readonly string[] {
  return idsOf(eventsIn(messages));
}

/** Places rise from message to message, but for the end of the log, which is named again once it is reached. */
function expectInOrder(messages: readonly LogMessage[]): void {
  const places = messages.map((message) => (message.kind === 'events' ? message.through : message.position));
  for (const [n, place] of places.entries()) {
    const [message, before] = [messages[n], messages[n - 1]];
    if (message?.kind === 'events') expect(message.events.at(-1)?.position).toBe(place);
    if (!before) continue;
    const least = message?.kind === 'caught-up' && before.kind === 'events' ? 0 : 1;
    expect(comparePositions(place, places[n - 1] ?? place)).toBeGreaterThanOrEqual(least);
  }
}

/** Appends of one event and of two, by turns. */
async function write(store: EventStore): Promise<void> {
  for (let turn = 0; turn < APPENDS_PER_WRITER; turn += 1) {
    await store.append(anAppend({ events: turn % 2 === 0 ? [anEvent()] : [anEvent(), anEvent()] }));
  }
}
