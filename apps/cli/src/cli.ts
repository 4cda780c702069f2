import { parseArgs, type ParseArgsConfig } from 'node:util';
import { type Contexts } from '#composition';
import { openInstallation, type Installation } from './installation.js';

/** What the process answers: part of the program's interface, for scripts. */
export const EXIT = {
  done: 0,
  /** The command ran and found something wrong. */
  wrong: 1,
  /** The command was not understood. */
  usage: 2,
  /** The command could not be carried out. */
  failed: 3,
  /** Stopped by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line was not understood; the message says why. */
export class UsageError extends Error {}

/** Where a command finds and says things. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly contexts: Contexts;
  /** Results. */
  readonly print: (line: string) => void;
  /** Progress and complaints: kept apart, so that results can be piped on. */
  readonly tell: (line: string) => void;
  /** Aborted when a person asks the program to stop. */
  readonly signal: AbortSignal;
}

export interface CommandContext extends Surroundings, Installation {
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Command {
  /** Two words, such as `projections list`. */
  readonly name: string;
  /** What follows the name. */
  readonly parameters: string;
  /** One line. */
  readonly summary: string;
  /** Shown by `--help` after the summary. */
  readonly details: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly run: (context: CommandContext) => Promise<ExitCode>;
}

/** Understands a command line, runs the command on the installation, and answers the exit code. Never rejects. */
export async function runCli(
  argv: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { print, tell, signal } = surroundings;
  try {
    const asked = understand(argv, commands);
    if (asked.command === undefined) {
      print(overview(commands));
      return asked.meant ? EXIT.done : EXIT.usage;
    }
    if (asked.options['help'] === true) {
      print(helpOf(asked.command));
      return EXIT.done;
    }
    return await onInstallation(asked.command, asked, surroundings);
  } catch (error) {
    if (signal.aborted) {
      tell('Stopped; what was there before is as it was.');
      return EXIT.interrupted;
    }
    tell(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) {
      tell('`npm run mizan -- --help` lists what there is.');
      return EXIT.usage;
    }
    if (isTableMissing(error)) tell(TABLES_MISSING);
    return EXIT.failed;
  }
}

interface Asked {
  readonly command: Command | undefined;
  /** Whether somebody asked for help, rather than for nothing. */
  readonly meant: boolean;
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

function understand(argv: readonly string[], commands: readonly Command[]): Asked {
  const [subject, verb, ...rest] = argv;
  if (subject === undefined || subject === '--help' || subject === '-h' || subject === 'help') {
    return { command: undefined, meant: subject !== undefined, names: [], options: {} };
  }
  const name = [subject, verb].join(' ').trim();
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw new UsageError(`There is no command "${name}".`);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    return { command, meant: true, names: positionals, options: values };
  } catch (error) {
    throw new UsageError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function onInstallation(command: Command, asked: Asked, surroundings: Surroundings): Promise<ExitCode> {
  const installation = await openInstallation(surroundings.env, surroundings.contexts.eventTypes);
  try {
    const { names, options } = asked;
    return await command.run({ ...surroundings, ...installation, names, options });
  } finally {
    await installation.close();
  }
}

/** SQLSTATE undefined_table and invalid_schema_name. */
function isTableMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === '42P01' || code === '3F000' || isTableMissing(error.cause);
}

const TABLES_MISSING =
  'The first start of Mizan on a database makes its tables; `projections reset --yes` makes those of the read model again.';

function overview(commands: readonly Command[]): string {
  const titles = commands.map(({ name, parameters }) => `${name} ${parameters}`.trim());
  const width = Math.max(...titles.map((title) => title.length));
  return [
    'Operates a Mizan installation: the one whose PostgreSQL DATABASE_URL names, or that of the data folder MIZAN_DATA.',
    '',
    'npm run mizan -- <command>',
    '',
    ...commands.map(({ summary }, place) => `  ${(titles[place] ?? '').padEnd(width)}  ${summary}`),
    '',
    '`<command> --help` says more about one.',
    'Exit codes: 0 done, 1 found something wrong, 2 not understood, 3 could not be done, 130 interrupted.',
  ].join('\n');
}

function helpOf({ name, parameters, summary, details, options }: Command): string {
  const more = Object.keys(options).filter((flag) => !parameters.includes(`--${flag}`));
  const flags = more.map((flag) => ` [--${flag}]`);
  return [`npm run mizan -- ${`${name} ${parameters}`.trim()}${flags.join('')}`, '', summary, '', details].join('\n');
}
