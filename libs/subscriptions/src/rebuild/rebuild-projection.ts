import { type DataSource } from 'typeorm';
import { type Position } from '#event-store';
import { holdCheckpoints, replaceCheckpoints } from '../checkpoint/checkpoint.js';
import { consumersOf } from '../consumer/consumer.js';
import { identifier } from '../database/identifier.js';
import { withConnection } from '../database/transaction.js';
import { sqlStateOf } from '../database/transient.js';
import { type Batch } from '../log/batch.js';
import { type LogSource } from '../log/log-source.js';
import { parkedIn } from '../parking/parked-events.js';
import { type Projection, type Transaction } from '../projection.js';
import { NotServed, ParkedEventsChanged, SwapImpossible } from '../subscriptions.errors.js';
import { backoffMs } from '../waiting/backoff.js';
import { pause } from '../waiting/bell.js';
import { AsideFold, type RebuildOptions } from './aside-fold.js';
import { AsideTables } from './aside-tables.js';
import { searchIn } from './search-path.js';
import { releaseRebuild } from './stopped-rebuild.js';

const SWAP_ATTEMPTS_MAX = 10;

/** A batch of the live projection may be under way, which holds the checkpoint. */
const CHECKPOINT_LOCK_MS_MAX = 10_000;

/** Shorter than the server's deadlock_timeout (1 s): where readers and the swap block each other, the swap gives way. */
const TABLE_LOCK_MS_MAX = 500;

const LOCK_NOT_AVAILABLE = '55P03';

export interface Rebuild {
  /** The checkpoint that the new tables began to serve with. */
  readonly position: Position;
  readonly eventsApplied: number;
}

/**
 * Fills a projection's tables anew from the first event, beside those that serve, and swaps them in one transaction.
 * Readers are served all the while, and the live projection goes on. Whatever ends it early (an abort, an error, a
 * kill) leaves what serves as it was; what a killed rebuild leaves beside it is dropped by the next one.
 * @throws RebuildUnderWay, PoisonEvent, ParkedEventsChanged, UnsupportedTable, SwapImpossible, or the signal's reason
 */
export async function rebuildProjection(
  source: LogSource & { readonly dataSource: DataSource },
  projection: Projection,
  options: RebuildOptions = {},
): Promise<Rebuild> {
  const aside = await AsideTables.open(source.dataSource, projection, 'to-replace');
  try {
    const parked = await withConnection(source.dataSource, (session) => parkedIn(session, projection.name));
    const filling = new AsideFold(source, projection, aside, parked, options);
    for (let attempt = 1; attempt <= SWAP_ATTEMPTS_MAX; attempt += 1) {
      await filling.toEndOfLog();
      options.signal?.throwIfAborted();
      if (await swap(aside, filling, projection)) {
        return { position: filling.position, eventsApplied: filling.eventsApplied };
      }
      await pause(backoffMs(attempt), options.signal);
    }
    throw new SwapImpossible(projection.name, SWAP_ATTEMPTS_MAX);
  } finally {
    await aside.close();
  }
}

/** @returns false when it has to be tried again: the log grew too fast, or somebody was reading */
async function swap(aside: AsideTables, filling: AsideFold, projection: Projection): Promise<boolean> {
  try {
    const rest = await aside.inTransaction((tx) => swapIn(tx, aside, filling, projection));
    if (rest === undefined) return false;
    filling.reached(rest);
    return true;
  } catch (error) {
    if (sqlStateOf(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

async function swapIn(
  tx: Transaction,
  aside: AsideTables,
  filling: AsideFold,
  projection: Projection,
): Promise<Batch | undefined> {
  await holdServed(tx, aside, filling, projection);
  const rest = await filling.rest();
  if (rest.full) return undefined;
  await searchIn(tx, aside.schema);
  await filling.foldIn(tx, rest);
  await replaceTables(tx, aside, projection);
  await searchIn(tx, aside.live);
  const partitions = consumersOf(projection).length;
  await replaceCheckpoints(tx, projection, { partitions, position: rest.through });
  await releaseRebuild(tx, projection.name);
  return rest;
}

/**
 * From here to the end of the transaction nobody moves the checkpoints, so what follows in the log is folded once; and
 * nobody parks the event at which the projection stopped, so what was left out is what is parked.
 */
async function holdServed(
  tx: Transaction,
  { live }: AsideTables,
  { parked }: AsideFold,
  { name, version }: Projection,
): Promise<void> {
  await searchIn(tx, live);
  await limitLockWait(tx, CHECKPOINT_LOCK_MS_MAX);
  const served = await holdCheckpoints(tx, name);
  if (served !== undefined && served.version > version) throw new NotServed(name, version, served.version);
  const parkedNow = await parkedIn(tx, name);
  if ([...parkedNow].join() !== [...parked].join()) throw new ParkedEventsChanged(name);
}

async function replaceTables(tx: Transaction, { live, schema }: AsideTables, projection: Projection): Promise<void> {
  await limitLockWait(tx, TABLE_LOCK_MS_MAX);
  for (const table of projection.tables.map(identifier)) {
    await tx.query(`DROP TABLE IF EXISTS ${identifier(live)}.${table}`);
    await tx.query(`ALTER TABLE ${identifier(schema)}.${table} SET SCHEMA ${identifier(live)}`);
  }
}

async function limitLockWait(tx: Transaction, limitMs: number): Promise<void> {
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [`${limitMs}ms`]);
}
