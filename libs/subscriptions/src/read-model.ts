import { type DataSource } from 'typeorm';
import { type Projection, type Transaction } from './projection.js';
import { withConnection } from './database/transaction.js';

/** Where the projections remember how far they are; as needed as their own tables. */
const CHECKPOINTS = 'projection_checkpoint';

/** Tables of the read model that are not there, in the order in which projections own them. */
export function missingTables(
  dataSource: DataSource,
  projections: readonly Pick<Projection, 'tables'>[],
): Promise<readonly string[]> {
  const tables = [CHECKPOINTS, ...projections.flatMap((projection) => projection.tables)];
  return withConnection(dataSource, (session) => absent(session, tables));
}

/**
 * Brings the read model to where projections can start, whatever was done to it: a read model is only a fold of the
 * log, so where a table has been dropped everything is dropped and made again, and is then filled from the first event.
 * @param migrate applies the migrations that are not applied yet
 * @param drop drops the read model with its table of applied migrations
 * @returns the tables that were missing although migrations had made them
 */
export async function ensureReadModel(
  dataSource: DataSource,
  projections: readonly Pick<Projection, 'tables'>[],
  { migrate, drop }: { readonly migrate: () => Promise<void>; readonly drop: () => Promise<void> },
): Promise<readonly string[]> {
  await migrate();
  const missing = await missingTables(dataSource, projections);
  if (missing.length === 0) return missing;
  await drop();
  await migrate();
  const still = await missingTables(dataSource, projections);
  if (still.length > 0) throw new Error(`No migration makes the read-model tables ${still.join(', ')}`);
  return missing;
}

async function absent(session: Transaction, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
     WHERE to_regclass(quote_ident(name)) IS NULL ORDER BY place`,
    [tables],
  );
  return rows.map(({ name }) => name);
}
