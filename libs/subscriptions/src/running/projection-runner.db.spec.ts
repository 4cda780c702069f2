import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type EventStore,
  PostgresEventStore,
  eventStoreMigrations,
  type ReadAll,
  StoreUnavailable,
} from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { migrate } from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { checkpoints } from '../checkpoint/checkpoint.js';
import {
  type LoadEvent,
  load,
  MaterialTally,
  materialTallyMigrations,
  POISON,
  voided,
} from '../material-tally.testing.js';
import { parkEvent, retryProjection } from '../parking/parked-events.js';
import { surveyProjections } from '../progress/projection-survey.js';
import { type Projection, type Recorded, type Transaction } from '../projection.js';
import { appendSamples, openReadModel, type SampleEvent, type TestReadModel } from '../testing.js';
import { Bell } from '../waiting/bell.js';
import { ProjectionRunner } from './projection-runner.js';

const WAIT_MS_MAX = 10_000;

const registry = { upcast: <E>(event: E) => event };

class Written {
  readonly lines: string[] = [];
  readonly log = (message: unknown) => void this.lines.push(`log ${String(message)}`);
  readonly warn = (message: unknown) => void this.lines.push(`warn ${String(message)}`);
  readonly error = (message: unknown) => void this.lines.push(`error ${String(message)}`);
}

/** The same tally under another name, on tables of its own would be too much: it owns none and counts in memory. */
class LoadCount implements Projection<LoadEvent> {
  readonly name = 'load-count';
  readonly version = 1;
  readonly tables = [];
  readonly handles = ['LoadWeighed'] as const;
  counted = 0;

  project(batch: readonly Recorded<LoadEvent>[]): Promise<void> {
    this.counted += batch.length;
    return Promise.resolve();
  }
}

describe('the projection runner', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let written: Written;
  let runners: ProjectionRunner[];

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    store = new InMemoryEventStore();
    written = new Written();
    runners = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await readModel.close();
  });

  const run = (projections: readonly Projection[] = [new MaterialTally()], log: EventStore = store) => {
    const runner = new ProjectionRunner({
      store: log,
      registry,
      dataSource: readModel.database,
      projections,
      log: written,
    });
    runner.start();
    runners.push(runner);
    return runner;
  };
  const weigh = (...samples: SampleEvent<LoadEvent>[]) => appendSamples<LoadEvent>(store, samples);
  const reaches = (runner: ProjectionRunner, position: string) =>
    eventually(() => {
      for (const state of runner.state()) expect(state).toMatchObject({ position, lagEvents: 0, lagSeconds: 0 });
    });
  const tally = () => readModel.rows('material_tally');
  const row = (material: string, grams: string, loads: number) => ({
    municipality_id: 'beitillu',
    material,
    grams,
    loads,
  });

  it('folds what was recorded before it started, and what comes after', async () => {
    await weigh(load('glass', 1_200), load('paper', 300));
    const runner = run();
    await reaches(runner, '2');
    expect(runner.state()).toMatchObject([{ status: 'following', eventsApplied: 2, error: null }]);

    await weigh(load('glass', 800), voided('paper', 300));
    await reaches(runner, '4');
    expect(await tally()).toEqual([row('glass', '2000', 2), row('paper', '0', 0)]);
  });

  it('goes on where the last one stopped', async () => {
    await weigh(load('glass', 1));
    const first = run();
    await reaches(first, '1');
    await first.stop();
    await weigh(load('glass', 2));
    const second = run();
    await reaches(second, '2');
    expect(second.state()).toMatchObject([{ eventsApplied: 1 }]);
    expect(await tally()).toEqual([row('glass', '3', 2)]);
  });

  it('finishes the batch under way when it is stopped', async () => {
    const [underWay, mayFinish] = [new Bell(), new Bell()];
    class Slow extends MaterialTally {
      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        underWay.ring();
        await mayFinish.wait(WAIT_MS_MAX);
        await super.project(batch, tx);
      }
    }
    await weigh(load('glass', 7));
    const begun = underWay.wait(WAIT_MS_MAX);
    const runner = run([new Slow()]);
    await begun;
    const stopped = runner.stop();
    mayFinish.ring();
    await stopped;
    expect(await tally()).toEqual([row('glass', '7', 1)]);
    expect(await checkpoints(readModel.database)).toMatchObject([{ position: '1' }]);
  });

  it('passes over what nobody handles, so that its position can be waited for', async () => {
    const runner = run();
    await appendSamples(store, [{ type: 'SomethingElse', data: {} }]);
    await reaches(runner, '1');
    await weigh(load('glass', 1));
    await appendSamples(
      store,
      Array.from({ length: 1_200 }, () => ({ type: 'SomethingElse', data: {} })),
    );
    await reaches(runner, '1202');
    expect(await tally()).toEqual([row('glass', '1', 1)]);
  });

  it('applies each event once although connections are cut as checkpoints move', async () => {
    // A sequence counts on when a transaction is rolled back.
    await readModel.database.query(`
      CREATE SEQUENCE moves;
      CREATE FUNCTION cut_every_other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('moves') % 2 = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER cut BEFORE UPDATE ON projection_checkpoint FOR EACH ROW EXECUTE FUNCTION cut_every_other()`);
    const runner = run();
    for (let grams = 1; grams <= 3; grams += 1) {
      await weigh(load('glass', grams));
      await reaches(runner, `${grams}`);
    }
    expect(await tally()).toEqual([row('glass', '6', 3)]);
    expect(await readModel.database.query('SELECT last_value FROM moves')).toEqual([{ last_value: '6' }]);
  });

  it('applies each event once although transactions are cut off at any place', async () => {
    let attempts = 0;
    class CutOff extends MaterialTally {
      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        attempts += 1;
        // Before anything is written, after everything is written, and not at all, in turn.
        if (attempts % 3 === 1) await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
        await super.project(batch, tx);
        if (attempts % 3 === 2) await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
      }
    }
    const runner = run([new CutOff()]);
    for (let grams = 1; grams <= 3; grams += 1) {
      await weigh(load('glass', grams));
      await reaches(runner, `${grams}`);
    }
    expect(await tally()).toEqual([row('glass', '6', 3)]);
    expect(attempts).toBe(9);
  });

  it('stops only the projection that cannot apply an event, and says which', async () => {
    const count = new LoadCount();
    await weigh(...Array.from({ length: 99 }, () => load('glass', 1)), POISON, load('paper', 5));
    const [poison] = store.all().slice(99, 100);
    const runner = run([new MaterialTally(), count]);

    await eventually(() => {
      expect(runner.state()).toMatchObject([
        { name: 'material-tally', status: 'stopped', position: '99', lagEvents: 2, failedEventId: poison!.id },
        { name: 'load-count', status: 'following', position: '101', lagEvents: 0 },
      ]);
    });
    expect(count.counted).toBe(101);
    // What came before it is there, and nothing after it.
    expect(await tally()).toEqual([row('glass', '99', 99)]);
    const [, stopped] = await eventually(async () => {
      const all = await checkpoints(readModel.database);
      expect(all[1]?.status).toBe('stopped');
      return all;
    });
    expect(stopped).toMatchObject({ position: '99', failedPosition: '100', failedEventId: poison!.id });
    expect(stopped!.error).toMatch(/LoadWeighed at position 100.*materials_have_names/);
    expect(written.lines).toContainEqual(expect.stringMatching(/^error material-tally stopped: Event .* position 100/));
  });

  it('goes on when a person releases a stopped projection whose cause is gone', async () => {
    await weigh(POISON);
    const runner = run();
    await eventually(async () => {
      expect(await checkpoints(readModel.database)).toMatchObject([{ status: 'stopped' }]);
    });
    await readModel.database.query('ALTER TABLE material_tally DROP CONSTRAINT materials_have_names');
    expect(await retryProjection(readModel.database, 'material-tally')).toBe(true);
    await reaches(runner, '1');
    expect(await checkpoints(readModel.database)).toMatchObject([{ status: 'running', error: null, position: '1' }]);
    expect(await retryProjection(readModel.database, 'material-tally')).toBe(false);
  });

  it('gets over a log that cannot be read for a while', async () => {
    let away = true;
    class Interrupted extends InMemoryEventStore {
      override readAll(options: ReadAll) {
        return away ? Promise.reject(new StoreUnavailable('away')) : super.readAll(options);
      }
    }
    const log = new Interrupted();
    await appendSamples<LoadEvent>(log, [load('glass', 1)]);
    const runner = run([new MaterialTally()], log);
    await eventually(() => {
      expect(runner.state()).toMatchObject([{ status: 'retrying', error: 'away', lagEvents: 1 }]);
    });
    expect(runner.state()[0]!.lagSeconds).toBeGreaterThan(0);
    away = false;
    await reaches(runner, '1');
    expect(written.lines).toEqual([
      'warn material-tally cannot go on for now: away',
      'log material-tally goes on at position 1',
    ]);
  });

  it('fills the read model again when somebody throws it away under it', async () => {
    await weigh(load('glass', 7));
    const runner = run();
    await reaches(runner, '1');
    await readModel.database.query('DELETE FROM projection_checkpoint');
    await eventually(async () => {
      expect(await checkpoints(readModel.database)).toMatchObject([{ position: '1' }]);
    });
    // Rows that nobody remembers having folded were not counted twice.
    expect(await tally()).toEqual([row('glass', '7', 1)]);
  });

  it('fills a new version beside the old one, and keeps its hands off a newer one', async () => {
    class Second extends MaterialTally {
      override readonly version = 2;
    }
    await weigh(load('glass', 7));
    const old = run();
    await reaches(old, '1');
    await readModel.database.query(`UPDATE material_tally SET grams = 1`);
    const current = run([new Second()]);
    await eventually(async () => {
      expect(await checkpoints(readModel.database)).toMatchObject([{ version: 2, position: '1' }]);
      expect(old.state()).toMatchObject([{ status: 'superseded' }]);
    });
    await weigh(load('glass', 1));
    await reaches(current, '2');
    expect(await tally()).toEqual([row('glass', '8', 2)]);
    expect(old.state()).toMatchObject([{ status: 'superseded', eventsApplied: 1 }]);
  });

  describe('of which a newer version cannot apply an event', () => {
    let attempts: number;
    class Second extends MaterialTally {
      override readonly version = 2;

      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        if (batch.some(({ data }) => data.material === 'paper')) {
          attempts += 1;
          throw new Error('a defect of the new version');
        }
        await super.project(batch, tx);
      }
    }
    const stopped = async () => (await surveyProjections(readModel.database))[0]?.stoppedRebuild;

    /** It looks whether it may go on: seen while what it looks at is held. */
    const looksAgain = () =>
      readModel.database.transaction(async (holder) => {
        await holder.query('SELECT FROM stopped_rebuild FOR UPDATE');
        await eventually(async () => {
          // Not on the connection that holds it: a transaction sees the others as they were when it first asked.
          const looking = await readModel.database.query<object[]>(
            `SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%stopped_rebuild%'`,
          );
          expect(looking).toHaveLength(1);
        });
      });

    beforeEach(async () => {
      attempts = 0;
      await weigh(load('glass', 7), load('paper', 5));
    });

    it('goes on in the old one; the new one has stopped once and for all, and says so beside it', async () => {
      const old = run();
      await reaches(old, '2');
      const current = run([new Second()]);
      const [, paper] = store.all();
      await eventually(async () => {
        expect(await stopped()).toMatchObject({ version: 2, failedPosition: '2', failedEventId: paper!.id });
      });
      const before = attempts;
      await weigh(load('glass', 1));
      await reaches(old, '3');
      expect(await checkpoints(readModel.database)).toMatchObject([{ version: 1, position: '3', status: 'running' }]);
      expect(current.state()).toMatchObject([{ status: 'stopped', failedEventId: paper!.id }]);
      expect(await tally()).toEqual([row('glass', '8', 2), row('paper', '5', 1)]);

      await looksAgain();
      expect(attempts).toBe(before);
      expect(await retryProjection(readModel.database, 'material-tally')).toBe(true);
      await eventually(() => expect(attempts).toBeGreaterThan(before));
    });

    it('is filled without that event once a person has parked it', async () => {
      const old = run();
      await reaches(old, '2');
      await old.stop();
      run([new Second()]);
      await eventually(async () => expect(await stopped()).toBeTruthy());
      const parking = { projection: 'material-tally', eventId: store.all()[1]!.id, by: 'Rana' };
      await parkEvent(readModel.database, { ...parking, reason: 'until the defect is repaired' });
      await eventually(async () => {
        expect(await checkpoints(readModel.database)).toMatchObject([{ version: 2, position: '2', status: 'running' }]);
      });
      expect(await tally()).toEqual([row('glass', '7', 1)]);
      expect(await stopped()).toBeNull();
    });
  });

  it('says so when the log ends before what it has folded', async () => {
    await weigh(load('glass', 1), load('glass', 2));
    const first = run();
    await reaches(first, '2');
    await first.stop();
    const restored = new InMemoryEventStore();
    const runner = run([new MaterialTally()], restored);
    await eventually(() => {
      expect(runner.state()).toMatchObject([{ status: 'retrying', error: expect.stringContaining('rebuild it') }]);
    });
  });

  describe('goes on, and the process with it, although', () => {
    it('the log throws where it may not, and what it throws cannot be put in words', async () => {
      let defects = 3;
      class Defective extends InMemoryEventStore {
        override onAppended(wake: () => void) {
          if ((defects -= 1) >= 0) throw Object.create(null) as Error;
          return super.onAppended(wake);
        }
      }
      const log = new Defective();
      await appendSamples<LoadEvent>(log, [load('glass', 1)]);
      await reaches(run([new MaterialTally()], log), '1');
      expect(defects).toBe(-1);
    });

    it('a projection throws what cannot be put in words, and nobody can write it down', async () => {
      let defects = 2;
      class Defective extends MaterialTally {
        override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
          if ((defects -= 1) >= 0) throw Object.create(null) as Error;
          await super.project(batch, tx);
        }
      }
      const broken = () => {
        throw new Error('the log of the process is broken');
      };
      Object.assign(written, { log: broken, warn: broken, error: broken });
      await weigh(load('glass', 1));
      await reaches(run([new Defective()]), '1');
      expect(await tally()).toEqual([row('glass', '1', 1)]);
    });

    it('every connection to the database is cut, again and again', async () => {
      const runner = run();
      for (let round = 1; round <= 3; round += 1) {
        await readModel.database.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
        await weigh(load('glass', 1));
        await reaches(runner, `${round}`);
      }
      expect(await tally()).toEqual([row('glass', '3', 3)]);
    });
  });

  it('follows the PostgreSQL log', async () => {
    await migrate(readModel.url, { core: eventStoreMigrations, readModel: [] });
    const log = await PostgresEventStore.open(readModel.url);
    try {
      await appendSamples<LoadEvent>(
        log,
        Array.from({ length: 600 }, () => load('glass', 2)),
      );
      const runner = run([new MaterialTally()], log);
      await reaches(runner, '600');
      await appendSamples<LoadEvent>(log, [load('paper', 1)]);
      await reaches(runner, '601');
      expect(await tally()).toEqual([row('glass', '1200', 600), row('paper', '1', 1)]);
      await runner.stop();
    } finally {
      await log.close();
    }
  });

  it('refuses two projections of one name', () => {
    expect(() => run([new MaterialTally(), new MaterialTally()])).toThrow('two projections named material-tally');
  });
});
