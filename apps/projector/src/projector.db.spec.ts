import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type Contexts } from '#composition';
import { eventStoreMigrations, PostgresEventStore } from '#event-store';
import { NoDatabase, openDatabase, Settings } from '#platform';
import { subscriptionsMigrations, subscriptionsReadModelMigrations } from '#subscriptions';
import { appendSamples } from '#subscriptions/testing';
import {
  type LoadEvent,
  load,
  MaterialTally,
  materialTallyMigrations,
} from '../../../libs/subscriptions/src/material-tally.testing.js';
import { eventually } from '../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Projector } from './projector.js';

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

describe('the projector process', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  let test: TestDatabase;
  beforeEach(async () => {
    test = await startTestDatabase();
  });
  afterEach(() => test.stop());

  const start = () => Projector.start(Settings.fromEnvironment({ DATABASE_URL: test.url }), contexts);
  const sql = async (statement: string) => {
    const database = await openDatabase(test.url);
    try {
      return await database.query<unknown[]>(statement);
    } finally {
      await database.destroy();
    }
  };
  const weigh = async (grams: number) => {
    const store = await PostgresEventStore.open(test.url);
    await appendSamples<LoadEvent>(store, [load('glass', grams)]);
    await store.close();
  };
  const served = (grams: string) =>
    eventually(async () => expect(await sql('SELECT grams FROM material_tally')).toEqual([{ grams }]));

  it('makes the database, follows the log, and goes on after a restart', async () => {
    const first = await start();
    await weigh(5);
    await served('5');
    expect(first.state()).toMatchObject([{ name: 'material-tally', status: 'following', position: '1' }]);
    await first.stop();
    await weigh(7);
    const second = await start();
    await served('12');
    await second.stop();
  });

  it('fills again what was dropped while nothing ran', async () => {
    const first = await start();
    await weigh(5);
    await served('5');
    await first.stop();
    await sql('DROP TABLE material_tally');
    const second = await start();
    await served('5');
    await second.stop();
  });

  it('needs to be told its database', async () => {
    await expect(Projector.start(Settings.fromEnvironment({}), contexts)).rejects.toBeInstanceOf(NoDatabase);
  });
});
