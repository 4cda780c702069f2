import { type DataSource } from 'typeorm';
import { comparePositions, type Position } from '#event-store';
import { findCheckpoint, type ProjectionCheckpoint } from '../checkpoint/checkpoint.js';
import { consumersOf } from '../consumer/consumer.js';
import { identifier } from '../database/identifier.js';
import { withConnection } from '../database/transaction.js';
import { type LogSource } from '../log/log-source.js';
import { parkedIn } from '../parking/parked-events.js';
import { type Projection, type Transaction } from '../projection.js';
import { CheckpointMoved, NotServed, PartitionsChanged } from '../subscriptions.errors.js';
import { AsideFold, type RebuildOptions } from './aside-fold.js';
import { AsideTables } from './aside-tables.js';
import { searchIn } from './search-path.js';

/** Differing rows that are shown, of each table and each side. */
const SAMPLES_MAX = 5;

export interface DifferingRows {
  readonly count: number;
  /** Some of them, as JSON text: amounts may be larger than a JSON number can be read back exactly. */
  readonly samples: readonly string[];
}

export interface TableComparison {
  readonly table: string;
  /** Rows that serve. */
  readonly rows: number;
  /** Rows that serve although the log does not lead to them. */
  readonly onlyServed: DifferingRows;
  /** Rows that the log leads to and that do not serve. */
  readonly onlyRebuilt: DifferingRows;
}

export interface Verification {
  readonly name: string;
  /** The position at which the served rows were compared: of the least of the partitions. */
  readonly position: Position;
  readonly tables: readonly TableComparison[];
  readonly matches: boolean;
  /** Events that both sides leave out. */
  readonly parkedEvents: number;
}

/**
 * Folds the log beside the tables that serve and compares them row by row, at one and the same position (each partition
 * at its own). Nothing waits for it: the rows and the checkpoints that serve are seen as they were at one moment, while
 * the projection goes on.
 * @throws NotServed, PartitionsChanged, PoisonEvent, CheckpointMoved (the read model was reset meanwhile), UnsupportedTable, or the signal's reason
 */
export async function verifyProjection(
  source: LogSource & { readonly dataSource: DataSource },
  projection: Projection,
  options: RebuildOptions = {},
): Promise<Verification> {
  const { name } = projection;
  const { position: served, parked } = await withConnection(source.dataSource, async (session) => ({
    position: (await servedCheckpoint(session, projection)).position,
    parked: await parkedIn(session, name),
  }));
  const aside = await AsideTables.open(source.dataSource, projection, 'to-compare');
  try {
    const filling = new AsideFold(source, projection, aside, parked, options);
    await filling.to(served);
    // One snapshot: served rows and served checkpoints belong together in it, and so does what is folded below.
    return await aside.inTransaction(async (tx) => {
      await searchIn(tx, aside.live);
      const { position, partitions } = await servedCheckpoint(tx, projection);
      if (comparePositions(position, filling.position) < 0) throw new CheckpointMoved(name);
      await searchIn(tx, aside.schema);
      await filling.foldUpTo(
        tx,
        partitions.map((partition) => partition.position),
      );
      const tables: TableComparison[] = [];
      for (const table of projection.tables) tables.push(await compare(tx, aside, table));
      const matches = tables.every(({ onlyServed, onlyRebuilt }) => onlyServed.count + onlyRebuilt.count === 0);
      return { name, position, tables, matches, parkedEvents: parked.size };
    }, 'REPEATABLE READ');
  } finally {
    await aside.close();
  }
}

async function servedCheckpoint(session: Transaction, projection: Projection): Promise<ProjectionCheckpoint> {
  const { name, version } = projection;
  const checkpoint = await findCheckpoint(session, name);
  if (checkpoint?.version !== version) throw new NotServed(name, version, checkpoint?.version ?? null);
  const [served, partitions] = [checkpoint.partitions.length, consumersOf(projection).length];
  if (served !== partitions) throw new PartitionsChanged(name, served, partitions);
  return checkpoint;
}

async function compare(tx: Transaction, { live, schema }: AsideTables, table: string): Promise<TableComparison> {
  const served = `${identifier(live)}.${identifier(table)}`;
  const rebuilt = `${identifier(schema)}.${identifier(table)}`;
  const [counted] = await tx.query<{ rows: number }>(`SELECT count(*)::float8 AS rows FROM ${served}`);
  return {
    table,
    rows: counted?.rows ?? 0,
    onlyServed: await rowsOnlyIn(tx, served, rebuilt),
    onlyRebuilt: await rowsOnlyIn(tx, rebuilt, served),
  };
}

async function rowsOnlyIn(tx: Transaction, one: string, other: string): Promise<DifferingRows> {
  const [difference] = await tx.query<DifferingRows>(
    `WITH difference AS MATERIALIZED (SELECT * FROM ${one} EXCEPT ALL SELECT * FROM ${other})
     SELECT (SELECT count(*)::float8 FROM difference) AS count,
            ARRAY(SELECT to_jsonb(shown)::text FROM (SELECT * FROM difference LIMIT $1) AS shown) AS samples`,
    [SAMPLES_MAX],
  );
  return difference ?? { count: 0, samples: [] };
}
