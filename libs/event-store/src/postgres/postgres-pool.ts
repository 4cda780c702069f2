import { type ClientConfig, Pool, type QueryConfig, type QueryResultRow } from 'pg';
import { StoreUnavailable } from '../event-store.errors.js';
import { asStoreError } from './postgres-errors.js';

const CONNECT_MS_MAX = 5_000;
/** How much longer than the server we wait for it to say that its own time limit has passed. */
const SILENCE_MS_MAX = 2_000;

export interface PostgresPoolOptions {
  readonly connectionsMax: number;
  /** How long a statement may take, waiting for locks included. */
  readonly statementMsMax: number;
}

/** How the log connects. @param statementMsMax as in PostgresPoolOptions */
export function connectionOptions(url: string, statementMsMax: number): ClientConfig {
  return {
    connectionString: url,
    application_name: 'mizan event log',
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: statementMsMax,
    query_timeout: statementMsMax + SILENCE_MS_MAX,
    keepAlive: true,
  };
}

/** Connections for one kind of work, so that one kind cannot starve another. */
export class PostgresPool {
  private readonly pool: Pool;
  private ending: Promise<void> | undefined;

  constructor(url: string, { connectionsMax, statementMsMax }: PostgresPoolOptions) {
    this.pool = new Pool({ ...connectionOptions(url, statementMsMax), max: connectionsMax });
    // A connection lost while idle is replaced when needed; one lost at work fails its statement. Either way the event
    // itself has nothing to add, and without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @throws StoreUnavailable when the outcome is unknown, DatabaseError when the statement was refused */
  async query<Row extends QueryResultRow>(statement: QueryConfig): Promise<readonly Row[]> {
    if (this.ending) throw new StoreUnavailable('The event store is closed');
    const client = await this.pool.connect().catch((error: unknown) => {
      throw asStoreError(error);
    });
    try {
      const { rows } = await client.query<Row>(statement);
      client.release();
      return rows;
    } catch (error) {
      const failure = asStoreError(error);
      // A statement that was refused leaves the connection usable. Anything else may have left it in the middle, or is
      // the server's last word on it: it must not wait for the next statement.
      client.release(failure instanceof StoreUnavailable);
      throw failure;
    }
  }

  end(): Promise<void> {
    this.ending ??= this.pool.end();
    return this.ending;
  }
}
