import { comparePositions } from '#event-store';
import {
  type ColumnFilter,
  NoSuchColumn,
  parkedEvents,
  type Projection,
  readModelAsOf,
  readModelAsServed,
  type ReadModelMoment,
  TableRows,
  type Transaction,
  UnfitColumnValue,
} from '#subscriptions';
import { AS_OF_DETAILS, asOfOption } from './as-of-option.js';
import { projectionNamed } from './choose-projections.js';
import { type Command, type CommandContext, EXIT, UsageError } from './cli.js';
import { rebuildReporter } from './rebuild-reporter.js';
import { ROW_FORMATS, type RowFormat } from './row-format.js';
import { figure } from './text-table.js';

export const showProjection: Command = {
  name: 'projections show',
  parameters: '<name> [--as-of <position | time>]',
  summary: 'the rows of a read model, as they are served or as they were known at an earlier time',
  details: `--table <table>            which of its tables, where it has several
--where <column>=<value>   only rows that have this value; several must all hold
--format table|csv|json    values are exact: what may be more than a JSON number holds is a text
--limit <n>                not more than so many rows; they come in the order of the primary key

Without --as-of: what is served, with the position up to which it has been folded. With it, the log is folded up to there
into tables beside those that serve, which takes as long as a rebuild up to there; nothing is changed. It is folded by this
program: where a projection has been given a new version since, these are the rows that the new version makes of what was
known, which may differ from what was served on that day.
${AS_OF_DETAILS}`,
  options: {
    'as-of': { type: 'string' },
    table: { type: 'string' },
    where: { type: 'string', multiple: true },
    format: { type: 'string', default: 'table' },
    limit: { type: 'string' },
  },
  async run(context) {
    const shown = whatToShow(context);
    const asOf = await asOfOption(context.store, context.options['as-of']);
    const show = (tx: Transaction, moment: ReadModelMoment) => showRows(tx, moment, shown, context);
    const { projection } = shown;
    const { dataSource, signal, tell } = context;
    if (asOf === undefined) {
      await readModelAsServed(dataSource, projection, show);
    } else {
      await readModelAsOf(context, projection, asOf, show, { signal, onProgress: rebuildReporter(tell) });
    }
    return EXIT.done;
  },
};

interface Shown {
  readonly projection: Projection;
  readonly table: string;
  readonly where: readonly ColumnFilter[];
  readonly limit: number | undefined;
  readonly format: RowFormat;
}

/** @throws UsageError */
function whatToShow({ contexts, names, options }: CommandContext): Shown {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) throw new UsageError('Give the name of one projection.');
  const projection = projectionNamed(contexts.projections, name);
  const format = ROW_FORMATS.get(String(options['format']));
  if (format === undefined) throw new UsageError(`--format is one of ${[...ROW_FORMATS.keys()].join(', ')}.`);
  return {
    projection,
    table: chosenTable(projection, options['table']),
    where: ((options['where'] ?? []) as readonly string[]).map(filterOf),
    limit: limitOf(options['limit']),
    format,
  };
}

function chosenTable({ name, tables }: Projection, asked: unknown): string {
  const table = asked ?? (tables.length === 1 ? tables[0] : undefined);
  const found = tables.find((one) => one === table);
  if (found !== undefined) return found;
  const which = asked === undefined ? 'has several tables: give --table' : `has no table ${JSON.stringify(asked)}`;
  throw new UsageError(`${name} ${which}. There are: ${tables.join(', ')}.`);
}

function filterOf(condition: string): ColumnFilter {
  const equals = condition.indexOf('=');
  if (equals < 1) throw new UsageError(`--where ${condition}: give a column and its value, such as material=glass.`);
  return { column: condition.slice(0, equals), value: condition.slice(equals + 1) };
}

function limitOf(limit: unknown): number | undefined {
  if (limit === undefined) return undefined;
  const rows = Number(limit);
  if (!Number.isSafeInteger(rows) || rows < 1) throw new UsageError('--limit is a whole number of rows, at least 1.');
  return rows;
}

async function showRows(
  tx: Transaction,
  moment: ReadModelMoment,
  { projection: { name }, table, where, limit, format }: Shown,
  context: CommandContext,
): Promise<void> {
  const { print, tell, signal } = context;
  const rows = await TableRows.of(tx, table);
  const found = await rows.read({ where, limit }).catch((error: unknown) => {
    if (error instanceof NoSuchColumn || error instanceof UnfitColumnValue) throw new UsageError(`${error.message}.`);
    throw error;
  });
  tell(`${name} v${moment.version}, ${table}: ${await inWords(moment, name, context)}`);
  for await (const line of format(found, rows.columns, { projection: name, table, ...moment })) {
    signal.throwIfAborted();
    print(line);
  }
}

async function inWords(
  { position }: ReadModelMoment,
  name: string,
  { store, dataSource }: CommandContext,
): Promise<string> {
  const head = await store.head();
  const parked = (await parkedEvents(dataSource)).filter(
    (event) => event.projection === name && comparePositions(event.position, position) <= 0,
  );
  const without = parked.map(({ eventId }) => `, without the parked event ${eventId}`).join('');
  return `as known at position ${figure(position)} of ${figure(head)}${without}`;
}
