import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DataSource } from 'typeorm';
import { migrate, openDatabase } from '#platform';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { CreateIngest1764028800220 } from '../migrations/1764028800220-create-ingest.js';
import { ScaleSequenceLedger } from './scale-sequence-ledger.js';

describe('the sequence of a scale', () => {
  let test: TestDatabase;
  let database: DataSource;
  let ledger: ScaleSequenceLedger;
  let scales = 0;

  const newScale = (firstSeq: number | null = 1) => {
    scales += 1;
    return { scaleId: `scale-${scales}`, municipalityId: 'beitillu', firstSeq };
  };

  beforeAll(async () => {
    test = await startTestDatabase();
    await migrate(test.url, { core: [CreateIngest1764028800220], readModel: [] });
    database = await openDatabase(test.url);
    ledger = new ScaleSequenceLedger(database);
  });
  afterAll(async () => {
    await database.destroy();
    await test.stop();
  });

  it('is covered up to the first number that is missing, in whatever order and however often numbers come', async () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 0, max: 5 }), async (seqs, firstSeq) => {
        const scale = newScale(firstSeq);
        const stored = new Set<number>();
        for (const batch of seqs) {
          for (const seq of batch) stored.add(seq);
          let end = firstSeq;
          while (stored.has(end)) end += 1;
          const acked = await ledger.add([{ scale, seqs: batch }]);
          expect(acked.get(scale.scaleId)).toBe(end === firstSeq ? null : end - 1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never goes back where several processes add at once', async () => {
    const [one, other] = [newScale(), newScale()];
    const seqs = Array.from({ length: 60 }, (_, n) => n + 1);
    await Promise.all(
      seqs.map((seq) => {
        const both = [
          { scale: one, seqs: [seq] },
          { scale: other, seqs: [61 - seq] },
        ];
        return ledger.add(seq % 2 === 0 ? both : both.toReversed());
      }),
    );
    const acked = await ledger.add([
      { scale: one, seqs: [1] },
      { scale: other, seqs: [1] },
    ]);
    expect([...acked.values()]).toEqual([60, 60]);
  });

  it('begins with what is heard first where the register does not say', async () => {
    const scale = newScale(null);
    expect((await ledger.add([{ scale, seqs: [9, 8, 11] }])).get(scale.scaleId)).toBe(9);
    expect((await ledger.add([{ scale, seqs: [10] }])).get(scale.scaleId)).toBe(11);
    expect((await ledger.add([{ scale, seqs: [3] }])).get(scale.scaleId)).toBe(11);
  });

  it('reaches as far as a number can', async () => {
    const last = Number.MAX_SAFE_INTEGER;
    const scale = newScale(last - 1);
    expect((await ledger.add([{ scale, seqs: [last - 1, last] }])).get(scale.scaleId)).toBe(last);
  });

  it('remembers a bounded number of stretches, and what it forgot when it comes again', async () => {
    const scale = newScale();
    const odd = Array.from({ length: 1_500 }, (_, n) => 2 * n + 1);
    await ledger.add([{ scale, seqs: odd }]);
    const [row] = await database.query<{ stretches: string; last: string }[]>(
      `SELECT (SELECT count(*) FROM unnest(stored)) AS stretches, upper(stored) - 1 AS last
       FROM ingest.scale_sequence WHERE scale_id = $1`,
      [scale.scaleId],
    );
    expect(row).toEqual({ stretches: '1000', last: '1999' });

    // The rest comes, and what no receipt covered comes again.
    await ledger.add([{ scale, seqs: odd.map((seq) => seq + 1) }]);
    const repeated = Array.from({ length: 3_000 }, (_, n) => n + 1);
    expect((await ledger.add([{ scale, seqs: repeated }])).get(scale.scaleId)).toBe(3_000);
  });

  it('of nobody is nothing', async () => {
    expect(await ledger.add([])).toEqual(new Map());
  });
});
