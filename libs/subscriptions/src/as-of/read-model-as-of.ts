import { type DataSource } from 'typeorm';
import { comparePositions, type Position } from '#event-store';
import { findCheckpoint } from '../checkpoint/checkpoint.js';
import { inTransactionOn, withConnection } from '../database/transaction.js';
import { type LogSource } from '../log/log-source.js';
import { parkedIn } from '../parking/parked-events.js';
import { type Projection, type Transaction } from '../projection.js';
import { AsideFold, type RebuildOptions } from '../rebuild/aside-fold.js';
import { AsideTables } from '../rebuild/aside-tables.js';
import { NotServed } from '../subscriptions.errors.js';
import { PositionBeyondLog } from './as-of.errors.js';

/**
 * A reader who sleeps inside a transaction keeps rebuilt tables from taking their place and the server from tidying up;
 * after this time the server ends it.
 */
const SILENT_READER_MS_MAX = 300_000;

/** Which rows a reader sees. */
export interface ReadModelMoment {
  /**
   * Everything up to here is in them, and nothing after it; of what serves, partitions that are further than others may
   * hold more.
   */
  readonly position: Position;
  /** Of the projection that folded them. */
  readonly version: number;
}

/**
 * The tables of a projection as they would have been served when the log ended at a position: all events up to it, in
 * the order of the log, and none after it. They are folded by the projection as it is today, whatever version served
 * then, and without the events that are parked today. What serves is left alone; the tables stand beside it until `read`
 * is done; those of a process that was killed are dropped by whoever comes next.
 * @param read sees these tables, named without a schema, in a transaction
 * @throws PositionBeyondLog, PoisonEvent, UnsupportedTable, TooManyRebuilds, the signal's reason, or what `read` throws
 */
export async function readModelAsOf<T>(
  source: LogSource & { readonly dataSource: DataSource },
  projection: Projection,
  position: Position,
  read: (tx: Transaction, moment: ReadModelMoment) => Promise<T>,
  options: RebuildOptions = {},
): Promise<T> {
  const head = await source.store.head();
  if (comparePositions(position, head) > 0) throw new PositionBeyondLog(position, head);
  const aside = await AsideTables.open(source.dataSource, projection, 'to-compare');
  try {
    const parked = await withConnection(source.dataSource, (session) => parkedIn(session, projection.name));
    await new AsideFold(source, projection, aside, parked, options).to(position);
    return await aside.inTransaction((tx) => read(tx, { position, version: projection.version }));
  } finally {
    await aside.close();
  }
}

/**
 * The tables of a projection as they are served now, with the checkpoint that belongs to them: one snapshot, which stays
 * as it is while the projection goes on.
 * @throws NotServed, or what `read` throws
 */
export function readModelAsServed<T>(
  dataSource: DataSource,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  read: (tx: Transaction, moment: ReadModelMoment) => Promise<T>,
): Promise<T> {
  return withConnection(dataSource, (_, runner) =>
    inTransactionOn(
      runner,
      async (tx) => {
        await tx.query(`SELECT set_config('idle_in_transaction_session_timeout', $1, true)`, [
          `${SILENT_READER_MS_MAX}ms`,
        ]);
        const checkpoint = await findCheckpoint(tx, name);
        if (checkpoint === undefined) throw new NotServed(name, version, null);
        return read(tx, { position: checkpoint.position, version: checkpoint.version });
      },
      'REPEATABLE READ',
    ),
  );
}
