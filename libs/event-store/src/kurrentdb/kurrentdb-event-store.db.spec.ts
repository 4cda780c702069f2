import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { startTestDatabase } from '../../../../test/support/test-database.js';
import { StoreUnavailable } from '../event-store.errors.js';
import { START, type Append } from '../event-store.js';
import { migrateEventLog } from '../postgres/postgres-engine.testing.js';
import { prepareAppend } from '../prepared-append.js';
import { anAppend, anEvent, eventStoreContract } from '../testing.js';
import { ClaimIndex } from './claim-index.js';
import { LateServer, LostAnswer } from './faulty-clients.testing.js';
import { loadClient, type ClientFactory } from './kurrentdb-client.js';
import { KurrentDbEngine } from './kurrentdb-engine.testing.js';
import { KurrentDbEventStore } from './kurrentdb-event-store.js';
import { KurrentDbTooOld, LogDiffersFromIndex } from './kurrentdb.errors.js';
import { SimulatedServer } from './simulated-server.testing.js';

const TRAITS = { gapless: false, canFail: true };
for (const version of ['24.6.0', '26.0.1']) {
  const { factory } = new SimulatedServer(version);
  suites(`the log on a simulated server ${version}`, () => Promise.resolve(factory));
}

/** A real one is not there on every machine. */
const url = process.env['KURRENTDB_URL'];
if (url !== undefined) suites('the log on KurrentDB', () => loadClient(url));

function suites(name: string, makeFactory: () => Promise<ClientFactory>): void {
  eventStoreContract(name, async () => KurrentDbEngine.open(await makeFactory()), TRAITS);
  ofThisEngine(name, makeFactory);
}

/** What this engine promises beyond what every engine does. */
function ofThisEngine(name: string, makeFactory: () => Promise<ClientFactory>): void {
  describe(name, () => {
    let factory: ClientFactory;
    let engine: KurrentDbEngine;

    beforeAll(async () => {
      factory = await makeFactory();
      engine = await KurrentDbEngine.open(factory);
    });
    afterAll(async () => {
      await engine.close();
    });

    passesOverOthers(() => engine);
    bringsItsIndexUpToDate(() => engine);
    settlesClaims(() => engine);
    ridesOverFailures(() => engine);
  });
}

function otherContent(append: Append): Append {
  return { ...append, events: append.events.map((event) => ({ ...event, data: { netGrams: 7 } })) };
}

function passesOverOthers(engine: () => KurrentDbEngine): void {
  it('passes over what other applications, other installations and the server itself have written', async () => {
    const { store, factory } = engine();
    const before = await store.head();
    const type = `Type${uuidv7()}`;
    const others = { id: uuidv7(), contentType: 'application/json', type, data: { a: 1 }, metadata: { of: 'others' } };
    const client = factory.newClient();
    await client.appendToStream(`others-${uuidv7()}`, [others as never], { streamState: 'no_stream' });
    await client.dispose();
    const neighbour = await KurrentDbEngine.open(factory);
    await neighbour.store.append(anAppend({ events: [anEvent({ type })] }));
    expect(await store.head()).toBe(before);

    const append = anAppend({ events: [anEvent({ type })] });
    await store.append(append);
    const recorded = await store.readStream(append.stream);
    expect(await store.readAll({ after: before, max: 10 })).toEqual(recorded);
    expect(await store.readAll({ after: before, max: 1, types: [type] })).toEqual(recorded);
    expect(await neighbour.store.readAll({ after: START, max: 10 })).toHaveLength(1);
    await neighbour.close();
  });

  it('takes the names of types literally', async () => {
    const { store } = engine();
    const [strange, other] = ['A.b|(c)* [d]\n', 'Aab|(c)* [d]\n'].map((type) => anEvent({ type }));
    const after = await store.head();
    for (const event of [strange, other]) if (event) await store.append(anAppend({ events: [event] }));
    const read = await store.readAll({ after, max: 10, types: [strange?.type ?? ''] });
    expect(read.map(({ id }) => id)).toEqual([strange?.id]);
  });

  it('says so when a position lies between two events, as one of another engine does', async () => {
    await engine().store.append(anAppend());
    await expect(engine().store.readAll({ after: '1', max: 1 })).rejects.toThrow(RangeError);
  });
}

function bringsItsIndexUpToDate(engine: () => KurrentDbEngine): void {
  it('knows every event id again when the database is new', async () => {
    const [append, long] = [anAppend(), anAppend({ events: [anEvent(), anEvent(), anEvent()] })];
    const [first, second] = await engine().store.appendBatch([append, long]);
    const database = await startTestDatabase();
    await migrateEventLog(database.url);

    const store = await engine().connect({}, database.url);

    expect(await store.append(append)).toEqual({ ...first, outcome: 'duplicate' });
    expect(await store.append({ ...long, expected: 'any' })).toEqual({ ...second, outcome: 'duplicate' });
    expect(await store.append(otherContent(append))).toMatchObject({ error: { code: 'content-differs' } });
    const [recorded] = await store.readStream(append.stream);
    expect(await store.positionAt(recorded?.recordedAt ?? '')).toBe(
      second?.outcome === 'appended' ? second.position : '',
    );
    await database.stop();
  });

  it('is not opened on another log than the one that its database knows', async () => {
    await engine().store.append(anAppend());
    await expect(engine().connect({ log: 'another' })).rejects.toThrow(LogDiffersFromIndex);
  });

  it('knows where a part of an append is', async () => {
    const { store } = engine();
    const append = anAppend({ events: [anEvent(), anEvent(), anEvent()] });
    await store.append(append);
    const recorded = await store.readStream(append.stream);
    const repeat = await store.append({ ...append, events: append.events.slice(0, 2) });
    expect(repeat).toEqual({ outcome: 'duplicate', position: recorded[1]?.position, revision: 1 });
  });
}

/** What is left by a process that was killed between two steps. */
function settlesClaims(engine: () => KurrentDbEngine): void {
  async function claim(append: Append, firstRevision: number): Promise<void> {
    const index = new ClaimIndex(engine().databaseUrl, 1);
    await index.claim([{ append: prepareAppend(append), firstRevision }], Date.now());
    await index.close();
  }
  const grow = (append: Append) =>
    engine().query(`UPDATE event_log.claimed_event SET claimed_at = now() - interval '2 minutes' WHERE id = $1`, [
      append.events[0]?.id,
    ]);

  it('writes what was claimed and never sent when it is repeated', async () => {
    const { store } = engine();
    const append = anAppend({ events: [anEvent(), anEvent()] });
    await claim(append, 0);
    const repeat = await store.append(append);
    const recorded = await store.readStream(append.stream);
    expect(recorded.map(({ id }) => id)).toEqual(append.events.map(({ id }) => id));
    expect(repeat).toEqual({ outcome: 'duplicate', position: recorded[1]?.position, revision: 1 });
  });

  it('finds what was sent and not noted, whoever asks', async () => {
    const { store } = engine();
    const appends = [anAppend(), anAppend({ events: [anEvent(), anEvent()] })];
    const first = await store.appendBatch(appends);
    await engine().query('UPDATE event_log.claimed_event SET position = NULL WHERE stream = ANY ($1)', [
      appends.map(({ stream }) => stream),
    ]);

    const [one, two] = appends;
    if (!one || !two) throw new Error('There are two');
    expect(await store.append(otherContent(one))).toMatchObject({ error: { code: 'content-differs' } });
    expect(await store.append({ ...two, expected: 'any' })).toEqual({ ...first[1], outcome: 'duplicate' });
    expect(await store.append(one)).toEqual({ ...first[0], outcome: 'duplicate' });
  });

  it('frees an event id whose claim lost its place to another append', async () => {
    const { store } = engine();
    const lost = anAppend();
    await store.append(anAppend({ stream: lost.stream }));
    await claim(lost, 0);
    const elsewhere = anAppend({ events: lost.events });
    expect(await store.append(elsewhere)).toMatchObject({ outcome: 'appended' });
  });

  it('frees an event id that was claimed long ago and never written', async () => {
    const { store } = engine();
    const abandoned = anAppend();
    await claim(abandoned, 0);
    await grow(abandoned);
    expect(await store.append(otherContent(abandoned))).toMatchObject({ outcome: 'appended' });
  });

  it('claims anew where the stream has moved on', async () => {
    const { store } = engine();
    const append = anAppend({ expected: 'any' });
    await store.append(anAppend({ stream: append.stream }));
    await claim(append, 0);
    expect(await store.append(append)).toMatchObject({ outcome: 'appended', revision: 1 });
  });
}

function ridesOverFailures(engine: () => KurrentDbEngine): void {
  it('sends an append again when its answer is lost, and it is written once', async () => {
    const answers = new LostAnswer();
    const store = await engine().connectWith(answers);
    await store.append(anAppend());
    answers.arm();
    const append = anAppend({ events: [anEvent(), anEvent()] });
    expect(await store.append(append)).toMatchObject({ outcome: 'appended', revision: 1 });
    expect(await store.readStream(append.stream)).toHaveLength(2);
  });

  it('waits for a server that is not there yet, and says so once', async () => {
    const notices: string[] = [];
    const store = await engine().connectWith(new LateServer(3), { onNotice: (line) => notices.push(line) });
    expect(notices.filter((line) => line.startsWith('Waiting'))).toHaveLength(1);
    expect(notices.at(-1)).toContain(store.capabilities.engine);
  });
}

describe('a server', () => {
  const nowhere = 'postgres://mizan@127.0.0.1:1/mizan';

  it.each(['21.10.0', '5.0.8', 'unknown'])('of version %s is refused', async (version) => {
    const { factory } = new SimulatedServer(version);
    await expect(KurrentDbEventStore.openWith(factory, nowhere)).rejects.toThrow(KurrentDbTooOld);
  });

  it('that is not there is unavailable, and is named without its password', async () => {
    const url = 'kurrentdb://admin:secret@127.0.0.1:1?tls=false';
    const opening = KurrentDbEventStore.open(url, nowhere, { openMsMax: 0 });
    await expect(opening).rejects.toThrow(StoreUnavailable);
    await expect(opening).rejects.toThrow(/^KurrentDB at 127\.0\.0\.1:1 is not available/);
  });
});
