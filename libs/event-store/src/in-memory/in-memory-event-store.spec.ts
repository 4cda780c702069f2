import { describe, expect, it } from '@jest/globals';
import { anAppend, eventStoreContract, InMemoryEventStore } from '../testing.js';

eventStoreContract(
  'the log in memory',
  () => {
    const store = new InMemoryEventStore();
    const nothing = () => Promise.resolve();
    return Promise.resolve({ store, connect: () => Promise.resolve(store), closeClients: nothing, close: nothing });
  },
  { gapless: true, canFail: false },
);

describe('the log in memory', () => {
  it('stamps events with the clock it is given, and never goes back', async () => {
    const times = [5_000, 3_000, 7_000];
    const store = new InMemoryEventStore(() => times.shift() ?? 0);
    for (let append = 0; append < 3; append += 1) await store.append(anAppend());
    expect(store.all().map(({ recordedAt }) => Date.parse(recordedAt))).toEqual([5_000, 5_000, 7_000]);
  });
});
