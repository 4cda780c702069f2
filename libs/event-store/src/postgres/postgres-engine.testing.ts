import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { startTestDatabase } from '../../../../test/support/test-database.js';
import { shareOf } from '../append-shares.js';
import { anAppend } from '../contract/sample-events.js';
import { type CuttableClient, type EngineUnderTest, type StalledWriter } from '../contract/engine-under-test.js';
import { type Append } from '../event-store.js';
import { eventStoreMigrations } from '../migrations/index.js';
import { prepareAppend } from '../prepared-append.js';
import { appendStatement } from './append-statement.js';
import { LossyProxy } from './lossy-proxy.testing.js';
import { PostgresEventStore, type PostgresEventStoreOptions } from './postgres-event-store.js';

/** The PostgreSQL engine on an empty database of its own, with what tests do to it. */
export class PostgresEngine implements EngineUnderTest {
  private readonly clients: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly url: string,
    readonly store: PostgresEventStore,
    private readonly admin: Client,
    private readonly stopDatabase: () => Promise<void>,
  ) {}

  static async open(): Promise<PostgresEngine> {
    const database = await startTestDatabase();
    await migrateEventLog(database.url);
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    return new PostgresEngine(database.url, await PostgresEventStore.open(database.url), admin, database.stop);
  }

  readonly connect = async (options: PostgresEventStoreOptions = {}, url = this.url): Promise<PostgresEventStore> => {
    const store = await PostgresEventStore.open(url, options);
    this.clients.push(() => store.close());
    return store;
  };

  readonly faults = {
    connectLosingAnAnswer: async (): Promise<PostgresEventStore> => {
      const { store, proxy } = await this.connectThroughProxy();
      // Its connection for writing exists from now on, so that the answer lost is that of an append.
      await store.append(anAppend());
      proxy.loseNextAnswer();
      return store;
    },

    connectCuttable: async (): Promise<CuttableClient> => {
      const { store, proxy } = await this.connectThroughProxy();
      return { store, cut: proxy.cut };
    },

    stallWriter: async (append: Append): Promise<StalledWriter> => {
      const client = new Client({ connectionString: this.url });
      await client.connect();
      await client.query('BEGIN');
      await client.query(appendStatement([shareOf([prepareAppend(append)])]));
      const finish = async (end: string) => {
        await client.query(end);
        await client.end();
      };
      return { commit: () => finish('COMMIT'), giveUp: () => finish('ROLLBACK') };
    },
  };

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.admin.query(sql, [...values]);
    return rows as readonly Row[];
  }

  private async connectThroughProxy(): Promise<{ readonly store: PostgresEventStore; readonly proxy: LossyProxy }> {
    const proxy = await LossyProxy.start(this.url);
    this.clients.push(() => proxy.stop());
    return { store: await this.connect({}, proxy.url), proxy };
  }

  readonly closeClients = async (): Promise<void> => {
    for (const close of this.clients.splice(0).toReversed()) await close();
  };

  readonly close = async (): Promise<void> => {
    await this.closeClients();
    await this.store.close();
    await this.admin.end();
    await this.stopDatabase();
  };
}

/** Runs the log's migrations as an application does. */
export async function migrateEventLog(url: string): Promise<void> {
  const database = new DataSource({ type: 'postgres', url, migrations: [...eventStoreMigrations] });
  await database.initialize();
  await database.runMigrations();
  await database.destroy();
}
