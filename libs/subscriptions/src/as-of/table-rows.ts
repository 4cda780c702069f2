import { identifier } from '../database/identifier.js';
import { sqlStateOf } from '../database/transient.js';
import { type Transaction } from '../projection.js';
import { reasonOf } from '../subscriptions.errors.js';
import { NoSuchColumn, UnfitColumnValue } from './as-of.errors.js';

/** Rows in memory at a time. */
const ROWS_PER_FETCH = 500;

const CURSOR = 'table_rows';

/** SQLSTATE class of values that a type does not have. */
const DATA_EXCEPTION = '22';

/** Types whose values are the same in JSON. A bigint or a numeric is not: it may be more than a JSON number holds. */
const JSON_TYPES = /^(smallint|integer|real|double precision|boolean|jsonb?|.*\[\])$/;

export interface Column {
  readonly name: string;
  /** As PostgreSQL calls it: `bigint`, `text[]`. */
  readonly type: string;
  /** Whether a cell is a JSON value itself (a number, a list), or a text. */
  readonly isJson: boolean;
}

/** A value, exact to the last digit, as text; a time is ISO 8601 in UTC. Null where there is none. */
export type Cell = string | null;

/** Rows whose column holds a value, given as text. */
export interface ColumnFilter {
  readonly column: string;
  readonly value: string;
}

export interface RowQuery {
  /** All of them must hold. */
  readonly where?: readonly ColumnFilter[];
  /** All rows when absent. */
  readonly limit?: number | undefined;
}

/** A table of a read model, read row by row, however large it is. */
export class TableRows {
  private constructor(
    private readonly tx: Transaction,
    private readonly table: string,
    readonly columns: readonly Column[],
    private readonly primaryKey: readonly string[],
  ) {}

  /** @param table one of a projection's; which schema it is of is the transaction's matter */
  static async of(tx: Transaction, table: string): Promise<TableRows> {
    const found = await tx.query<{ name: string; type: string; keyPlace: number | null }>(COLUMNS, [identifier(table)]);
    const columns = found.map(({ name, type }) => ({ name, type, isJson: JSON_TYPES.test(type) }));
    const key = found.filter(({ keyPlace }) => keyPlace !== null);
    key.sort((one, other) => Number(one.keyPlace) - Number(other.keyPlace));
    return new TableRows(
      tx,
      table,
      columns,
      key.map(({ name }) => name),
    );
  }

  /**
   * Rows in the order of the primary key, a few hundred at a time; cells in the order of `columns`. They must be read
   * in this transaction, to their end or until it ends.
   * @throws NoSuchColumn, UnfitColumnValue
   */
  async read({ where = [], limit }: RowQuery = {}): Promise<AsyncIterable<readonly (readonly Cell[])[]>> {
    const filters = where.map((filter) => ({ ...filter, type: this.#columnNamed(filter.column).type }));
    await this.tx.query(`SELECT set_config('TimeZone', 'UTC', true)`);
    try {
      await this.tx.query(
        this.#cursorOver(filters, limit),
        filters.map(({ value }) => value),
      );
    } catch (error) {
      if (!sqlStateOf(error)?.startsWith(DATA_EXCEPTION)) throw error;
      throw new UnfitColumnValue(this.table, filters, reasonOf(error));
    }
    return this.#fetch();
  }

  async *#fetch(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let isMore = true; isMore;) {
      const rows = await this.tx.query<{ cells: readonly Cell[] }>(`FETCH ${ROWS_PER_FETCH} FROM ${CURSOR}`);
      if (rows.length > 0) yield rows.map(({ cells }) => cells);
      isMore = rows.length === ROWS_PER_FETCH;
    }
    await this.tx.query(`CLOSE ${CURSOR}`);
  }

  #cursorOver(filters: readonly (ColumnFilter & Pick<Column, 'type'>)[], limit: number | undefined): string {
    const cells = this.columns.map(({ name, isJson }) => {
      const value = `to_jsonb(${identifier(name)})`;
      return isJson ? `${value}::text` : `${value} #>> '{}'`;
    });
    const conditions = filters.map(({ column, type }, place) => `${identifier(column)} = $${place + 1}::${type}`);
    const order = this.primaryKey.map(identifier);
    return [
      `DECLARE ${CURSOR} NO SCROLL CURSOR FOR SELECT ARRAY[${cells.join(', ')}]::text[] AS cells`,
      `FROM ${identifier(this.table)}`,
      conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
      order.length === 0 ? '' : `ORDER BY ${order.join(', ')}`,
      limit === undefined ? '' : `LIMIT ${BigInt(limit)}`,
    ].join(' ');
  }

  #columnNamed(name: string): Column {
    const column = this.columns.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw new NoSuchColumn(
      this.table,
      name,
      this.columns.map((one) => one.name),
    );
  }
}

const COLUMNS = `
  SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type,
    array_position(k.indkey::int2[], a.attnum) AS "keyPlace"
  FROM pg_attribute AS a LEFT JOIN pg_index AS k ON k.indrelid = a.attrelid AND k.indisprimary
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;
