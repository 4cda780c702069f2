import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { type Order } from './choices.js';
import classes from './data-table.module.css';

export interface Column<Row, Sort extends string = never> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures line up at their end. */
  readonly numeric?: boolean;
  /** Names the row: a heading to screen readers, the first line of the card on a phone. */
  readonly heading?: boolean;
  readonly sort?: Sort;
}

interface Props<Row, Sort extends string> {
  /** What the table is about; read out, and printed. */
  readonly caption: string;
  readonly columns: readonly Column<Row, Sort>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sorted?: { readonly by: Sort; readonly order: Order; readonly onSort: (by: Sort) => void };
}

/**
 * A table that becomes a list of cards where there is no room for columns. The roles are written out because a table
 * that is displayed as blocks is otherwise no table to a screen reader.
 */
export function DataTable<Row, Sort extends string = never>({
  caption,
  columns,
  rows,
  rowKey,
  sorted,
}: Props<Row, Sort>) {
  return (
    <div className={classes.holder}>
      <table className={classes.table} role="table" aria-label={caption}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.id}
                role="columnheader"
                scope="col"
                data-numeric={column.numeric}
                aria-sort={sortState(column, sorted)}
              >
                {column.sort === undefined || sorted === undefined ? (
                  column.header
                ) : (
                  <SortButton label={column.header} sort={column.sort} sorted={sorted} />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <Cell key={column.id} column={column} label={column.header}>
                  {column.cell(row)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps<Row, Sort extends string> {
  readonly column: Column<Row, Sort>;
  readonly label: string;
  readonly children: ReactNode;
}

function Cell<Row, Sort extends string>({ column, label, children }: CellProps<Row, Sort>) {
  return column.heading === true ? (
    <th role="rowheader" scope="row">
      {children}
    </th>
  ) : (
    <td role="cell" data-numeric={column.numeric} data-label={label}>
      {children}
    </td>
  );
}

interface SortButtonProps<Sort extends string> {
  readonly label: string;
  readonly sort: Sort;
  readonly sorted: NonNullable<Props<never, Sort>['sorted']>;
}

function SortButton<Sort extends string>({ label, sort, sorted }: SortButtonProps<Sort>) {
  const active = sorted.by === sort;
  const Icon = active ? (sorted.order === 'asc' ? IconArrowUp : IconArrowDown) : IconArrowsSort;
  return (
    <button type="button" className={classes.sort} data-active={active} onClick={() => sorted.onSort(sort)}>
      {label}
      <Icon size={16} aria-hidden />
    </button>
  );
}

function sortState<Row, Sort extends string>(
  column: Column<Row, Sort>,
  sorted: Props<Row, Sort>['sorted'],
): 'ascending' | 'descending' | undefined {
  if (sorted === undefined || column.sort !== sorted.by) return undefined;
  return sorted.order === 'asc' ? 'ascending' : 'descending';
}
