import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { migrate, openDatabase } from '#platform';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { CreateIngest1764028800220 } from '../migrations/1764028800220-create-ingest.js';
import { ScaleSequenceLedger } from '../record-weighing/scale-sequence-ledger.js';
import { ScaleSequencesReader } from './scale-sequences.reader.js';

describe('what was heard of scales', () => {
  let test: TestDatabase;
  let database: DataSource;
  let heard: ScaleSequencesReader;

  beforeAll(async () => {
    test = await startTestDatabase();
    await migrate(test.url, { core: [CreateIngest1764028800220], readModel: [] });
    database = await openDatabase(test.url);
    heard = new ScaleSequencesReader(database);
    await new ScaleSequenceLedger(database).add([
      { scale: { scaleId: 'whole', municipalityId: 'beitillu', firstSeq: 1 }, seqs: [1, 2, 3] },
      { scale: { scaleId: 'gaps', municipalityId: 'beitillu', firstSeq: 1 }, seqs: [1, 4, 5, 9] },
      { scale: { scaleId: 'late', municipalityId: 'beitillu', firstSeq: 1 }, seqs: [2] },
      { scale: { scaleId: 'random', municipalityId: 'beitillu', firstSeq: 0 }, seqs: everyOther(400) },
    ]);
    await database.query(
      `INSERT INTO ingest.scale_status (scale_id, municipality_id, status, status_at, last_seen_at) VALUES
         ('whole', 'beitillu', 'online', '2026-11-23T08:00:00Z', '2026-11-23T08:15:30.120Z'),
         ('silent', 'beitillu', 'offline', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z'),
         ('gaps', 'beitillu', NULL, NULL, '2026-11-23T09:00:00Z')`,
    );
  });
  afterAll(async () => {
    await database.destroy();
    await test.stop();
  });

  it('is how far its reports came without a gap, and when it was last there', async () => {
    expect(await heard.find('beitillu', ['whole'])).toEqual([
      { scaleId: 'whole', ackedSeq: '3', missing: [], status: 'online', lastSeenAt: '2026-11-23T08:15:30.120Z' },
    ]);
  });

  it('is which reports are missing, from the first number on', async () => {
    expect(await heard.find('beitillu', ['gaps'])).toEqual([
      {
        scaleId: 'gaps',
        ackedSeq: '1',
        missing: [
          { from: '2', to: '3' },
          { from: '6', to: '8' },
        ],
        status: 'unknown',
        lastSeenAt: '2026-11-23T09:00:00.000Z',
      },
    ]);
    expect(await heard.find('beitillu', ['late'])).toEqual([
      { scaleId: 'late', ackedSeq: null, missing: [{ from: '1', to: '1' }], status: 'unknown', lastSeenAt: null },
    ]);
  });

  it('is known of a scale that never reported a weighing', async () => {
    expect(await heard.find('beitillu', ['silent'])).toEqual([
      { scaleId: 'silent', ackedSeq: null, missing: [], status: 'offline', lastSeenAt: '2026-11-23T08:00:00.000Z' },
    ]);
  });

  it('is the lowest gaps of a scale that has too many', async () => {
    const [random] = await heard.find('beitillu', ['random']);
    expect(random?.missing).toHaveLength(50);
    expect(random?.missing.at(-1)).toEqual({ from: '99', to: '99' });
  });

  it('is nothing of a stranger, or of a scale of another municipality', async () => {
    expect(await heard.find('beitillu', ['nobody'])).toEqual([]);
    expect(await heard.find('elsewhere', ['whole', 'silent'])).toEqual([]);
  });
});

/** 0, 2, 4 … */
function everyOther(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 2 * index);
}
