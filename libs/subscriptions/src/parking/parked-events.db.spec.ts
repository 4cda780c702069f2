import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import { checkpoints } from '../checkpoint/checkpoint.js';
import { type LoadEvent, load, MaterialTally, materialTallyMigrations, POISON } from '../material-tally.testing.js';
import { surveyProjections } from '../progress/projection-survey.js';
import { type Recorded, type Transaction } from '../projection.js';
import { rebuildProjection } from '../rebuild/rebuild-projection.js';
import { verifyProjection } from '../rebuild/verify-projection.js';
import { ProjectionRunner } from '../running/projection-runner.js';
import { appendSamples, openReadModel, type TestReadModel } from '../testing.js';
import { parkedEvents, parkEvent, unparkEvent } from './parked-events.js';

const registry = { upcast: <E>(event: E) => event };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

const REASON = 'The scale was being tested; nobody weighed this';

describe('an event at which a projection stopped', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let runner: ProjectionRunner;
  let eventId: string;
  const tally = new MaterialTally();

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    store = new InMemoryEventStore();
    await appendSamples(store, [load('glass', 5), POISON, load('glass', 7)]);
    eventId = store.all()[1]!.id;
    runner = new ProjectionRunner({ ...source(), projections: [tally], log: silent });
    runner.start();
    await eventually(async () => {
      expect(await checkpoints(readModel.database)).toMatchObject([{ status: 'stopped', position: '1' }]);
    });
  });
  afterEach(async () => {
    await runner.stop();
    await readModel.close();
  });

  const source = () => ({ store, registry, dataSource: readModel.database });
  const park = (changes: Partial<Parameters<typeof parkEvent>[1]> = {}) =>
    parkEvent(readModel.database, { projection: tally.name, eventId, by: 'Rana', reason: REASON, ...changes });
  const unpark = () => unparkEvent(readModel.database, { projection: tally.name, eventId, by: 'Sami' });
  const reaches = (position: string) =>
    eventually(async () => {
      expect(await checkpoints(readModel.database)).toMatchObject([{ position, status: 'running', error: null }]);
    });
  const grams = async () => (await readModel.rows('material_tally')).map((row) => [row['material'], row['grams']]);
  const repair = () => readModel.database.query('ALTER TABLE material_tally DROP CONSTRAINT materials_have_names');

  it('can be set aside with a reason; the projection goes on without it, and says so', async () => {
    await park();
    await reaches('3');
    expect(await grams()).toEqual([['glass', '12']]);
    expect(await parkedEvents(readModel.database)).toEqual([
      {
        projection: 'material-tally',
        eventId,
        position: '2',
        version: 1,
        error: expect.stringContaining('materials_have_names'),
        reason: REASON,
        parkedBy: 'Rana',
        parkedAt: expect.stringMatching(/^20.*Z$/),
      },
    ]);
    expect(await surveyProjections(readModel.database)).toMatchObject([{ name: 'material-tally', parkedEvents: 1 }]);
  });

  it('is left out by a rebuild, by a verification and by a read model that is made again', async () => {
    await park();
    await reaches('3');
    expect(await verifyProjection(source(), tally)).toMatchObject({ matches: true, parkedEvents: 1 });
    expect(await rebuildProjection(source(), tally)).toEqual({ position: '3', eventsApplied: 2 });
    await readModel.database.query('DELETE FROM projection_checkpoint');
    await reaches('3');
    expect(await grams()).toEqual([['glass', '12']]);
    class Second extends MaterialTally {
      override readonly version = 2;
    }
    await rebuildProjection(source(), new Second());
    expect(await grams()).toEqual([['glass', '12']]);
  });

  it('counts again after it is taken back and the projection is rebuilt; who decided what is kept', async () => {
    await park();
    await reaches('3');
    await repair();
    await unpark();
    expect(await verifyProjection(source(), tally)).toMatchObject({ matches: false, parkedEvents: 0 });
    await rebuildProjection(source(), tally);
    expect(await grams()).toEqual([
      ['', '1'],
      ['glass', '12'],
    ]);
    expect(await parkedEvents(readModel.database)).toEqual([]);
    expect(
      await readModel.database.query('SELECT reason, parked_by, unparked_by FROM subscriptions.parked_event'),
    ).toEqual([{ reason: REASON, parked_by: 'Rana', unparked_by: 'Sami' }]);
    await expect(unpark()).rejects.toMatchObject({ code: 'event-not-parked' });
  });

  it.each(['', 'too short', '          ', 'x'.repeat(1_001)])(
    'is not set aside for the reason "%.12s"',
    async (reason) => {
      await expect(park({ reason })).rejects.toMatchObject({ code: 'unfit-parking-reason' });
      expect(await parkedEvents(readModel.database)).toEqual([]);
    },
  );

  it('is the only one that can be set aside', async () => {
    for (const other of [store.all()[0]!.id, randomUUID()]) {
      await expect(park({ eventId: other })).rejects.toMatchObject({
        code: 'projection-not-stopped-at-event',
        details: { failedEventIds: [eventId] },
      });
    }
    await expect(park({ projection: 'another' })).rejects.toThrow('it has not stopped');
    await park();
    await expect(park()).rejects.toMatchObject({ code: 'projection-not-stopped-at-event' });
    expect(await checkpoints(readModel.database)).toMatchObject([{ status: 'running' }]);
  });

  it('does not get lost in a rebuild that knew of it', async () => {
    await repair();
    class ParkedMeanwhile extends MaterialTally {
      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        await super.project(batch, tx);
        await park();
      }
    }
    await expect(rebuildProjection(source(), new ParkedMeanwhile())).rejects.toMatchObject({
      code: 'parked-events-changed',
    });
    await reaches('3');
    expect(await grams()).toEqual([['glass', '12']]);
  });
});
