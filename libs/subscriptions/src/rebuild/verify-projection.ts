import { type DataSource } from 'typeorm';
import { comparePositions, type Position } from '#event-store';
import { findCheckpoint } from '../checkpoint/checkpoint.js';
import { identifier } from '../database/identifier.js';
import { withConnection } from '../database/transaction.js';
import { type LogSource } from '../log/log-source.js';
import { type Projection, type Transaction } from '../projection.js';
import { CheckpointMoved, NotServed } from '../subscriptions.errors.js';
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
  /** The position at which the served rows were compared. */
  readonly position: Position;
  readonly tables: readonly TableComparison[];
  readonly matches: boolean;
}

/**
 * Folds the log beside the tables that serve and compares them row by row, at one and the same position. Nothing waits
 * for it: the rows and the checkpoint that serve are seen as they were at one moment, while the projection goes on.
 * @throws NotServed, PoisonEvent, CheckpointMoved (the read model was reset meanwhile), UnsupportedTable, or the signal's reason
 */
export async function verifyProjection(
  source: LogSource & { readonly dataSource: DataSource },
  projection: Projection,
  options: RebuildOptions = {},
): Promise<Verification> {
  const { name } = projection;
  const served = await withConnection(source.dataSource, (session) => servedPosition(session, projection));
  const aside = await AsideTables.open(source.dataSource, projection, 'to-compare');
  try {
    const filling = new AsideFold(source, projection, aside, options);
    await filling.to(served);
    // One snapshot: served rows and served checkpoint belong together in it, and so does what is folded below.
    return await aside.inTransaction(async (tx) => {
      await searchIn(tx, aside.live);
      const position = await servedPosition(tx, projection);
      if (comparePositions(position, filling.position) < 0) throw new CheckpointMoved(name);
      await searchIn(tx, aside.schema);
      await filling.foldUpTo(tx, position);
      const tables: TableComparison[] = [];
      for (const table of projection.tables) tables.push(await compare(tx, aside, table));
      const matches = tables.every(({ onlyServed, onlyRebuilt }) => onlyServed.count + onlyRebuilt.count === 0);
      return { name, position, tables, matches };
    }, 'REPEATABLE READ');
  } finally {
    await aside.close();
  }
}

async function servedPosition(session: Transaction, { name, version }: Projection): Promise<Position> {
  const checkpoint = await findCheckpoint(session, name);
  if (checkpoint?.version !== version) throw new NotServed(name, version, checkpoint?.version ?? null);
  return checkpoint.position;
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
