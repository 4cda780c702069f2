import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { type RecordedEvent } from '../event-store.js';
import { migrateEventLog } from '../postgres/postgres-engine.testing.js';
import { prepareAppend, type PreparedAppend } from '../prepared-append.js';
import { anAppend, anEvent } from '../testing.js';
import { ClaimIndex } from './claim-index.js';

const CLAIMERS = 8;

describe('the index of event ids', () => {
  let database: TestDatabase;
  let index: ClaimIndex;

  beforeAll(async () => {
    database = await startTestDatabase();
    await migrateEventLog(database.url);
    index = new ClaimIndex(database.url, CLAIMERS);
  });
  afterAll(async () => {
    await index.close();
    await database.stop();
  });

  const offer = (append: PreparedAppend, firstRevision: number | undefined = 0) => ({ append, firstRevision });
  const prepared = (...events: readonly ReturnType<typeof anEvent>[]) => prepareAppend(anAppend({ events }));

  it('gives an event to one claimer only, and tells the others who it is', async () => {
    const shared = anEvent();
    const appends = Array.from({ length: CLAIMERS }, (_, n) =>
      prepared(...(n % 2 ? [shared, anEvent()] : [anEvent(), shared])),
    );
    const known = await Promise.all(appends.map((append) => index.claim([offer(append)], Date.now())));
    const winners = appends.filter((_, n) => known[n]?.size === 0);
    expect(winners).toHaveLength(1);
    const [claim] = known.flatMap((events) => events.get(shared.id) ?? []);
    expect(claim).toMatchObject({
      stream: winners[0]?.stream,
      firstId: winners[0]?.events[0]?.id,
      position: undefined,
    });
    // Of what was refused nothing is claimed, not even the part that nobody else wanted.
    const [refused] = appends.filter((append) => append !== winners[0]);
    const other = refused?.events.find(({ id }) => id !== shared.id);
    const again = await index.claim(
      [offer({ ...winners[0], events: other ? [other] : [] } as PreparedAppend)],
      Date.now(),
    );
    expect(again.size).toBe(0);
  });

  it('is only asked by an offer without a revision', async () => {
    const append = prepared(anEvent());
    await index.claim([{ append, firstRevision: undefined }], Date.now());
    expect((await index.claim([offer(append)], Date.now())).size).toBe(0);
    expect((await index.claim([offer(append)], Date.now())).size).toBe(1);
  });

  it('gives a claim up only at the revision at which it was refused, and never what is written', async () => {
    const append = prepared(anEvent(), anEvent());
    const firstId = append.events[0]?.id ?? '';
    const recordedAtMs = Date.now();
    await index.claim([offer(append, 4)], recordedAtMs);
    await index.release([{ firstId, firstRevision: 3 }]);
    expect((await index.claim([offer(append, 4)], recordedAtMs)).size).toBe(2);
    await index.release([{ firstId, firstRevision: 4 }]);
    expect((await index.claim([offer(append, 4)], recordedAtMs)).size).toBe(0);

    await index.recordAppends([{ claim: { append, firstRevision: 4, recordedAtMs }, position: '77' }]);
    await index.release([{ firstId, firstRevision: 4 }]);
    const known = await index.claim([offer(append, 4)], recordedAtMs);
    expect(known.get(append.events[1]?.id ?? '')).toMatchObject({
      revision: 5,
      lastRevision: 5,
      position: '77',
      recordedAtMs,
    });
  });

  it('learns of what is in the log, and keeps what it knows', async () => {
    const event: RecordedEvent = {
      ...anEvent(),
      stream: 'weighing-7',
      revision: 2,
      position: '88',
      recordedAt: new Date().toISOString(),
    };
    await index.recordEvents([{ event, fingerprint: 'f' }]);
    await index.recordEvents([{ event: { ...event, position: '99' }, fingerprint: 'g' }]);
    const known = await index.claim(
      [offer(prepareAppend(anAppend({ events: [anEvent({ id: event.id })] })))],
      Date.now(),
    );
    expect(known.get(event.id)).toMatchObject({ stream: 'weighing-7', revision: 2, fingerprint: 'f', position: '88' });
  });

  it('finds the last position of a moment, though clocks are apart', async () => {
    const start = Date.parse('2030-01-01T00:00:00.000Z');
    const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
    const times: readonly [position: string, seconds: number][] = [
      ['1000', 10],
      ['1001', 30],
      ['1002', 20],
      ['1003', 40],
    ];
    await index.recordEvents(
      times.map(([position, seconds]) => ({
        event: { ...anEvent(), stream: uuidv7(), revision: 0, position, recordedAt: at(seconds) },
        fingerprint: 'f',
      })),
    );
    const found = await Promise.all([10, 15, 20, 30, 40, 99].map((seconds) => index.positionAt(at(seconds))));
    expect(found).toEqual(['1000', '1000', '1002', '1002', '1003', '1003']);
    expect(await index.newest()).toMatchObject({ position: '1003' });
  });
});
