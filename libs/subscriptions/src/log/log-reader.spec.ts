import { describe, expect, it } from '@jest/globals';
import { type ReadAll } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import { appendSamples } from '../testing.js';
import { CATCH_UP_EVENTS_MAX, CatchUpReader, FOLLOW_EVENTS_MAX, SharedLogReader } from './log-reader.js';

class Counting extends InMemoryEventStore {
  reads = 0;
  failures = 0;

  override readAll(options: ReadAll) {
    this.reads += 1;
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('away'));
    }
    return super.readAll(options);
  }
}

const some = (type: string, count: number) => Array.from({ length: count }, (_, n) => ({ type, data: { n } }));

describe('projections that follow the end of the log', () => {
  it('share one read, and each takes what it handles', async () => {
    const store = new Counting();
    await appendSamples(store, [...some('A', 3), ...some('B', 2)]);
    const shared = new SharedLogReader(store);
    const [a, b, none] = await Promise.all([
      shared.read('0', new Set(['A'])),
      shared.read('0', new Set(['B'])),
      shared.read('0', new Set(['C'])),
    ]);
    expect([a.events.length, b.events.length, none.events.length]).toEqual([3, 2, 0]);
    expect([a.through, b.through, none.through]).toEqual(['5', '5', '5']);
    expect(store.reads).toBe(1);
  });

  it('get what was appended after another one has read', async () => {
    const store = new Counting();
    await appendSamples(store, some('A', 1));
    const shared = new SharedLogReader(store);
    await shared.read('0', new Set(['A']));
    await appendSamples(store, some('A', 1));
    expect(await shared.read('0', new Set(['A']))).toMatchObject({ through: '1' });
    expect(await shared.read('1', new Set(['A']))).toMatchObject({ through: '2' });
    expect(store.reads).toBe(2);
  });

  it('read again what was not there, or could not be read', async () => {
    const store = new Counting();
    const shared = new SharedLogReader(store);
    expect(await shared.read('0', new Set(['A']))).toEqual({ events: [], through: '0', full: false });
    await appendSamples(store, some('A', 1));
    store.failures = 1;
    await expect(shared.read('0', new Set(['A']))).rejects.toThrow('away');
    expect(await shared.read('0', new Set(['A']))).toMatchObject({ through: '1' });
  });

  it('read bounded pages', async () => {
    const store = new Counting();
    await appendSamples(store, some('A', FOLLOW_EVENTS_MAX + 1));
    const shared = new SharedLogReader(store);
    expect(await shared.read('0', new Set(['A']))).toMatchObject({ through: `${FOLLOW_EVENTS_MAX}`, full: true });
  });
});

describe('a projection that is behind', () => {
  it('has its next batch read while it folds', async () => {
    const store = new Counting();
    await appendSamples(store, some('A', CATCH_UP_EVENTS_MAX + 5));
    const reader = new CatchUpReader(store, ['A']);
    const first = await reader.read('0');
    expect(first).toMatchObject({ through: `${CATCH_UP_EVENTS_MAX}`, full: true });
    await eventually(() => expect(store.reads).toBe(2));
    expect(await reader.read(first.through)).toMatchObject({ through: `${CATCH_UP_EVENTS_MAX + 5}`, full: false });
    expect(store.reads).toBe(2);
  });

  it('reads from where it is, not from where it was expected to be', async () => {
    const store = new Counting();
    await appendSamples(store, some('A', CATCH_UP_EVENTS_MAX + 5));
    const reader = new CatchUpReader(store, ['A']);
    await reader.read('0');
    expect(await reader.read('10')).toMatchObject({ through: `${CATCH_UP_EVENTS_MAX + 5}` });
    expect(store.reads).toBe(3);
  });
});
