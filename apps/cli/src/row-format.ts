import { type Cell, type Column } from '#subscriptions';
import { columnWidths, tableLine } from './text-table.js';

type Row = readonly Cell[];

/** Rows as they come, a few hundred at a time. */
type Rows = AsyncIterable<readonly Row[]>;

/** What the rows are of. JSON, which may travel on its own, says so. */
export type Provenance = Readonly<Record<string, string | number>>;

/** Writes rows as lines, without ever having them all in memory. */
export type RowFormat = (rows: Rows, columns: readonly Column[], of: Provenance) => AsyncIterable<string>;

export const ROW_FORMATS: ReadonlyMap<string, RowFormat> = new Map([
  ['table', tableOf],
  ['csv', csvOf],
  ['json', jsonOf],
]);

/** Columns are as wide as the first rows need; a wider cell that comes later pushes the others to the right. */
async function* tableOf(rows: Rows, columns: readonly Column[]): AsyncGenerator<string> {
  const head = columns.map(({ name }) => name);
  let widths: readonly number[] | undefined;
  for await (const some of rows) {
    const lines = some.map((cells) => cells.map((cell) => inOneLine(cell ?? '')));
    if (widths === undefined) {
      widths = columnWidths([head, ...lines]);
      yield tableLine(head, widths);
    }
    for (const cells of lines) yield tableLine(cells, widths);
  }
  if (widths === undefined) yield head.join('  ');
}

/** What would break the line, or tell the terminal to do something, in the escaped form of JSON. */
function inOneLine(cell: string): string {
  return cell.replaceAll(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** RFC 4180. As PostgreSQL has it, nothing between two commas is no value, and "" is an empty text. */
async function* csvOf(rows: Rows, columns: readonly Column[]): AsyncGenerator<string> {
  const field = (cell: Cell) => {
    if (cell === null) return '';
    return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  yield columns.map(({ name }) => field(name)).join(',');
  for await (const some of rows) for (const cells of some) yield cells.map(field).join(',');
}

/** One document, a line to each row. Numbers that a reader of JSON might round are texts. */
async function* jsonOf(rows: Rows, columns: readonly Column[], of: Provenance): AsyncGenerator<string> {
  yield `${JSON.stringify(of).slice(0, -1)},"rows":[`;
  let comma = '';
  for await (const some of rows) {
    for (const cells of some) {
      const members = columns.map(({ name, isJson }, place) => {
        const cell = cells[place] ?? null;
        return `${JSON.stringify(name)}:${isJson ? cell : JSON.stringify(cell)}`;
      });
      yield `${comma}{${members.join(',')}}`;
      comma = ',';
    }
  }
  yield ']}';
}
