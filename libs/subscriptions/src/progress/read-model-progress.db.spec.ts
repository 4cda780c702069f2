import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import { load, MaterialTally, materialTallyMigrations, POISON } from '../material-tally.testing.js';
import { ProjectionRunner } from '../running/projection-runner.js';
import { ReadModelBehind } from '../subscriptions.errors.js';
import { appendSamples, openReadModel, type TestReadModel } from '../testing.js';
import { ReadModelProgress } from './read-model-progress.js';

const registry = { upcast: <E>(event: E) => event };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('the progress of the read model', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let progress: ReadModelProgress;
  let runner: ProjectionRunner;

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    store = new InMemoryEventStore();
    progress = new ReadModelProgress(readModel.database, [new MaterialTally()]);
    runner = new ProjectionRunner({
      store,
      registry,
      dataSource: readModel.database,
      projections: [new MaterialTally()],
      log: silent,
    });
  });
  afterEach(async () => {
    await runner.stop();
    await progress.close();
    await readModel.close();
  });

  it('lets a caller read its own write', async () => {
    runner.start();
    for (let position = 1; position <= 20; position += 1) {
      await appendSamples(store, [load('glass', 1)]);
      await progress.waitFor(`${position}`, { timeoutMs: 5_000 });
      expect(await readModel.rows('material_tally')).toMatchObject([{ loads: position }]);
    }
    expect(await progress.state()).toMatchObject([
      { name: 'material-tally', version: 1, position: '20', status: 'running' },
    ]);
  });

  it('hears of it rather than looking for it', async () => {
    // So seldom that only hearing of it can end a wait in time.
    const hearing = new ReadModelProgress(readModel.database, [new MaterialTally()], 60_000);
    runner.start();
    try {
      for (let position = 1; position <= 5; position += 1) {
        await appendSamples(store, [load('glass', 1)]);
        await hearing.waitFor(`${position}`, { timeoutMs: 30_000 });
      }
    } finally {
      await hearing.close();
    }
  });

  it('does not wait for ever', async () => {
    const attempt = progress.waitFor('1', { timeoutMs: 50 });
    await expect(attempt).rejects.toBeInstanceOf(ReadModelBehind);
    await expect(attempt).rejects.toMatchObject({
      code: 'read-model-behind',
      details: { position: '1', behind: [{ name: 'material-tally', position: null, status: 'not-started' }] },
    });
  });

  it('does not wait for a projection that has stopped', async () => {
    runner.start();
    await appendSamples(store, [load('glass', 1), POISON]);
    await eventually(async () => {
      expect(await progress.state()).toMatchObject([{ status: 'stopped', position: '1' }]);
    });
    await progress.waitFor('1', { timeoutMs: 60_000 });
    await expect(progress.waitFor('2', { timeoutMs: 60_000 })).rejects.toMatchObject({
      behind: [{ name: 'material-tally', position: '1', status: 'stopped' }],
    });
  });

  it('can wait for some projections only, and knows which there are', async () => {
    await progress.waitFor('5', { timeoutMs: 1_000, projections: [] });
    await expect(progress.waitFor('5', { timeoutMs: 1_000, projections: ['nothing'] })).rejects.toThrow(RangeError);
  });

  it('tells followers, also when notifications are lost', async () => {
    let told = 0;
    const unfollow = progress.onAdvanced(() => (told += 1));
    runner.start();
    await appendSamples(store, [load('glass', 1)]);
    await eventually(() => expect(told).toBeGreaterThan(0));

    // Moved without a notification, as when the listening connection is away.
    await eventually(() => expect(runner.state()).toMatchObject([{ position: '1' }]));
    await runner.stop();
    const before = told;
    await readModel.database.query('UPDATE projection_checkpoint SET position = 7');
    await eventually(() => expect(told).toBeGreaterThan(before));
    unfollow();
  });

  it('tells the others although one of those who follow fails, and lives on', async () => {
    Logger.overrideLogger(false);
    let told = 0;
    const unfollow = [
      progress.onAdvanced(() => {
        throw new Error('a follower with a defect');
      }),
      progress.onAdvanced(() => (told += 1)),
    ];
    runner.start();
    await appendSamples(store, [load('glass', 1)]);
    await progress.waitFor('1', { timeoutMs: 10_000 });
    await eventually(() => expect(told).toBeGreaterThan(1));
    for (const stop of unfollow) stop();
  });

  it('listens again when its connection was cut', async () => {
    runner.start();
    await progress.waitFor('0', { timeoutMs: 5_000 });
    const listeners = async () =>
      readModel.database.query<{ pid: number }[]>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'mizan listener' AND datname = current_database()`,
      );
    const [listener] = await eventually(async () => {
      const found = await listeners();
      expect(found).toHaveLength(1);
      return found;
    });
    await readModel.database.query('SELECT pg_terminate_backend($1)', [listener!.pid]);
    await eventually(async () => {
      const [again] = await listeners();
      expect(again).toBeDefined();
      expect(again!.pid).not.toBe(listener!.pid);
    });
  });
});
