import { describe, expect, it } from '@jest/globals';
import { DomainError, type Decider } from '#kernel';
import { aggregateOf, categoryOf } from './aggregate.js';
import { EventRegistry, eventTypesOf } from './event-registry.js';
import { RevisionConflict, StoreUnavailable } from './event-store.errors.js';
import { READ_EVENTS_MAX, START, type Append, type AppendResult, type EventMetadata } from './event-store.js';
import { Streams } from './streams.js';
import { InMemoryEventStore, anAppend, anEvent } from './testing.js';

interface GramsAdded {
  readonly type: 'GramsAdded';
  readonly data: { readonly grams: number; readonly total: number };
}
interface Add {
  readonly grams: number;
}

class TooHeavy extends DomainError {
  readonly code = 'too-heavy';
}

/** A bin that holds 10 grams. */
const bin: Decider<number, Add, GramsAdded> = {
  initialState: 0,
  decide({ grams }, total) {
    if (total + grams > 10) throw new TooHeavy('It is full');
    return grams === 0 ? [] : [{ type: 'GramsAdded', data: { grams, total: total + grams } }];
  },
  evolve: (total, { data }) => total + data.grams,
};

const registry = new EventRegistry(
  eventTypesOf<GramsAdded>({
    GramsAdded: { schemaVersion: 2, upcasters: [({ kilograms }) => ({ grams: Number(kilograms) * 1_000 })] },
  }),
);
const metadata: EventMetadata = { municipalityId: 'beitillu', correlationId: 'c', causationId: 'c', actor: 'a-1' };

/** A store in which something happens just before an append. */
class RacingStore extends InMemoryEventStore {
  readonly attempts: Append[] = [];
  onAppend: (attempt: number) => Promise<unknown> = () => Promise.resolve();

  override async append(append: Append): Promise<AppendResult> {
    this.attempts.push(append);
    await this.onAppend(this.attempts.length);
    return super.append(append);
  }

  rival(grams: number): Promise<readonly AppendResult[]> {
    const event = anEvent({ type: 'GramsAdded', schemaVersion: 2, data: { grams } });
    return this.appendBatch([anAppend({ stream: 'bin-1', expected: 'any', events: [event] })]);
  }
}

function open(): { readonly store: RacingStore; readonly add: (grams: number) => ReturnType<Streams['decide']> } {
  const store = new RacingStore();
  const streams = new Streams(store, registry);
  return { store, add: (grams) => streams.decide(bin, 'bin-1', { grams }, { metadata }) };
}

describe('deciding on a stream', () => {
  it('records what follows from its history, in the version of the registry', async () => {
    const { store, add } = open();
    await add(3);
    const decision = await add(4);

    expect(decision).toEqual({ events: [{ type: 'GramsAdded', data: { grams: 4, total: 7 } }], position: '2' });
    const recorded = await store.readStream('bin-1');
    expect(recorded).toMatchObject([
      { type: 'GramsAdded', schemaVersion: 2, revision: 0, metadata, data: { grams: 3, total: 3 } },
      { type: 'GramsAdded', schemaVersion: 2, revision: 1, metadata, data: { grams: 4, total: 7 } },
    ]);
    expect(store.attempts.map(({ expected }) => expected)).toEqual(['no-stream', 0]);
  });

  it('records nothing when nothing follows, and says where the stream ends', async () => {
    const { store, add } = open();
    expect(await add(0)).toEqual({ events: [], position: START });
    await add(1);
    await store.append(anAppend());
    expect(await add(0)).toEqual({ events: [], position: '1' });
  });

  it('passes on what the decider refuses', async () => {
    const { store, add } = open();
    await expect(add(11)).rejects.toThrow(TooHeavy);
    expect(store.all()).toEqual([]);
  });

  it('folds events of older versions as they read today', async () => {
    const { store, add } = open();
    const old = anEvent({ type: 'GramsAdded', schemaVersion: 1, data: { kilograms: 1 } });
    await store.append(anAppend({ stream: 'bin-1', events: [old] }));
    await expect(add(1)).rejects.toThrow(TooHeavy);
  });

  it('folds a history longer than a page', async () => {
    const { store, add } = open();
    const nothing = () => anEvent({ type: 'GramsAdded', schemaVersion: 2, data: { grams: 0 } });
    for (let written = 0; written < READ_EVENTS_MAX; written += 500) {
      const events = Array.from({ length: 500 }, nothing);
      await store.appendBatch([{ stream: 'bin-1', expected: 'any', events }]);
    }
    await store.rival(7);
    await expect(add(4)).rejects.toThrow(TooHeavy);
    expect((await add(3)).events).toMatchObject([{ data: { total: 10 } }]);
  });

  it('that is overtaken decides again on the newer history', async () => {
    const { store, add } = open();
    store.onAppend = (attempt) => (attempt < 3 ? store.rival(2) : Promise.resolve());
    const { events } = await add(1);
    expect(events).toEqual([{ type: 'GramsAdded', data: { grams: 1, total: 5 } }]);
    expect(store.attempts.map(({ expected }) => expected)).toEqual(['no-stream', 0, 1]);
  });

  it('that is overtaken may find that it is refused now', async () => {
    const { store, add } = open();
    store.onAppend = () => store.rival(9);
    await expect(add(2)).rejects.toThrow(TooHeavy);
  });

  it('that is always overtaken gives up with the conflict', async () => {
    const { store, add } = open();
    store.onAppend = () => store.rival(0);
    await expect(add(1)).rejects.toThrow(RevisionConflict);
    expect(store.attempts).toHaveLength(3);
  });

  it('repeats an append that was not answered with the same ids, so that it counts once', async () => {
    const { store, add } = open();
    store.onAppend = async (attempt) => {
      if (attempt > 1) return;
      // It was written all the same.
      await store.appendBatch(store.attempts);
      throw new StoreUnavailable('cut');
    };
    expect(await add(5)).toEqual({ events: [{ type: 'GramsAdded', data: { grams: 5, total: 5 } }], position: '1' });
    expect(store.all()).toHaveLength(1);
    expect(store.attempts[1]).toEqual(store.attempts[0]);
  });

  it('gives up when the store stays away', async () => {
    const { store, add } = open();
    store.onAppend = () => Promise.reject(new StoreUnavailable('away'));
    await expect(add(1)).rejects.toThrow(StoreUnavailable);
    expect(store.attempts).toHaveLength(3);
  });
});

describe('the state of streams', () => {
  it('is what their histories come to, whatever the version of their events', async () => {
    const { store, add } = open();
    await add(3);
    const old = anEvent({ type: 'GramsAdded', schemaVersion: 1, data: { kilograms: 1 } });
    await store.append(anAppend({ stream: 'bin-2', events: [old] }));

    const streams = new Streams(store, registry);
    expect(await streams.stateOf(bin, 'bin-1')).toBe(3);
    expect(await streams.stateOf(bin, 'bin-2')).toBe(1_000);
    expect(await streams.stateOf(bin, 'bin-3')).toBe(0);
  });

  it('is told for as many as are asked for, in their order', async () => {
    const { store, add } = open();
    await add(3);
    const names = Array.from({ length: 40 }, (_, index) => `bin-${index}`);
    const states = await new Streams(store, registry).statesOf(bin, names);
    expect(states).toEqual(names.map((name) => (name === 'bin-1' ? 3 : 0)));
    expect(await new Streams(store, registry).statesOf(bin, [])).toEqual([]);
  });

  it('is what they came to when the log ended at a position', async () => {
    const { store, add } = open();
    await add(3);
    await store.append(anAppend({ stream: 'elsewhere-1' }));
    await add(4);

    const streams = new Streams(store, registry);
    const asOf = (upTo: string) => streams.stateOf(bin, 'bin-1', { upTo });
    expect(await Promise.all([START, '1', '2', '3', '4'].map(asOf))).toEqual([0, 3, 3, 7, 7]);
    expect(await streams.history('bin-1', { upTo: '2' })).toMatchObject([{ position: '1', data: { grams: 3 } }]);
    expect(await streams.history('bin-2')).toEqual([]);
  });

  it('is told by an aggregate to whoever does not know the decider', async () => {
    const { store, add } = open();
    await add(3);
    const aggregate = aggregateOf('bin', bin);
    expect(categoryOf('bin-1-2')).toBe(aggregate.category);
    expect(aggregate.stateOf(await new Streams(store, registry).history('bin-1'))).toBe(3);
  });
});
