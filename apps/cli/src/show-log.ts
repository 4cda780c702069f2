import { type EventStore, type RecordedEvent } from '#event-store';
import { type Command, EXIT, UsageError } from './cli.js';
import { jsonText } from './json-text.js';

export const showLog: Command = {
  name: 'log show',
  parameters: '<position> | <stream> <revision>',
  summary: 'one event as it was recorded, with its metadata',
  details: `Where its type has been given a new version since, what it reads as today follows. Exit code 1 when there is no such
event. A position is enough where positions count events, as they do in PostgreSQL.`,
  options: {},
  async run({ store, registry, names, print, tell }) {
    const event = await eventAt(store, names);
    if (event === undefined) {
      tell(`There is no event at ${names.join(' ')}.`);
      return EXIT.wrong;
    }
    print(jsonText(event));
    const { schemaVersion, data } = registry.upcast(event);
    if (schemaVersion !== event.schemaVersion)
      print(`\nIt reads today, as version ${schemaVersion}:\n${jsonText(data)}`);
    return EXIT.done;
  },
};

async function eventAt(store: EventStore, names: readonly string[]): Promise<RecordedEvent | undefined> {
  const [place = '', revision, ...others] = names;
  if (others.length === 0 && /^\d{1,9}$/.test(revision ?? '')) {
    return (await store.readStream(place, { from: Number(revision), max: 1 }))[0];
  }
  if (revision !== undefined || !/^[1-9]\d{0,17}$/.test(place)) {
    throw new UsageError(
      'Give a position of the log, a whole number from 1, or a stream and a revision in it, from 0.',
    );
  }
  const { engine, gaplessPositions } = store.capabilities;
  if (!gaplessPositions) throw new UsageError(`Positions of ${engine} have gaps: give the stream and the revision.`);
  return (await store.readAll({ after: (BigInt(place) - 1n).toString(), max: 1 }))[0];
}
