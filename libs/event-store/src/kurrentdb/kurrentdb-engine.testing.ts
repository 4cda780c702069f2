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
  private readonly cleanUps: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly factory: ClientFactory,
    readonly databaseUrl: string,
    readonly log: string,
    readonly store: KurrentDbEventStore,
    private readonly admin: Client,
  ) {}

  static async open(factory: ClientFactory): Promise<KurrentDbEngine> {
    const database = await startTestDatabase();
    await migrateEventLog(database.url);
    const log = `test${randomBytes(8).toString('hex')}`;
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    const store = await KurrentDbEventStore.openWith(factory, database.url, { log, poolSize: POOL_SIZE });
    const engine = new KurrentDbEngine(factory, database.url, log, store, admin);
    engine.cleanUps.push(
      database.stop,
      () => admin.end(),
      () => store.close(),
    );
    return engine;
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

  readonly close = async (): Promise<void> => {
    for (const cleanUp of this.cleanUps.splice(0).toReversed()) await cleanUp();
  };

  private with(options: KurrentDbEventStoreOptions): KurrentDbEventStoreOptions {
    return { log: this.log, poolSize: POOL_SIZE, ...options };
  }

  private keep(store: KurrentDbEventStore): KurrentDbEventStore {
    this.cleanUps.push(() => store.close());
    return store;
  }
}
