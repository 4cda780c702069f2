import { describe, expect, it } from '@jest/globals';
import { type EngineCapabilities, type ReadAll, type RecordedEvent } from '#event-store';
import { anAppend, InMemoryEventStore } from '#event-store/testing';
import { checkLog } from './check-log.js';
import { type CommandContext, EXIT } from './cli.js';

/** Positions as an engine gives them that does not count events. */
class LogWithGaps extends InMemoryEventStore {
  override readonly capabilities: EngineCapabilities = {
    engine: 'memory with gaps',
    atomicAppends: true,
    gaplessPositions: false,
  };

  /** @param places of the events in the log, in the order in which they are read */
  constructor(private readonly places: readonly string[]) {
    super();
  }

  override async readAll({ after, max }: ReadAll): Promise<readonly RecordedEvent[]> {
    const first = after === '0' ? 0 : this.places.indexOf(after) + 1;
    const events = await super.readAll({ after: String(first), max });
    return events.map((event, n) => ({ ...event, position: this.places[first + n] ?? '' }));
  }

  override head(): Promise<string> {
    return Promise.resolve(this.places.at(-1) ?? '0');
  }
}

describe('checking a log whose positions have gaps', () => {
  const check = async (places: readonly string[]) => {
    const store = new LogWithGaps(places);
    await store.appendBatch(places.map(() => anAppend()));
    const printed: string[] = [];
    const code = await checkLog.run({
      store,
      signal: new AbortController().signal,
      print: (line: string) => printed.push(line),
    } as unknown as CommandContext);
    return { code, printed };
  };

  it('finds it in order when positions rise', async () => {
    expect(await check(['7', '1200', '1201'])).toEqual({
      code: EXIT.done,
      printed: ['3 events up to position 1,201: in order'],
    });
  });

  it('finds an event that is out of order', async () => {
    expect(await check(['7', '1200', '800', '1201'])).toEqual({
      code: EXIT.wrong,
      printed: ['position 800 follows 1200', '4 events up to position 1,201: NOT IN ORDER'],
    });
  });
});
