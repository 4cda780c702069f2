import { type DataSource, type QueryRunner } from 'typeorm';
import { identifier } from '../database/identifier.js';
import { inTransactionOn, type Isolation, Session } from '../database/transaction.js';
import { type Projection, type Transaction } from '../projection.js';
import { RebuildUnderWay, TooManyRebuilds } from '../subscriptions.errors.js';
import { copyTable } from './copy-table.js';
import { currentSchema, searchIn } from './search-path.js';

const SCHEMA_PREFIX = 'read_model_rebuild_';

/** Rebuilds and verifications that may be under way in one database at a time. */
const ASIDES_MAX = 16;

/** First keys of advisory locks, "MZRB" and "MZRC". The second is the hash of a name. */
const SCHEMA_LOCKS = 0x4d5a5242;
const PROJECTION_LOCKS = 0x4d5a5243;

/**
 * A second, empty set of a projection's tables in a schema of its own, beside those that serve. It belongs to one
 * connection, whose advisory lock says that it is in use: a schema nobody holds the lock of was left by a process that
 * was killed, and is dropped by whoever comes next.
 */
export class AsideTables {
  private constructor(
    /** The schema that serves. */
    readonly live: string,
    readonly schema: string,
    private readonly runner: QueryRunner,
  ) {}

  /**
   * @param use `to-replace` for the only one that may take the place of the tables that serve
   * @throws UnsupportedTable, RebuildUnderWay, TooManyRebuilds
   */
  static async open(
    dataSource: DataSource,
    projection: Pick<Projection, 'name' | 'tables'>,
    use: 'to-replace' | 'to-compare',
  ): Promise<AsideTables> {
    const runner = dataSource.createQueryRunner();
    const session = new Session(runner);
    try {
      if (use === 'to-replace' && !(await tryLock(session, PROJECTION_LOCKS, projection.name))) {
        throw new RebuildUnderWay(projection.name);
      }
      const live = await currentSchema(session);
      await dropLeftovers(session);
      const schema = await lockFreeSchema(session);
      await inTransactionOn(runner, async (tx) => {
        await tx.query(`CREATE SCHEMA ${identifier(schema)}`);
        for (const table of projection.tables) await copyTable(tx, { table, from: live, to: schema });
      });
      return new AsideTables(live, schema, runner);
    } catch (error) {
      await giveBack(runner);
      throw error;
    }
  }

  /** A transaction in which tables named without a schema are those of this set. */
  inTransaction<T>(work: (tx: Transaction) => Promise<T>, isolation?: Isolation): Promise<T> {
    return inTransactionOn(
      this.runner,
      async (tx) => {
        await searchIn(tx, this.schema);
        return work(tx);
      },
      isolation,
    );
  }

  /** Drops what is left of it and gives the connection back. Never rejects: the next one to open cleans up. */
  async close(): Promise<void> {
    await dropSchema(new Session(this.runner), this.schema).catch(() => undefined);
    await giveBack(this.runner);
  }
}

async function lockFreeSchema(session: Transaction): Promise<string> {
  for (let number = 1; number <= ASIDES_MAX; number += 1) {
    const schema = `${SCHEMA_PREFIX}${number}`;
    if (await tryLock(session, SCHEMA_LOCKS, schema)) {
      await dropSchema(session, schema);
      return schema;
    }
  }
  throw new TooManyRebuilds(ASIDES_MAX);
}

async function dropLeftovers(session: Transaction): Promise<void> {
  const leftovers = await session.query<{ schema: string }>(
    `SELECT nspname AS schema FROM pg_namespace WHERE nspname ~ ('^' || $1 || '[0-9]{1,4}$')`,
    [SCHEMA_PREFIX],
  );
  for (const { schema } of leftovers) {
    if (!(await tryLock(session, SCHEMA_LOCKS, schema))) continue;
    await dropSchema(session, schema);
    await session.query('SELECT pg_advisory_unlock($1, hashtext($2))', [SCHEMA_LOCKS, schema]);
  }
}

async function dropSchema(session: Transaction, schema: string): Promise<void> {
  await session.query(`DROP SCHEMA IF EXISTS ${identifier(schema)} CASCADE`);
}

async function tryLock(session: Transaction, locks: number, name: string): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [
    locks,
    name,
  ]);
  return row?.locked === true;
}

/** The connection goes back to the pool; its locks must not. Where it is gone, they are gone with it. */
async function giveBack(runner: QueryRunner): Promise<void> {
  await new Session(runner).query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
  await runner.release();
}
