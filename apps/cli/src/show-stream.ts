import { categoryOf, type RecordedEvent, Streams } from '#event-store';
import { AS_OF_DETAILS, asOfOption } from './as-of-option.js';
import { type Command, type CommandContext, EXIT, UsageError } from './cli.js';
import { jsonText } from './json-text.js';
import { figure } from './text-table.js';

export const showStream: Command = {
  name: 'streams show',
  parameters: '<stream> [--as-of <position | time>]',
  summary: 'the events of one stream, and the state that they come to',
  details: `A stream is the history of one thing, such as scale-<id>, household-<id> or weighing-<id>. Its state is what the
decisions about it are based on. Events are shown as they read today, in the newest version of their type; \`log show\`
shows one as it was recorded. --json prints the same for programs.
${AS_OF_DETAILS}`,
  options: { 'as-of': { type: 'string' }, json: { type: 'boolean' } },
  async run(context) {
    const { store, registry, contexts, names, options, print } = context;
    const [stream, ...others] = names;
    if (stream === undefined || others.length > 0) throw new UsageError('Give the name of one stream.');
    const aggregate = contexts.aggregates.find(({ category }) => category === categoryOf(stream));
    if (aggregate === undefined) {
      const categories = contexts.aggregates.map(({ category }) => `${category}-<id>`);
      throw new UsageError(`There are no streams like ${stream}. There are: ${categories.join(', ')}.`);
    }
    const position = (await asOfOption(store, options['as-of'])) ?? (await store.head());
    const events = await new Streams(store, registry).history(stream, { upTo: position });
    if (events.length === 0) return nothingOf(stream, position, context);

    const state = aggregate.stateOf(events);
    if (options['json'] === true) print(jsonText({ stream, position, events, state }));
    else for (const line of inWords(events, state)) print(line);
    return EXIT.done;
  },
};

async function nothingOf(
  stream: string,
  position: string,
  { store, tell }: CommandContext,
): Promise<typeof EXIT.wrong> {
  const [first] = await store.readStream(stream, { max: 1 });
  const known = first === undefined ? '' : `; its first is at position ${figure(first.position)}`;
  tell(`${stream} has no events up to position ${figure(position)}${known}.`);
  return EXIT.wrong;
}

function* inWords(events: readonly RecordedEvent[], state: unknown): Generator<string> {
  for (const { revision, position, recordedAt, type, schemaVersion, data, metadata } of events) {
    yield `${revision}: ${type} v${schemaVersion}, by ${metadata.actor}, recorded ${recordedAt} at position ${figure(position)}`;
    yield jsonText(data);
    yield '';
  }
  yield 'State:';
  yield jsonText(state);
}
