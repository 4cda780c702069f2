import {
  type DifferingRows,
  NotServed,
  type Projection,
  type TableComparison,
  type Verification,
  verifyProjection,
} from '#subscriptions';
import { chosenProjections } from './choose-projections.js';
import { type Command, type CommandContext, EXIT } from './cli.js';
import { rebuildReporter } from './rebuild-reporter.js';
import { figure } from './text-table.js';

export const verifyProjections: Command = {
  name: 'projections verify',
  parameters: '<name…> | --all',
  summary: 'compare what is served, row by row, with what the event log leads to',
  details: `The log is folded into tables beside those that serve, up to the same position; nothing is changed. Exit code 1
when a row differs; some of the differing rows are shown. \`projections rebuild\` mends them.`,
  options: { all: { type: 'boolean' } },
  async run(context) {
    let mismatches = 0;
    for (const projection of chosenProjections(context)) {
      if (!(await matches(projection, context))) mismatches += 1;
    }
    return mismatches === 0 ? EXIT.done : EXIT.wrong;
  },
};

async function matches(projection: Projection, context: CommandContext): Promise<boolean> {
  const { print, tell, signal } = context;
  tell(`${projection.name}: verifying …`);
  try {
    const onProgress = rebuildReporter(tell);
    const verification = await verifyProjection(context, projection, { signal, onProgress });
    for (const line of inWords(verification)) print(line);
    return verification.matches;
  } catch (error) {
    if (!(error instanceof NotServed)) throw error;
    print(error.message);
    return false;
  }
}

function inWords({ name, position, tables, parkedEvents, matches: same }: Verification): readonly string[] {
  const parked = parkedEvents === 0 ? '' : ` without ${figure(parkedEvents)} parked`;
  const place = `the log at position ${figure(position)}${parked}`;
  if (!same) return [`${name}: DIFFERS from ${place}`, ...tables.flatMap(differencesIn).map((line) => `  ${line}`)];
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return [`${name}: ${figure(rows)} rows match ${place}`];
}

function differencesIn({ table, onlyServed, onlyRebuilt }: TableComparison): readonly string[] {
  return [
    ...lines(`${table}: rows served that the log does not lead to`, onlyServed),
    ...lines(`${table}: rows that the log leads to and that are not served`, onlyRebuilt),
  ];
}

function lines(title: string, { count, samples }: DifferingRows): readonly string[] {
  if (count === 0) return [];
  const more = count > samples.length ? [`  … and ${figure(count - samples.length)} more`] : [];
  return [`${title}: ${figure(count)}`, ...samples.map((row) => `  ${row}`), ...more];
}
