import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { CheckpointMoved, PoisonEvent } from '../subscriptions.errors.js';
import { appendSamples, recorded } from '../testing.js';
import { applyOrIsolate, type Batch, readBatch } from './batch.js';

const some = (type: string, count: number) => Array.from({ length: count }, (_, n) => ({ type, data: { n } }));

describe('a stretch of the log', () => {
  it('reaches to the end of the log when the rest is not for this projection', async () => {
    const store = new InMemoryEventStore();
    await appendSamples(store, [...some('Ours', 2), ...some('Other', 3)]);
    const { events, through, full } = await readBatch(store, { after: '0', max: 10, types: ['Ours'] });
    expect([events.length, through, full]).toEqual([2, '5', false]);
  });

  it('ends at its last event when there may be more', async () => {
    const store = new InMemoryEventStore();
    await appendSamples(store, [...some('Ours', 2), ...some('Other', 3), ...some('Ours', 1)]);
    const { events, through, full } = await readBatch(store, { after: '0', max: 2, types: ['Ours'] });
    expect([events.length, through, full]).toEqual([2, '2', true]);
  });

  it('does not pass over an event that was appended between looking at the end and reading', async () => {
    class Racing extends InMemoryEventStore {
      override async head() {
        const head = await super.head();
        await appendSamples(this, [...some('Other', 1), ...some('Ours', 1), ...some('Other', 1)]);
        return head;
      }
    }
    const { events, through } = await readBatch(new Racing(), { after: '0', max: 10, types: ['Ours'] });
    expect([events.length, through]).toEqual([1, '2']);
  });
});

describe('applying a batch', () => {
  const batch: Batch = { events: recorded(some('Ours', 100)), through: '120', full: false };

  const applying = (refuses: (part: Batch) => unknown) => {
    const applied: Batch[] = [];
    const apply = (part: Batch) => {
      const error = refuses(part);
      if (error !== undefined) return Promise.reject(error instanceof Error ? error : new Error('refused'));
      applied.push(part);
      return Promise.resolve();
    };
    return { applied, done: applyOrIsolate(batch, apply) };
  };

  it('is done in one go when nothing is wrong', async () => {
    const { applied, done } = applying(() => undefined);
    await done;
    expect(applied).toEqual([batch]);
  });

  it.each([1, 2, 50, 51, 99, 100])('applies what comes before event %i, and names it', async (place) => {
    const culprit = String(place);
    const { applied, done } = applying(({ events }) =>
      events.some((one) => one.position === culprit) ? true : undefined,
    );
    await expect(done).rejects.toBeInstanceOf(PoisonEvent);
    await expect(done).rejects.toMatchObject({ position: culprit });
    expect(applied.flatMap(({ events }) => events).map(({ position }) => position)).toEqual(
      batch.events.slice(0, place - 1).map(({ position }) => position),
    );
    // Each part ends at its last event: the checkpoint is where the rows are.
    for (const { events, through } of applied) expect(through).toBe(events.at(-1)!.position);
  });

  it('reaches its end in parts when only the whole was too much', async () => {
    const { applied, done } = applying(({ events }) => (events.length > 30 ? true : undefined));
    await done;
    expect(applied.map(({ through }) => through)).toEqual(['25', '50', '75', '120']);
  });

  it.each([new StoreUnavailable('away'), new CheckpointMoved('tally')])('blames no event for %s', async (error) => {
    const { applied, done } = applying(() => error);
    await expect(done).rejects.toBe(error);
    expect(applied).toEqual([]);
  });
});
