import { describe, expect, it } from '@jest/globals';
import { load, MaterialTally, POISON, SplitTally } from '../material-tally.testing.js';
import { recorded } from '../testing.js';
import { consumersOf, PARTITIONS_MAX, partitionOf } from './consumer.js';

describe('the consumers of a projection', () => {
  it('are one when it is not split, and take everything', () => {
    const [consumer, ...others] = consumersOf(new MaterialTally());
    expect([consumer!.label, consumer!.partition, others]).toEqual(['material-tally', { number: 0, of: 1 }, []]);
    expect(consumer!.takes(recorded([load('glass', 1)])[0]!)).toBe(true);
  });

  it('take each event once among them', () => {
    const consumers = consumersOf(new SplitTally(4));
    expect(consumers.map(({ label }) => label)).toEqual([0, 1, 2, 3].map((number) => `material-tally#${number}`));
    for (const event of recorded([load('glass', 1), load('paper', 1), POISON])) {
      expect(consumers.filter((consumer) => consumer.takes(event))).toHaveLength(1);
    }
  });

  it('all take an event that has no key', () => {
    class ForEveryone extends SplitTally {
      override readonly partitioning = { partitions: 4, keyOf: () => null };
    }
    const [event] = recorded([load('glass', 1)]);
    expect(consumersOf(new ForEveryone(4)).map((consumer) => consumer.takes(event!))).toEqual([true, true, true, true]);
  });

  it('compete for other leases when the version or the number of partitions is another', () => {
    class Second extends SplitTally {
      override readonly version = 2;
    }
    const leases = [new SplitTally(1), new SplitTally(2), new Second(2)].flatMap(consumersOf).map(({ lease }) => lease);
    expect(new Set(leases).size).toBe(5);
  });

  it.each([0, 1.5, PARTITIONS_MAX + 1])('cannot be %d', (partitions) => {
    expect(() => consumersOf(new SplitTally(partitions))).toThrow(RangeError);
  });
});

describe('the partition of a key', () => {
  it('never changes: rows were written by it', () => {
    // FNV-1a: the published values of the empty string, of "a" and of "foobar", modulo 64.
    expect(['', 'a', 'foobar'].map((key) => partitionOf(key, 64))).toEqual([
      0x811c9dc5 % 64,
      0xe40c292c % 64,
      0xbf9cf968 % 64,
    ]);
  });

  it('is about as often one as another', () => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4_000; n += 1) counts[partitionOf(`00000000-0000-7000-8000-${n}`, 4)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
