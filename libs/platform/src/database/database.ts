import { DataSource, type MigrationInterface } from 'typeorm';

export type Migration = new () => MigrationInterface;

/** Holds nothing but folds of the log and can be dropped at any time. */
export const READ_MODEL_SCHEMA = 'read_model';

const POOL_SIZE = 10;

/**
 * Connects to PostgreSQL. Tables named without a schema are read-model tables; everything else is named in full.
 * Nothing is mapped to entities: TypeORM is the pool, the transactions and the migrations.
 */
export function openDatabase(url: string, options: { readonly poolSize?: number } = {}): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: options.poolSize ?? POOL_SIZE,
    extra: {
      // What ingest answers a scale must survive a crash, whatever the server's default is.
      options: `-c search_path=${READ_MODEL_SCHEMA} -c synchronous_commit=on`,
      application_name: 'mizan',
    },
  }).initialize();
}

export interface Migrations {
  /** Of what is true: the log, evidence, accounts. */
  readonly core: readonly Migration[];
  /** Of what is derived. Their own table of applied migrations lies in the read-model schema and goes with it. */
  readonly readModel: readonly Migration[];
}

/** Brings a database up to date. Several processes may do it at once: one works, the others wait and find it done. */
export async function migrate(url: string, { core, readModel }: Migrations): Promise<void> {
  const lock = await openDatabase(url, { poolSize: 1 });
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtext('mizan migrations'))`);
    await lock.query('CREATE SCHEMA IF NOT EXISTS mizan');
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${READ_MODEL_SCHEMA}`);
    await runMigrations(url, 'mizan', core);
    await runMigrations(url, READ_MODEL_SCHEMA, readModel);
  } finally {
    await lock.destroy();
  }
}

/** Throws every read model away; the next `migrate` and projector bring them back from the log. */
export async function dropReadModel(database: DataSource): Promise<void> {
  await database.query(`DROP SCHEMA IF EXISTS ${READ_MODEL_SCHEMA} CASCADE`);
}

async function runMigrations(url: string, schema: string, migrations: readonly Migration[]): Promise<void> {
  const database = await new DataSource({
    type: 'postgres',
    url,
    schema,
    poolSize: 1,
    migrations: [...migrations],
    migrationsTableName: 'applied_migration',
    migrationsTransactionMode: 'each',
    extra: { options: `-c search_path=${schema}` },
  }).initialize();
  try {
    await database.runMigrations();
  } finally {
    await database.destroy();
  }
}
