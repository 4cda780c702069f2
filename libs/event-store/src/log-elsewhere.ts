import { Client, DatabaseError } from 'pg';
import { DomainError } from '#kernel';
import { asStoreError } from './postgres/postgres-errors.js';

const CONNECT_MS_MAX = 5_000;
const UNDEFINED_TABLE = '42P01';

export type LogEngine = 'postgres' | 'kurrentdb';

/** The installation has its log on another engine than the one that is asked for: to start would begin a second log. */
export class LogElsewhere extends DomainError {
  readonly code = 'log-elsewhere';

  constructor(
    readonly asked: LogEngine,
    readonly actual: LogEngine,
  ) {
    super(
      `EVENT_STORE=${asked} would begin a second event log: the one of this installation is in ${actual}. ` +
        `Start with EVENT_STORE=${actual}.`,
      { asked, actual },
    );
  }
}

/**
 * Makes sure that the installation of a database has no events on another engine.
 * @throws LogElsewhere, StoreUnavailable
 */
export async function requireLogOn(engine: LogEngine, databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS_MAX });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const table = engine === 'postgres' ? 'claimed_event' : 'event';
    const { rowCount } = await client.query(`SELECT FROM event_log.${table} LIMIT 1`);
    if (rowCount === 1) throw new LogElsewhere(engine, engine === 'postgres' ? 'kurrentdb' : 'postgres');
  } catch (error) {
    // An installation whose tables are yet to be made has no events.
    if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return;
    throw error instanceof LogElsewhere ? error : asStoreError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
