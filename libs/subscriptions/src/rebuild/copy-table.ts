import { identifier } from '../database/identifier.js';
import { type Transaction } from '../projection.js';
import { UnsupportedTable } from '../subscriptions.errors.js';
import { searchIn } from './search-path.js';

/** What a copy would not carry over, or what would keep the original from being dropped. */
const UNSUPPORTED = `
  SELECT finding FROM pg_class AS t, LATERAL (
    SELECT 'it is not a plain table' AS finding WHERE t.relkind <> 'r'
    UNION ALL SELECT 'foreign key ' || conname FROM pg_constraint
      WHERE contype = 'f' AND (conrelid = t.oid OR confrelid = t.oid)
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = t.oid AND NOT tgisinternal
    UNION ALL SELECT 'identity column ' || attname FROM pg_attribute WHERE attrelid = t.oid AND attidentity <> ''
    UNION ALL SELECT 'sequence ' || s.relname FROM pg_depend AS d JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
      WHERE d.refobjid = t.oid AND d.deptype = 'a'
    UNION ALL SELECT DISTINCT 'view ' || v.relname FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
      JOIN pg_class AS v ON v.oid = r.ev_class
      WHERE d.refobjid = t.oid AND d.classid = 'pg_rewrite'::regclass AND v.oid <> t.oid
  ) AS findings
  WHERE t.oid = to_regclass($1)`;

const CONSTRAINTS = `
  SELECT conname AS name, pg_get_constraintdef(oid, true) AS definition FROM pg_constraint
  WHERE conrelid = to_regclass($1) AND contype IN ('p', 'u', 'x') ORDER BY conname`;

/** With the schema of the connection left out of the definitions, as "pretty" ones leave it out. */
const INDEXES = `
  SELECT pg_get_indexdef(indexrelid, 0, true) AS definition FROM pg_index
  WHERE indrelid = to_regclass($1) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
  ORDER BY indexrelid`;

/**
 * Makes an empty table like another one in another schema, with indexes and constraints of the same names: when it
 * takes the other's place, migrations must find them where they made them. (LIKE alone invents names for indexes.)
 * @throws UnsupportedTable
 */
export async function copyTable(
  tx: Transaction,
  { table, from, to }: { readonly table: string; readonly from: string; readonly to: string },
): Promise<void> {
  const name = identifier(table);
  const original = `${identifier(from)}.${name}`;
  const findings = await tx.query<{ finding: string }>(UNSUPPORTED, [original]);
  if (findings.length > 0)
    throw new UnsupportedTable(
      table,
      findings.map(({ finding }) => finding),
    );

  await searchIn(tx, from);
  const constraints = await tx.query<{ name: string; definition: string }>(CONSTRAINTS, [original]);
  const indexes = await tx.query<{ definition: string }>(INDEXES, [original]);
  await searchIn(tx, to);
  await tx.query(`CREATE TABLE ${name} (LIKE ${original} INCLUDING ALL EXCLUDING INDEXES)`);
  for (const constraint of constraints) {
    await tx.query(`ALTER TABLE ${name} ADD CONSTRAINT "${constraint.name}" ${constraint.definition}`);
  }
  for (const index of indexes) await tx.query(index.definition);
}
