import { describe, expect, it } from '@jest/globals';
import { EventRegistry } from '#event-store';
import { anAppend, anEvent, InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../test/support/eventually.js';
import { type CommandContext, EXIT } from './cli.js';
import { followLog } from './follow-log.js';

const registry = new EventRegistry(['WasteWeighed', 'WeighingVoided'].map((type) => ({ type, schemaVersion: 1 })));

describe('following the log', () => {
  const follow = (store: InMemoryEventStore, options: Record<string, unknown> = {}) => {
    const [printed, told, stop]: [string[], string[], AbortController] = [[], [], new AbortController()];
    const ended = followLog.run({
      store,
      registry,
      names: [],
      options,
      signal: stop.signal,
      print: (line: string) => printed.push(line),
      tell: (line: string) => told.push(line),
    } as unknown as CommandContext);
    return { printed, told, ended, stop: () => stop.abort() };
  };
  const weighed = (type = 'WasteWeighed') => anAppend({ stream: `weighing-${type}`, events: [anEvent({ type })] });

  it('begins at the end of the log, and says so once', async () => {
    const store = new InMemoryEventStore(() => Date.parse('2026-11-25T08:15:30.120Z'));
    await store.append(weighed('WeighingVoided'));
    const { printed, told, ended, stop } = follow(store);
    await eventually(() => {
      expect(told).toEqual(['Caught up at position 1; Ctrl-C ends it.']);
    });
    await store.append(weighed());
    await eventually(() => {
      expect(printed).toEqual([
        '2  2026-11-25T08:15:30.120Z  WasteWeighed v1  weighing-WasteWeighed 0  {"material":"glass","netGrams":1250}',
      ]);
    });
    stop();
    expect(await ended).toBe(EXIT.done);
    expect(told).toHaveLength(1);
  });

  it('begins after a position and keeps to the types it is asked for', async () => {
    const store = new InMemoryEventStore();
    await store.appendBatch([weighed(), weighed('WeighingVoided')]);
    const { printed, told, ended, stop } = follow(store, { after: '0', type: ['WeighingVoided'], json: true });
    await eventually(() => {
      expect(told).toEqual(['Caught up at position 2; Ctrl-C ends it.']);
    });
    stop();
    await ended;
    expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual(await store.readAll({ after: '1', max: 10 }));
  });

  it.each([
    [{ after: '-1' }, 'give a position of the log'],
    [{ after: '1.5' }, 'give a position of the log'],
    [{ type: ['WasteWeighed', 'Wasted'] }, 'no event type Wasted. There are: WasteWeighed, WeighingVoided.'],
  ])('refuses %j', async (options, reason) => {
    await expect(follow(new InMemoryEventStore(), options).ended).rejects.toThrow(reason);
  });
});
