import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { type Contexts } from '#composition';
import { aggregateOf, EventRegistry, eventStoreMigrations, PostgresEventStore } from '#event-store';
import { type Fold } from '#kernel';
import { migrate, openDatabase } from '#platform';
import { parkEvent, ProjectionRunner, subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';
import { appendSamples, type SampleEvent } from '#subscriptions/testing';
import {
  load,
  MaterialTally,
  materialTallyMigrations,
  POISON,
} from '../../../libs/subscriptions/src/material-tally.testing.js';
import { eventually } from '../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { EXIT, runCli } from './cli.js';
import { COMMANDS } from './commands.js';

interface PlateWeighed {
  readonly type: 'PlateWeighed';
  readonly data: { readonly grams: string };
}

/** What was put on a plate: more grams than a JSON number holds, and a Set. */
const plate: Fold<{ readonly grams: bigint; readonly seen: ReadonlySet<string> }, PlateWeighed> = {
  initialState: { grams: 0n, seen: new Set() },
  evolve: ({ grams, seen }, { data }) => ({ grams: grams + BigInt(data.grams), seen: new Set(seen).add(data.grams) }),
};

const contexts: Contexts = {
  projections: [new MaterialTally()],
  eventTypes: [
    { type: 'LoadWeighed', schemaVersion: 1 },
    { type: 'LoadVoided', schemaVersion: 1 },
    { type: 'PlateWeighed', schemaVersion: 2, upcasters: [({ kilograms }) => ({ grams: `${Number(kilograms)}000` })] },
  ],
  aggregates: [aggregateOf('plate', plate)],
  migrations: {
    core: [...eventStoreMigrations, ...subscriptionsMigrations],
    readModel: [...subscriptionsReadModelMigrations, ...materialTallyMigrations],
  },
};

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const HUGE = '9007199254740993';

describe('what was known', () => {
  let test: TestDatabase;
  let database: DataSource;
  let store: PostgresEventStore;
  /** When each event was recorded, by its position. */
  let recordedAt: readonly string[];

  beforeAll(async () => {
    test = await startTestDatabase();
    await migrate(test.url, contexts.migrations);
    database = await openDatabase(test.url);
    store = await PostgresEventStore.open(test.url);
    await happened(load('glass', 500));
    await happened({ type: 'LoadWeighed', data: { material: 'paper, "white"', grams: 7 } });
    await happened({ type: 'PlateWeighed', data: { kilograms: 2 }, schemaVersion: 1, stream: 'plate-1' });
    await happened(load('glass', 40));
    await happened({ type: 'PlateWeighed', data: { grams: HUGE }, schemaVersion: 2, stream: 'plate-1' });
    recordedAt = (await store.readAll({ after: '0', max: 10 })).map((event) => event.recordedAt);
    await project();
  });
  afterAll(async () => {
    await store.close();
    await database.destroy();
    await test.stop();
  });

  /** One after the other, each in a millisecond of its own. */
  const happened = async (event: SampleEvent) => {
    const [last] = (await store.readAll({ after: '0', max: 10 })).slice(-1);
    await eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(last?.recordedAt ?? '1970-01-01')));
    await appendSamples(store, [event]);
  };
  const project = async () => {
    const registry = new EventRegistry(contexts.eventTypes);
    const parts = { store, registry, dataSource: database, projections: contexts.projections, log: silent };
    const runner = new ProjectionRunner(parts);
    runner.start();
    const head = await store.head();
    await eventually(() => expect(runner.state()).toMatchObject([{ position: head }])).finally(() => runner.stop());
  };
  const mizan = async (words: readonly string[], signal = new AbortController().signal) => {
    const [printed, told]: [string[], string[]] = [[], []];
    const code = await runCli(words, COMMANDS, {
      env: { DATABASE_URL: test.url },
      contexts,
      print: (text) => printed.push(text),
      tell: (text) => told.push(text),
      signal,
    });
    return { code, printed: printed.join('\n'), told: told.join('\n') };
  };
  const show = (...words: string[]) =>
    mizan(['projections', 'show', 'material-tally', '--table', 'material_tally', ...words]);

  describe('of a projection', () => {
    it('is shown as it is served, with the position of what is served', async () => {
      const { code, printed, told } = await show();
      expect(code).toBe(EXIT.done);
      expect(told).toBe('material-tally v1, material_tally: as known at position 5 of 5');
      expect(printed.split('\n')).toEqual([
        'municipality_id  material        grams  loads',
        'beitillu         glass             540      2',
        'beitillu         paper, "white"      7      1',
      ]);
    });

    it('is shown as it was at a position, in the order of the key', async () => {
      const { code, printed, told } = await show('--as-of', '3', '--format', 'csv');
      expect(code).toBe(EXIT.done);
      expect(told).toBe('material-tally v1, material_tally: as known at position 3 of 5');
      expect(printed).toBe(
        'municipality_id,material,grams,loads\nbeitillu,glass,500,1\nbeitillu,"paper, ""white""",7,1',
      );
      expect((await show('--as-of', '0', '--format', 'csv')).printed).toBe('municipality_id,material,grams,loads');
    });

    it('is shown as it was at a time: what was recorded in that millisecond is in it', async () => {
      const gramsAt = async (instant: string) => {
        const { printed } = await show('--as-of', instant, '--format', 'csv', '--where', 'material=glass');
        return printed.split('\n')[1]?.split(',')[2];
      };
      const [, , , again = ''] = recordedAt;
      expect(await gramsAt(again)).toBe('540');
      expect(await gramsAt(new Date(Date.parse(again) - 1).toISOString())).toBe('500');
      expect(await gramsAt('2020-01-01T00:00:00+02:00')).toBeUndefined();
      expect(await gramsAt(new Date().toISOString())).toBe('540');
    });

    it('is one JSON document that says what it is of, with amounts as texts', async () => {
      const { printed } = await show('--format', 'json', '--as-of', '4', '--limit', '1');
      expect(JSON.parse(printed)).toEqual({
        projection: 'material-tally',
        table: 'material_tally',
        position: '4',
        version: 1,
        rows: [{ municipality_id: 'beitillu', material: 'glass', grams: '540', loads: 2 }],
      });
      expect(JSON.parse((await show('--format', 'json', '--where', 'loads=9')).printed)).toMatchObject({ rows: [] });
    });

    it.each([
      [['--as-of', '2026-03-01'], 'A day alone does not say when it ends'],
      [['--as-of', '2026-03-01T10:00:00'], 'with its offset from UTC'],
      [['--as-of', '2026-02-30T10:00:00Z'], 'with its offset from UTC'],
      [['--as-of', 'yesterday'], 'give a position of the log, or a time'],
      [['--as-of', '2999-01-01T00:00:00Z'], 'nobody knows yet'],
      [['--as-of', '6'], 'the log ends at position 5'],
      [['--table', 'projection_checkpoint'], 'There are: material_tally, load_journal'],
      [['--where', 'loads'], 'give a column and its value'],
      [['--where', 'weight=1'], 'material_tally has no column weight. It has: municipality_id, material, grams, loads'],
      [['--where', 'grams=many', '--format', 'csv'], 'grams is bigint'],
      [['--where', `1=1; DROP TABLE material_tally --=1`], 'has no column 1'],
      [['--format', 'xml'], '--format is one of table, csv, json'],
      [['--limit', '0'], '--limit is a whole number'],
      [['another'], 'Give the name of one projection'],
    ])('is refused, and nothing printed: %j', async (words, reason) => {
      const { code, printed, told } = await show(...words);
      expect({ code, printed }).toEqual({ code: EXIT.usage, printed: '' });
      expect(told).toContain(reason);
    });

    it('needs to know the table where there are several', async () => {
      const { code, told } = await mizan(['projections', 'show', 'material-tally']);
      expect(code).toBe(EXIT.usage);
      expect(told).toContain('has several tables: give --table. There are: material_tally, load_journal.');
    });

    it('can be stopped', async () => {
      const words = ['projections', 'show', 'material-tally', '--table', 'load_journal', '--as-of', '3'];
      expect(await mizan(words, AbortSignal.abort())).toMatchObject({ code: EXIT.interrupted, printed: '' });
      const schemas = `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read_model_%'`;
      expect(await database.query<unknown[]>(schemas)).toEqual([]);
    });
  });

  describe('of a stream', () => {
    it('is its events as they read today, and its state', async () => {
      const { code, printed } = await mizan(['streams', 'show', 'plate-1']);
      expect(code).toBe(EXIT.done);
      expect(printed).toContain(
        `0: PlateWeighed v2, by system, recorded ${recordedAt[2] ?? ''} at position 3\n{\n  "grams": "2000"`,
      );
      expect(printed.split('State:\n')[1]).toBe(
        JSON.stringify({ grams: '9007199254742993', seen: ['2000', HUGE] }, null, 2),
      );
    });

    it('is what had been recorded by then', async () => {
      const { printed } = await mizan(['streams', 'show', 'plate-1', '--as-of', recordedAt[3] ?? '', '--json']);
      expect(JSON.parse(printed)).toMatchObject({
        stream: 'plate-1',
        position: '4',
        events: [{ position: '3', revision: 0, metadata: { actor: 'system' } }],
        state: { grams: '2000', seen: ['2000'] },
      });
    });

    it('is nothing before its first event', async () => {
      expect(await mizan(['streams', 'show', 'plate-1', '--as-of', '2'])).toEqual({
        code: EXIT.wrong,
        printed: '',
        told: 'plate-1 has no events up to position 2; its first is at position 3.',
      });
      expect(await mizan(['streams', 'show', 'plate-2'])).toMatchObject({
        code: EXIT.wrong,
        told: 'plate-2 has no events up to position 5.',
      });
    });

    it.each([
      [['bowl-1'], 'There are no streams like bowl-1. There are: plate-<id>.'],
      [[], 'Give the name of one stream'],
      [['plate-1', 'plate-2'], 'Give the name of one stream'],
    ])('is refused: %j', async (words, reason) => {
      const { code, told } = await mizan(['streams', 'show', ...words]);
      expect(code).toBe(EXIT.usage);
      expect(told).toContain(reason);
    });
  });

  describe('of an event', () => {
    it('is what was recorded, and what it reads as today', async () => {
      const { code, printed } = await mizan(['log', 'show', '3']);
      expect(code).toBe(EXIT.done);
      const [stored = '', today = ''] = printed.split('\nIt reads today, as version 2:\n');
      expect(JSON.parse(stored)).toMatchObject({ position: '3', schemaVersion: 1, data: { kilograms: 2 } });
      expect(JSON.parse(today)).toEqual({ grams: '2000' });
      expect(await mizan(['log', 'show', 'plate-1', '0'])).toEqual({ code, printed, told: '' });
      expect((await mizan(['log', 'show', '5'])).printed).not.toContain('reads today');
    });

    it.each([
      [['6'], EXIT.wrong, 'There is no event at 6.'],
      [['plate-1', '2'], EXIT.wrong, 'There is no event at plate-1 2.'],
      [['0'], EXIT.usage, 'Give a position'],
      [['plate-1'], EXIT.usage, 'Give a position'],
      [['plate-1', 'x'], EXIT.usage, 'Give a position'],
      [[], EXIT.usage, 'Give a position'],
    ])('is not there: %j', async (words, expected, reason) => {
      const { code, printed, told } = await mizan(['log', 'show', ...words]);
      expect({ code, printed }).toEqual({ code: expected, printed: '' });
      expect(told).toContain(reason);
    });
  });

  it('is shown without what is parked, and says so', async () => {
    await happened(POISON);
    const registry = new EventRegistry(contexts.eventTypes);
    const parts = { store, registry, dataSource: database, projections: contexts.projections, log: silent };
    const runner = new ProjectionRunner(parts);
    runner.start();
    await eventually(() => expect(runner.state()).toMatchObject([{ status: 'stopped' }])).finally(() => runner.stop());
    expect(await show('--as-of', '6')).toMatchObject({ code: EXIT.failed, printed: '' });

    const [poison] = await store.readAll({ after: '5', max: 1 });
    const eventId = poison?.id ?? '';
    await parkEvent(database, {
      projection: 'material-tally',
      eventId,
      by: 'Rana',
      reason: 'weighed without a material',
    });
    expect(await show('--as-of', '6', '--where', 'material=glass')).toMatchObject({
      code: EXIT.done,
      told: `material-tally v1, material_tally: as known at position 6 of 6, without the parked event ${eventId}`,
    });
    expect((await show('--as-of', '5')).told).not.toContain('parked');
  });
});
