import { type Transaction } from '../projection.js';

/** Tables named without a schema are those of this one until the transaction ends. */
export async function searchIn(tx: Transaction, schema: string): Promise<void> {
  await tx.query(`SELECT set_config('search_path', $1, true)`, [schema]);
}

/** The schema in which tables named without one are found. */
export async function currentSchema(session: Transaction): Promise<string> {
  const [row] = await session.query<{ schema: string | null }>('SELECT current_schema() AS schema');
  if (row?.schema == null) throw new Error('There is no read model: its schema does not exist');
  return row.schema;
}
