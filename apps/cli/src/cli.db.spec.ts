import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { type Contexts } from '#composition';
import { EventRegistry, eventStoreMigrations, PostgresEventStore } from '#event-store';
import { migrate, openDatabase } from '#platform';
import { ProjectionRunner, subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';
import { appendSamples } from '#subscriptions/testing';
import {
  type LoadEvent,
  load,
  MaterialTally,
  materialTallyMigrations,
  POISON,
} from '../../../libs/subscriptions/src/material-tally.testing.js';
import { eventually } from '../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { EXIT, runCli } from './cli.js';
import { COMMANDS } from './commands.js';

const contexts: Contexts = {
  projections: [new MaterialTally()],
  eventTypes: [
    { type: 'LoadWeighed', schemaVersion: 1 },
    { type: 'LoadVoided', schemaVersion: 1 },
  ],
  aggregates: [],
  migrations: {
    core: [...eventStoreMigrations, ...subscriptionsMigrations],
    readModel: [...subscriptionsReadModelMigrations, ...materialTallyMigrations],
  },
};

describe('the command line', () => {
  let test: TestDatabase;
  let database: DataSource;
  let store: PostgresEventStore;
  let runner: ProjectionRunner;

  beforeEach(async () => {
    test = await startTestDatabase();
    await migrate(test.url, contexts.migrations);
    database = await openDatabase(test.url);
    store = await PostgresEventStore.open(test.url);
    const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
    const registry = new EventRegistry(contexts.eventTypes);
    runner = new ProjectionRunner({
      store,
      registry,
      dataSource: database,
      projections: contexts.projections,
      log: silent,
    });
    runner.start();
  });
  afterEach(async () => {
    await runner.stop();
    await store.close();
    await database.destroy();
    await test.stop();
  });

  const mizan = async (line: string, signal = new AbortController().signal) => {
    const [printed, told]: [string[], string[]] = [[], []];
    const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
    const code = await runCli(words, COMMANDS, {
      env: { DATABASE_URL: test.url },
      contexts,
      print: (text) => printed.push(text),
      tell: (text) => told.push(text),
      signal,
    });
    return { code, printed: printed.join('\n'), told: told.join('\n') };
  };
  const weighed = async (count: number) => {
    await appendSamples<LoadEvent>(
      store,
      Array.from({ length: count }, () => load('glass', 100)),
    );
    await caughtUp();
  };
  const caughtUp = () =>
    eventually(async () => {
      const head = await store.head();
      expect(runner.state()).toMatchObject([{ position: head }]);
    });
  const grams = () => database.query<unknown[]>('SELECT grams FROM material_tally');

  it('explains itself', async () => {
    const { code, printed } = await mizan('--help');
    expect(code).toBe(EXIT.done);
    for (const { name } of COMMANDS) {
      expect(printed).toContain(name);
      expect(await mizan(`${name} --help`)).toMatchObject({ code: EXIT.done, told: '' });
    }
    expect(await mizan('')).toMatchObject({ code: EXIT.usage, printed });
  });

  it.each([
    ['projections', 'There is no command "projections"'],
    ['projections paint', 'There is no command "projections paint"'],
    ['projections list --colour', "Unknown option '--colour'"],
    ['projections rebuild', 'Give the name of a projection, or --all'],
    ['projections verify material-tally --all', 'not both'],
    ['projections rebuild credit', 'There is no projection credit. There are: material-tally.'],
    ['projections reset', 'add --yes'],
    ['projections park', 'Give the name of one projection'],
    ['projections park material-tally --event 42', 'Give the id of the event'],
    ['projections park material-tally --event 00000000-0000-7000-8000-000000000001', 'Say why'],
    ['projections unpark material-tally another', 'Give the name of one projection'],
  ])('refuses `%s`', async (line, reason) => {
    const { code, told, printed } = await mizan(line);
    expect({ code, printed }).toEqual({ code: EXIT.usage, printed: '' });
    expect(told).toContain(reason);
  });

  it('lists projections', async () => {
    await weighed(1_234);
    const { code, printed } = await mizan('projections list');
    expect(code).toBe(EXIT.done);
    expect(printed).toMatch(
      /NAME +VERSION +STATUS +POSITION +BEHIND +PARKED +LED BY +MOVED AT\nmaterial-tally +v1 +running +1,234 +0 +0 .+:\d+ +20/,
    );
    expect(JSON.parse((await mizan('projections list --json')).printed)).toMatchObject({
      head: '1234',
      projections: [{ name: 'material-tally', version: 1, status: 'running', position: '1234', behind: '0' }],
    });
  });

  it('shows why a projection has stopped, and lets it try again', async () => {
    expect(await mizan('projections retry material-tally')).toMatchObject({
      printed: 'material-tally: has not stopped',
    });
    await appendSamples(store, [POISON]);
    await eventually(async () => {
      expect((await mizan('projections list')).printed).toMatch(
        / stopped .*material-tally stopped: .*materials_have_names/s,
      );
    });
    await database.query('ALTER TABLE material_tally DROP CONSTRAINT materials_have_names');
    expect(await mizan('projections retry --all')).toMatchObject({ printed: 'material-tally: tries again' });
    await caughtUp();
  });

  it('parks the event at which a projection stopped, shows that it is left out, and takes it back', async () => {
    await appendSamples(store, [load('glass', 100), POISON]);
    const eventId = await eventually(async () => {
      const { projections } = JSON.parse((await mizan('projections list --json')).printed) as {
        projections: readonly { status: string; failedEventId: string }[];
      };
      expect(projections).toMatchObject([{ status: 'stopped' }]);
      return projections[0]!.failedEventId;
    });
    const park = `projections park material-tally --event ${eventId} --by Rana`;
    expect(await mizan(`${park} --reason "because"`)).toMatchObject({
      code: EXIT.failed,
      told: 'A reason of 10 to 1000 characters must be given',
    });
    expect(await mizan(`${park} --reason "a test of the scale"`)).toMatchObject({
      code: EXIT.done,
      printed: `material-tally: leaves out event ${eventId} and goes on`,
    });
    await caughtUp();
    expect((await mizan('projections list')).printed).toMatch(/material-tally +v1 +running +2 +0 +1 /);
    expect(await mizan('projections verify --all')).toMatchObject({
      code: EXIT.done,
      printed: 'material-tally: 2 rows match the log at position 2 without 1 parked',
    });

    await database.query('ALTER TABLE material_tally DROP CONSTRAINT materials_have_names');
    const { printed } = await mizan(`projections unpark material-tally --event ${eventId}`);
    expect(printed).toContain('projections rebuild material-tally');
    expect(await mizan('projections verify --all')).toMatchObject({ code: EXIT.wrong });
    await mizan('projections rebuild material-tally');
    expect(await mizan('projections verify --all')).toMatchObject({ code: EXIT.done });
  });

  it('finds rows that the log does not lead to, and mends them', async () => {
    await weighed(10);
    expect(await mizan('projections verify --all')).toMatchObject({
      code: EXIT.done,
      printed: 'material-tally: 11 rows match the log at position 10',
    });
    await database.query('UPDATE material_tally SET grams = 1');
    const { code, printed } = await mizan('projections verify material-tally');
    expect(code).toBe(EXIT.wrong);
    expect(printed).toMatch(/DIFFERS .*not lead to: 1\n.*"grams": 1,.*not served: 1\n.*"grams": 1000,/s);

    expect(await mizan('projections rebuild material-tally')).toMatchObject({
      code: EXIT.done,
      printed: 'material-tally: rebuilt from 10 events, serves position 10',
    });
    expect(await grams()).toEqual([{ grams: '1000' }]);
  });

  it('stops when asked to, and leaves what serves as it was', async () => {
    await weighed(10);
    await database.query('UPDATE material_tally SET grams = 1');
    expect(await mizan('projections rebuild --all', AbortSignal.abort())).toMatchObject({ code: EXIT.interrupted });
    expect(await grams()).toEqual([{ grams: '1' }]);
  });

  it('throws the read model away, and a running projector fills it again', async () => {
    await weighed(10);
    await database.query('DROP TABLE load_journal');
    expect(await mizan('projections reset --yes')).toMatchObject({ code: EXIT.done, told: '' });
    await eventually(async () => expect(await grams()).toEqual([{ grams: '1000' }]));
    expect(await mizan('projections verify --all')).toMatchObject({ code: EXIT.done });
  });

  it('checks that the log is complete', async () => {
    await weighed(6_000);
    expect(await mizan('log check')).toEqual({
      code: EXIT.done,
      printed: 'max(position) = 6,000, count(*) = 6,000: complete',
      told: '',
    });
    await database.query('ALTER TABLE event_log.event DISABLE TRIGGER ALL');
    await database.query('DELETE FROM event_log.event WHERE position = 42');
    expect(await mizan('log check')).toMatchObject({
      code: EXIT.wrong,
      printed: 'position 43 follows 41\nmax(position) = 6,000, count(*) = 5,999: INCOMPLETE',
    });
  });

  it('says what to do where there is no installation, or no database', async () => {
    const surroundings = { contexts, print: () => undefined, signal: new AbortController().signal };
    const told: string[] = [];
    const run = (env: Record<string, string>) =>
      runCli(['projections', 'list'], COMMANDS, { ...surroundings, env, tell: (line) => told.push(line) });
    expect(await run({ MIZAN_DATA: '/nonexistent/mizan' })).toBe(EXIT.failed);
    expect(told.join('\n')).toContain('Set DATABASE_URL');
    expect(await run({ DATABASE_URL: 'postgres://127.0.0.1:1/none' })).toBe(EXIT.failed);
    expect(told.at(-1)).toContain('ECONNREFUSED');
    const empty = await startTestDatabase();
    expect(await run({ DATABASE_URL: empty.url })).toBe(EXIT.failed);
    expect(told.at(-1)).toContain('The first start of Mizan on a database makes its tables');
    await empty.stop();
  });
});
