import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startTestDatabase } from '../../../../test/support/test-database.js';
import { anAppend } from '../contract/sample-events.js';
import { type CuttableClient, type EngineUnderTest } from '../contract/engine-under-test.js';
import { migrateEventLog } from '../postgres/postgres-engine.testing.js';
import { CutClients, LostAnswer, type FaultyClients } from './faulty-clients.testing.js';
import { type ClientFactory } from './kurrentdb-client.js';
import { KurrentDbEventStore, type KurrentDbEventStoreOptions } from './kurrentdb-event-store.js';

/** The contract opens many clients, and all tests share one PostgreSQL. */
const POOL_SIZE = 1;

/** The KurrentDB engine with a log of its own on a server, and an index of its own. */
export class KurrentDbEngine implements EngineUnderTest {
  private readonly clients: KurrentDbEventStore[] = [];

  private constructor(
    readonly factory: ClientFactory,
    readonly databaseUrl: string,
    readonly log: string,
    readonly store: KurrentDbEventStore,
    private readonly admin: Client,
    private readonly stopDatabase: () => Promise<void>,
  ) {}

  static async open(factory: ClientFactory): Promise<KurrentDbEngine> {
    const database = await startTestDatabase();
    await migrateEventLog(database.url);
    const log = `test${randomBytes(8).toString('hex')}`;
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    const store = await KurrentDbEventStore.openWith(factory, database.url, { log, poolSize: POOL_SIZE });
    return new KurrentDbEngine(factory, database.url, log, store, admin, database.stop);
  }

  readonly connect = async (
    options: KurrentDbEventStoreOptions = {},
    databaseUrl = this.databaseUrl,
  ): Promise<KurrentDbEventStore> =>
    this.keep(await KurrentDbEventStore.openWith(this.factory, databaseUrl, this.with(options)));

  async connectWith(faulty: FaultyClients, options: KurrentDbEventStoreOptions = {}): Promise<KurrentDbEventStore> {
    const { hosts, newClient } = this.factory;
    const factory = { hosts, newClient: () => faulty.on(newClient()) };
    return this.keep(await KurrentDbEventStore.openWith(factory, this.databaseUrl, this.with(options)));
  }

  readonly faults = {
    connectLosingAnAnswer: async (): Promise<KurrentDbEventStore> => {
      const answers = new LostAnswer();
      const store = await this.connectWith(answers, { rideMsMax: 0 });
      // The first append of a client goes alone; from now on several share a connection.
      await store.append(anAppend());
      answers.arm();
      return store;
    },

    connectCuttable: async (): Promise<CuttableClient> => {
      const clients = new CutClients();
      return { store: await this.connectWith(clients), cut: clients.cut };
    },
  };

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.admin.query(sql, [...values]);
    return rows as readonly Row[];
  }

  readonly closeClients = async (): Promise<void> => {
    for (const client of this.clients.splice(0)) await client.close();
  };

  readonly close = async (): Promise<void> => {
    await this.closeClients();
    await this.store.close();
    await this.admin.end();
    await this.stopDatabase();
  };

  private with(options: KurrentDbEventStoreOptions): KurrentDbEventStoreOptions {
    return { log: this.log, poolSize: POOL_SIZE, ...options };
  }

  private keep(store: KurrentDbEventStore): KurrentDbEventStore {
    this.clients.push(store);
    return store;
  }
}
