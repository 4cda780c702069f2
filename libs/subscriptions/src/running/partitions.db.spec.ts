import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import { checkpoints } from '../checkpoint/checkpoint.js';
import { load, materialTallyMigrations, MaterialTally, SplitTally, voided } from '../material-tally.testing.js';
import { parkEvent } from '../parking/parked-events.js';
import { ReadModelProgress } from '../progress/read-model-progress.js';
import { type Projection } from '../projection.js';
import { rebuildProjection } from '../rebuild/rebuild-projection.js';
import { verifyProjection } from '../rebuild/verify-projection.js';
import { appendSamples, openReadModel, projectionContract, type TestReadModel } from '../testing.js';
import { ProjectionRunner } from './projection-runner.js';

const registry = { upcast: <E>(event: E) => event };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** One of each partition, as their names happen to fall. */
const MATERIALS = ['glass', 'paper', 'metal', 'plastic', 'organic', 'textiles', 'wood', 'rubble'];

projectionContract(new SplitTally(4), {
  migrations: materialTallyMigrations,
  samples: [load('glass', 1_200), load('paper', 300), voided('glass', 200), load('metal', 5), voided('paper', 300)],
});

describe('a projection in partitions', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let runners: ProjectionRunner[];
  const tally = new SplitTally(4);

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    store = new InMemoryEventStore();
    runners = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await readModel.close();
  });

  const source = () => ({ store, registry, dataSource: readModel.database });
  const run = (projection: Projection = tally) => {
    const runner = new ProjectionRunner({ ...source(), projections: [projection], log: silent });
    runner.start();
    runners.push(runner);
    return runner;
  };
  const weighEach = (materials: readonly string[] = MATERIALS) =>
    appendSamples(
      store,
      materials.map((material) => load(material, 1)),
    );
  const reaches = (position: string) =>
    eventually(async () => expect(await checkpoints(readModel.database)).toMatchObject([{ position }]));
  const materials = async () => (await readModel.rows('material_tally')).map(({ material }) => material);
  /** The table refuses this material, and with it one partition stops. */
  const refuse = (material: string) =>
    readModel.database.query(`ALTER TABLE material_tally ADD CONSTRAINT refused CHECK (material <> '${material}')`);
  const stoppedAt = () =>
    eventually(async () => {
      const [whole] = await checkpoints(readModel.database);
      expect(whole).toMatchObject({ status: 'stopped', failedEventId: expect.any(String) });
      return whole!;
    });

  it('folds each event once, by whichever process leads its partition', async () => {
    const side = [run(), run()];
    for (let round = 1; round <= 20; round += 1) await weighEach();
    await reaches('160');
    await eventually(() => {
      const applied = side.flatMap((runner) => runner.state()).reduce((sum, one) => sum + one.eventsApplied, 0);
      expect(applied).toBe(160);
    });
    expect(await readModel.rows('material_tally')).toEqual(
      MATERIALS.toSorted().map((material) => expect.objectContaining({ material, grams: '20', loads: 20 })),
    );
    expect(await checkpoints(readModel.database)).toMatchObject([
      { partitions: [0, 1, 2, 3].map((partition) => ({ partition, position: '160' })) },
    ]);
  });

  it('stops only where an event cannot be applied; its place is that of the last of its partitions', async () => {
    await refuse('paper');
    run();
    await weighEach();
    const { position, failedPosition, error, partitions } = await stoppedAt();
    expect([position, failedPosition]).toEqual(['1', '2']);
    expect(error).toContain('violates check constraint "refused"');
    await eventually(async () => {
      const [whole] = await checkpoints(readModel.database);
      expect(whole!.partitions.map((one) => one.position).toSorted()).toEqual(['1', '8', '8', '8']);
    });
    expect(partitions).toHaveLength(4);
    expect(await materials()).not.toContain('paper');

    const progress = new ReadModelProgress(readModel.database, [tally]);
    await progress.waitFor('1', { timeoutMs: 10_000 });
    await expect(progress.waitFor('2', { timeoutMs: 10_000 })).rejects.toMatchObject({
      behind: [{ name: 'material-tally', position: '1', status: 'stopped' }],
    });
    await progress.close();
  });

  it('is verified while its partitions are at different places, and a row of any of them is missed', async () => {
    await refuse('paper');
    run();
    await weighEach();
    await stoppedAt();
    // Where it is stopped the log leads to no paper; everywhere else it leads to all there is.
    await eventually(async () => {
      expect(await verifyProjection(source(), tally)).toMatchObject({ position: '1', matches: true });
      expect(await materials()).toContain('rubble');
    });
    await readModel.database.query(`DELETE FROM material_tally WHERE material = 'rubble'`);
    expect(await verifyProjection(source(), tally)).toMatchObject({ matches: false });
  });

  it('is rebuilt as one, and each partition goes on from there', async () => {
    run();
    await weighEach();
    await reaches('8');
    await readModel.database.query('UPDATE material_tally SET grams = 0');
    expect(await rebuildProjection(source(), tally)).toEqual({ position: '8', eventsApplied: 8 });
    await weighEach();
    await reaches('16');
    expect((await readModel.rows('material_tally')).map(({ grams }) => grams)).toEqual(MATERIALS.map(() => '2'));
    expect(await verifyProjection(source(), tally)).toMatchObject({ matches: true, position: '16' });
  });

  it('goes on everywhere when the event that one partition stopped at is parked', async () => {
    await refuse('paper');
    run();
    await weighEach();
    const { failedEventId } = await stoppedAt();
    const parking = { projection: tally.name, eventId: failedEventId!, by: 'Rana' };
    await parkEvent(readModel.database, { ...parking, reason: 'paper was weighed by mistake' });
    await reaches('8');
    expect(await materials()).toEqual(MATERIALS.filter((material) => material !== 'paper').toSorted());
  });

  it('is filled anew when a newer version is split otherwise', async () => {
    const whole = run(new MaterialTally());
    await weighEach();
    await reaches('8');
    await whole.stop();
    class Second extends SplitTally {
      override readonly version = 2;
    }
    run(new Second(3));
    await eventually(async () => {
      const [served] = await checkpoints(readModel.database);
      expect(served).toMatchObject({ version: 2, position: '8' });
      expect(served!.partitions).toHaveLength(3);
    });
    await weighEach();
    await reaches('16');
    expect((await readModel.rows('material_tally')).map(({ grams }) => grams)).toEqual(MATERIALS.map(() => '2'));
  });

  it('says so, and touches nothing, when it is split otherwise without a newer version; a rebuild mends it', async () => {
    const before = run(new SplitTally(2));
    await weighEach();
    await reaches('8');
    await before.stop();
    const after = run(tally);
    await eventually(() => {
      for (const state of after.state()) {
        expect(state).toMatchObject({ status: 'retrying', error: expect.stringContaining('rebuild it') });
      }
    });
    await expect(verifyProjection(source(), tally)).rejects.toMatchObject({ code: 'partitions-changed' });
    await rebuildProjection(source(), tally);
    await weighEach();
    await reaches('16');
    expect((await readModel.rows('material_tally')).map(({ grams }) => grams)).toEqual(MATERIALS.map(() => '2'));
  });
});
