import { DomainError } from '#kernel';

/** Nothing is known of a place where the log has not come to yet. */
export class PositionBeyondLog extends DomainError {
  readonly code = 'position-beyond-log';

  constructor(position: string, head: string) {
    super(`The log ends at position ${head}: there is no position ${position} yet`, { position, head });
  }
}

/** A table does not have the column that a filter names. */
export class NoSuchColumn extends DomainError {
  readonly code = 'no-such-column';

  constructor(table: string, column: string, columns: readonly string[]) {
    super(`${table} has no column ${column}. It has: ${columns.join(', ')}`, { table, column, columns });
  }
}

/** A filter compares a column with what no value of its type is. */
export class UnfitColumnValue extends DomainError {
  readonly code = 'unfit-column-value';

  constructor(table: string, filters: readonly { readonly column: string; readonly type: string }[], reason: string) {
    const wanted = filters.map(({ column, type }) => `${column} is ${type}`);
    super(`${table}: ${reason} (${wanted.join(', ')})`, { table, filters });
  }
}
