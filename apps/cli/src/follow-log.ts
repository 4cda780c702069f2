import { type EventRegistry, type RecordedEvent, subscribeTo } from '#event-store';
import { type Command, EXIT, UsageError } from './cli.js';
import { figure } from './text-table.js';

export const followLog: Command = {
  name: 'log follow',
  parameters: '[--after <position>] [--type <type>…]',
  summary: 'print events as they are recorded, until Ctrl-C',
  details: `Begins at the end of the log, or after the position given: 0 is before its first event. --type may be given several
times. Each event is a line with its position, time, type, stream, revision and data as they were recorded; with --json
a line is all of it, for programs. Says when it has caught up. It goes on by itself when the connection was lost.`,
  options: {
    after: { type: 'string' },
    type: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  },
  async run({ store, registry, names, options, signal, print, tell }) {
    if (names.length > 0) throw new UsageError(`log follow does not know what to do with ${names.join(' ')}.`);
    const after = positionOption(options['after']) ?? (await store.head());
    const types = typesOption(options['type'], registry);
    const lineOf = options['json'] === true ? JSON.stringify : inWords;
    let isLive = false;
    for await (const message of subscribeTo(store, { after, signal, ...(types && { types }) })) {
      if (message.kind === 'events') for (const event of message.events) print(lineOf(event));
      else if (!isLive) tell(`Caught up at position ${figure(message.position)}; Ctrl-C ends it.`);
      isLive ||= message.kind === 'caught-up';
    }
    return EXIT.done;
  },
};

function positionOption(after: unknown): string | undefined {
  if (typeof after !== 'string') return undefined;
  if (/^\d{1,18}$/.test(after)) return after;
  throw new UsageError(`--after ${after}: give a position of the log, a whole number from 0.`);
}

/** A type that nobody knows would be waited for in vain. */
function typesOption(types: unknown, registry: EventRegistry): readonly string[] | undefined {
  if (!Array.isArray(types)) return undefined;
  return types.map((type) => {
    if (registry.types.includes(String(type))) return String(type);
    throw new UsageError(`There is no event type ${type}. There are: ${registry.types.toSorted().join(', ')}.`);
  });
}

function inWords({ position, recordedAt, type, schemaVersion, stream, revision, data }: RecordedEvent): string {
  return `${figure(position)}  ${recordedAt}  ${type} v${schemaVersion}  ${stream} ${revision}  ${JSON.stringify(data)}`;
}
