import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import { checkpoints } from '../checkpoint/checkpoint.js';
import { CATCH_UP_EVENTS_MAX } from '../log/log-reader.js';
import { type LoadEvent, load, MaterialTally, materialTallyMigrations, POISON } from '../material-tally.testing.js';
import { type Recorded, type Transaction } from '../projection.js';
import { ProjectionRunner } from '../running/projection-runner.js';
import { PoisonEvent, RebuildUnderWay, UnsupportedTable } from '../subscriptions.errors.js';
import { appendSamples, openReadModel, type SampleEvent, type TestReadModel } from '../testing.js';
import { Bell } from '../waiting/bell.js';
import { type RebuildProgress } from './aside-fold.js';
import { rebuildProjection } from './rebuild-projection.js';
import { verifyProjection } from './verify-projection.js';

const registry = { upcast: <E>(event: E) => event };
/** Longer than anything here takes, so that only what is waited for ends a wait. */
const WAIT_MS_MAX = 30_000;

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('a projection', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let runner: ProjectionRunner;
  const tally = new MaterialTally();

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    store = new InMemoryEventStore();
    runner = new ProjectionRunner({ ...source(), projections: [tally], log: silent });
    runner.start();
  });
  afterEach(async () => {
    await runner.stop();
    await readModel.close();
  });

  const source = () => ({ store, registry, dataSource: readModel.database });
  const weigh = (...samples: SampleEvent<LoadEvent>[]) => appendSamples<LoadEvent>(store, samples);
  const weighMany = (loads: number, grams = 1) => weigh(...Array.from({ length: loads }, () => load('glass', grams)));
  const caughtUp = () =>
    eventually(async () => {
      expect(runner.state()).toMatchObject([{ position: await store.head(), lagEvents: 0 }]);
    });
  const schemas = async () => {
    const found = await readModel.database.query<{ nspname: string }[]>(
      `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read_model%' ORDER BY nspname`,
    );
    return found.map(({ nspname }) => nspname);
  };
  const definitions = () =>
    readModel.database.query<unknown[]>(
      `SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = 'material_tally'::regclass
       UNION SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE conrelid = 'material_tally'::regclass ORDER BY 1`,
    );
  const connected = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: readModel.url, options: '-c search_path=read_model' });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };

  describe('that is rebuilt', () => {
    it('serves what the log leads to, in tables that migrations find as they made them', async () => {
      await weighMany(5_000);
      await caughtUp();
      await readModel.database.query('UPDATE material_tally SET grams = 0');
      const before = await definitions();

      const rebuild = await rebuildProjection(source(), tally);

      expect(rebuild).toEqual({ position: '5000', eventsApplied: 5_000 });
      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '5000', loads: 5_000 }]);
      expect(await definitions()).toEqual(before);
      expect(before).toHaveLength(8);
      expect(await schemas()).toEqual(['read_model']);
    });

    it('equals the live one while events keep arriving and readers keep reading', async () => {
      await weighMany(3_000);
      await caughtUp();
      const stop = new AbortController();
      let setbacks = 0;
      const traffic = (async () => {
        for (let last = 0; !stop.signal.aborted;) {
          await weighMany(20);
          const [row] = await readModel.rows('material_tally');
          const now = Number(row?.['grams'] ?? 0);
          if (now < last) setbacks += 1;
          last = now;
        }
      })();
      for (let round = 0; round < 5; round += 1) await rebuildProjection(source(), tally);
      stop.abort();
      await traffic;
      await caughtUp();

      const events = store.all().length;
      expect(events).toBeGreaterThan(3_000);
      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: `${events}`, loads: events }]);
      // A reader never saw an emptied or an older set of rows.
      expect(setbacks).toBe(0);
    });

    it('tells how it is getting on', async () => {
      const all = CATCH_UP_EVENTS_MAX + 500;
      await weighMany(all);
      const told: RebuildProgress[] = [];
      await rebuildProjection(source(), tally, { onProgress: (progress) => told.push(progress) });
      const target = `${all}`;
      expect(told[0]).toMatchObject({ position: `${CATCH_UP_EVENTS_MAX}`, target, eventsApplied: CATCH_UP_EVENTS_MAX });
      expect(told[0]!.secondsRemaining).not.toBeNull();
      // At the end of the log it tells so once more for each time that it has to wait for the tables.
      for (const end of told.slice(1)) {
        expect(end).toMatchObject({ position: target, target, eventsApplied: all, secondsRemaining: 0 });
      }
      expect(told.length).toBeGreaterThan(1);
    });

    it('is left as it was when the rebuild is aborted or cannot apply an event', async () => {
      const all = CATCH_UP_EVENTS_MAX + 500;
      await weighMany(all);
      await caughtUp();
      await readModel.database.query('UPDATE material_tally SET grams = 42');
      const stop = new AbortController();
      const aborted = rebuildProjection(source(), tally, { onProgress: () => stop.abort(), signal: stop.signal });
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });

      await weigh(POISON);
      const failed = await rebuildProjection(source(), tally).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(PoisonEvent);
      expect(failed).toMatchObject({ position: `${all + 1}`, eventId: store.all()[all]!.id });

      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '42' }]);
      expect(await schemas()).toEqual(['read_model']);
    });

    it('has one rebuild at a time; what a killed one left is dropped by the next', async () => {
      await weighMany(10);
      class KillsItself extends MaterialTally {
        override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
          await super.project(batch, tx);
          await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
        }
      }
      await expect(rebuildProjection(source(), new KillsItself())).rejects.toThrow();
      expect(await schemas()).toEqual(['read_model', 'read_model_rebuild_1']);

      let refused: unknown;
      class AsksForAnother extends MaterialTally {
        override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
          refused = await rebuildProjection(source(), tally).catch((error: unknown) => error);
          await super.project(batch, tx);
        }
      }
      await rebuildProjection(source(), new AsksForAnother());
      expect(refused).toBeInstanceOf(RebuildUnderWay);
      expect(await schemas()).toEqual(['read_model']);
    });

    it('waits for a reader that is still reading, and does not hold up the others meanwhile', async () => {
      await weighMany(10);
      await caughtUp();
      await connected(async (reader) => {
        await reader.query('BEGIN');
        await reader.query('SELECT * FROM material_tally');
        let done = false;
        const rebuilding = rebuildProjection(source(), tally).then(() => (done = true));
        await eventually(async () => {
          const [waiting] = await readModel.database.query<unknown[]>(`SELECT FROM pg_locks WHERE NOT granted`);
          expect(waiting).toBeDefined();
        });
        expect(await readModel.rows('material_tally')).toHaveLength(1);
        expect(done).toBe(false);
        await reader.query('COMMIT');
        await rebuilding;
      });
    });

    it('is left as it was when the rebuild is killed while its tables are taking their place', async () => {
      await weighMany(10);
      await caughtUp();
      await readModel.database.query('UPDATE material_tally SET grams = 42');
      await connected(async (reader) => {
        await reader.query('BEGIN');
        await reader.query('SELECT * FROM load_journal');
        const rebuilding = rebuildProjection(source(), tally).catch((error: unknown) => error);
        // The first table has been replaced by then, the second is being read.
        const backend = await eventually(async () => {
          const [waiting] = await readModel.database.query<{ pid: number }[]>(
            `SELECT pid FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'
             AND relation = 'read_model.load_journal'::regclass`,
          );
          expect(waiting).toBeDefined();
          return waiting!.pid;
        });
        await readModel.database.query('SELECT pg_terminate_backend($1)', [backend]);
        expect(await rebuilding).toBeInstanceOf(Error);
        await reader.query('COMMIT');
      });
      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '42' }]);
      expect(await checkpoints(readModel.database)).toMatchObject([{ position: '10', version: 1 }]);
      await weighMany(1);
      await caughtUp();
      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '43' }]);
      await rebuildProjection(source(), tally);
      expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '11' }]);
      expect(await schemas()).toEqual(['read_model']);
    });

    it('serves and advances in its version while a newer one is being filled, until that takes its place', async () => {
      const [begun, mayFinish] = [new Bell(), new Bell()];
      class Second extends MaterialTally {
        override readonly version = 2;

        override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
          await super.project(batch, tx);
          begun.ring();
          await mayFinish.wait(WAIT_MS_MAX);
        }
      }
      await weighMany(10);
      await caughtUp();
      const filling = begun.wait(WAIT_MS_MAX);
      const newer = new ProjectionRunner({ ...source(), projections: [new Second()], log: silent });
      newer.start();
      try {
        await filling;
        await weighMany(5);
        await caughtUp();
        expect(newer.state()).toMatchObject([{ status: 'rebuilding' }]);
        expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '15' }]);
        expect(await checkpoints(readModel.database)).toMatchObject([{ version: 1, position: '15' }]);
        await eventually(async () => {
          mayFinish.ring();
          expect(await checkpoints(readModel.database)).toMatchObject([{ version: 2, position: '15' }]);
        });
        expect(await readModel.rows('material_tally')).toMatchObject([{ grams: '15' }]);
      } finally {
        const stopped = newer.stop();
        mayFinish.ring();
        await stopped;
      }
    });

    it('must own plain tables', async () => {
      await readModel.database.query('CREATE VIEW heavy AS SELECT * FROM material_tally WHERE grams > 1000');
      const refused = await rebuildProjection(source(), tally).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(UnsupportedTable);
      expect(refused).toMatchObject({ details: { table: 'material_tally', findings: ['view heavy'] } });
      await readModel.database.query('DROP VIEW heavy');
      await readModel.database.query('ALTER TABLE load_journal ADD line bigint GENERATED ALWAYS AS IDENTITY');
      await expect(rebuildProjection(source(), tally)).rejects.toThrow('identity column line');
      expect(await schemas()).toEqual(['read_model']);
    });
  });

  describe('that is verified', () => {
    it('matches, also while events keep arriving', async () => {
      await weighMany(2_500);
      await caughtUp();
      const stop = new AbortController();
      const traffic = (async () => {
        while (!stop.signal.aborted) {
          await weighMany(20);
          await readModel.rows('material_tally');
        }
      })();
      for (let round = 0; round < 5; round += 1) {
        expect(await verifyProjection(source(), tally)).toMatchObject({ matches: true });
      }
      stop.abort();
      await traffic;
      expect(await schemas()).toEqual(['read_model']);
    });

    it('shows rows that the log does not lead to, and rows that are missing', async () => {
      await weigh(load('glass', 5), load('paper', 7));
      await caughtUp();
      await readModel.database.query(`UPDATE material_tally SET grams = 9007199254740993 WHERE material = 'glass'`);
      await readModel.database.query(`DELETE FROM load_journal WHERE grams = 7`);
      const id = store.all()[1]!.id;

      expect(await verifyProjection(source(), tally)).toEqual({
        name: 'material-tally',
        position: '2',
        matches: false,
        parkedEvents: 0,
        tables: [
          {
            table: 'material_tally',
            rows: 2,
            onlyServed: {
              count: 1,
              samples: ['{"grams": 9007199254740993, "loads": 1, "material": "glass", "municipality_id": "beitillu"}'],
            },
            onlyRebuilt: {
              count: 1,
              samples: ['{"grams": 5, "loads": 1, "material": "glass", "municipality_id": "beitillu"}'],
            },
          },
          {
            table: 'load_journal',
            rows: 1,
            onlyServed: { count: 0, samples: [] },
            onlyRebuilt: { count: 1, samples: [`{"grams": 7, "event_id": "${id}", "municipality_id": "beitillu"}`] },
          },
        ],
      });
      // It looks, it does not mend.
      expect(await readModel.rows('load_journal')).toHaveLength(1);
      expect(await checkpoints(readModel.database)).toMatchObject([{ position: '2', version: 1 }]);
    });

    it('must be the version that serves', async () => {
      class Second extends MaterialTally {
        override readonly version = 2;
      }
      await weigh(load('glass', 5));
      await caughtUp();
      await expect(verifyProjection(source(), new Second())).rejects.toMatchObject({ code: 'projection-not-served' });
    });

    it('is told apart from a log that ends before it, instead of being read for ever', async () => {
      await weighMany(10);
      await caughtUp();
      await runner.stop();
      const emptied = { ...source(), store: new InMemoryEventStore() };
      await expect(verifyProjection(emptied, tally)).rejects.toMatchObject({ code: 'checkpoint-beyond-log' });
    });
  });
});
