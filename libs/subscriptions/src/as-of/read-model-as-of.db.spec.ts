import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { eventually } from '../../../../test/support/eventually.js';
import {
  load,
  type LoadEvent,
  MaterialTally,
  materialTallyMigrations,
  POISON,
  voided,
} from '../material-tally.testing.js';
import { parkEvent } from '../parking/parked-events.js';
import { type Recorded, type Transaction } from '../projection.js';
import { type RebuildProgress } from '../rebuild/aside-fold.js';
import { ProjectionRunner } from '../running/projection-runner.js';
import { NotServed, PoisonEvent } from '../subscriptions.errors.js';
import { appendSamples, openReadModel, type SampleEvent, type TestReadModel } from '../testing.js';
import { PositionBeyondLog } from './as-of.errors.js';
import { readModelAsOf, readModelAsServed } from './read-model-as-of.js';

const registry = { upcast: <E>(event: E) => event };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const tally = new MaterialTally();

describe('a read model', () => {
  let readModel: TestReadModel;
  let store: InMemoryEventStore;
  let nowMs: number;

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    nowMs = Date.parse('2026-03-01T08:00:00.000Z');
    store = new InMemoryEventStore(() => nowMs);
  });
  afterEach(() => readModel.close());

  const source = () => ({ store, registry, dataSource: readModel.database });
  /** One event at each moment, a millisecond apart. */
  const happened = async (...samples: readonly SampleEvent<LoadEvent>[]) => {
    for (const sample of samples) {
      nowMs += 1;
      await appendSamples<LoadEvent>(store, [sample]);
    }
  };
  const gramsAsOf = (position: string, projection = tally) => readModelAsOf(source(), projection, position, gramsIn);
  const serving = async <T>(work: (runner: ProjectionRunner) => Promise<T>): Promise<T> => {
    const runner = new ProjectionRunner({ ...source(), projections: [tally], log: silent });
    runner.start();
    try {
      return await work(runner);
    } finally {
      await runner.stop();
    }
  };
  const caughtUp = (runner: ProjectionRunner) =>
    eventually(async () => expect(runner.state()).toMatchObject([{ position: await store.head() }]));
  const schemas = () =>
    readModel.database.query<unknown[]>(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read_model_%'`);

  it('is shown as it was at each position, and nothing stays behind', async () => {
    await happened(load('glass', 5), load('paper', 7), voided('glass', 5), load('glass', 1));
    expect(await gramsAsOf(START)).toEqual([]);
    expect(await gramsAsOf('1')).toEqual(['glass 5']);
    expect(await gramsAsOf('2')).toEqual(['glass 5', 'paper 7']);
    expect(await gramsAsOf('3')).toEqual(['glass 0', 'paper 7']);
    expect(await gramsAsOf('4')).toEqual(['glass 1', 'paper 7']);
    expect(await schemas()).toEqual([]);
  });

  it('is shown as it was at a time: with what was recorded in that very millisecond, and without what came after', async () => {
    await happened(load('glass', 5), load('paper', 7));
    const gramsAt = async (instant: string) => gramsAsOf(await store.positionAt(instant));
    expect(await gramsAt('2026-03-01T08:00:00.000Z')).toEqual([]);
    expect(await gramsAt('2026-03-01T08:00:00.001Z')).toEqual(['glass 5']);
    expect(await gramsAt('2026-03-01T10:00:00.001+02:00')).toEqual(['glass 5']);
    expect(await gramsAt('2026-03-01T08:00:00.002Z')).toEqual(['glass 5', 'paper 7']);
    expect(await gramsAt('2026-03-09T08:00:00.000Z')).toEqual(['glass 5', 'paper 7']);
  });

  it('is folded beyond a batch up to the very position', async () => {
    await appendSamples<LoadEvent>(
      store,
      Array.from({ length: 4_500 }, () => load('glass', 1)),
    );
    for (const position of ['1999', '2000', '2001', '4500']) {
      expect(await gramsAsOf(position)).toEqual([`glass ${position}`]);
    }
  });

  it('is served as before while it is shown as it was, and the projection goes on', async () => {
    await happened(load('glass', 5), load('glass', 1));
    await serving(async (runner) => {
      await caughtUp(runner);
      await readModelAsOf(source(), tally, '1', async (tx) => {
        expect(await gramsIn(tx)).toEqual(['glass 5']);
        await happened(load('glass', 10));
        await caughtUp(runner);
        expect(await readModelAsServed(readModel.database, tally, gramsIn)).toEqual(['glass 16']);
        expect(await gramsIn(tx)).toEqual(['glass 5']);
      });
    });
  });

  it('at the end of the log is the one that is served', async () => {
    await happened(load('glass', 5), load('paper', 7), voided('paper', 7));
    const served = await serving(async (runner) => {
      await caughtUp(runner);
      return readModelAsServed(readModel.database, tally, async (tx, { position, version }) => {
        expect({ position, version }).toEqual({ position: '3', version: 1 });
        return gramsIn(tx);
      });
    });
    expect(await gramsAsOf('3')).toEqual(served);
  });

  it('is shown at one moment, however long it is read', async () => {
    await happened(load('glass', 5));
    await serving(async (runner) => {
      await caughtUp(runner);
      await readModelAsServed(readModel.database, tally, async (tx, { position }) => {
        await happened(load('glass', 10));
        await caughtUp(runner);
        expect([position, await gramsIn(tx)]).toEqual(['1', ['glass 5']]);
      });
    });
  });

  it('leaves out what is parked', async () => {
    await happened(load('glass', 5), POISON, load('glass', 1));
    await expect(gramsAsOf('3')).rejects.toThrow(PoisonEvent);
    expect(await gramsAsOf('1')).toEqual(['glass 5']);
    await serving(async (runner) => {
      await eventually(() => expect(runner.state()).toMatchObject([{ status: 'stopped' }]));
      const eventId = store.all()[1]?.id ?? '';
      const parking = { projection: tally.name, eventId, by: 'Rana', reason: 'weighed without a material' };
      await parkEvent(readModel.database, parking);
    });
    expect(await gramsAsOf('3')).toEqual(['glass 6']);
  });

  it('is folded by the projection as it is today', async () => {
    await happened(load('glass', 5));
    class CountsInTens extends MaterialTally {
      override readonly version = 2;
      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        await super.project(batch, tx);
        await tx.query('UPDATE material_tally SET grams = grams * 10');
      }
    }
    await serving(caughtUp);
    expect(await gramsAsOf('1', new CountsInTens())).toEqual(['glass 50']);
    expect(await readModelAsServed(readModel.database, tally, gramsIn)).toEqual(['glass 5']);
  });

  it('tells how it is getting on, and can be stopped', async () => {
    await happened(load('glass', 5), load('glass', 6));
    const told: RebuildProgress[] = [];
    await readModelAsOf(source(), tally, '1', gramsIn, { onProgress: (progress) => told.push(progress) });
    expect(told).toMatchObject([{ name: 'material-tally', position: '1', target: '1', eventsApplied: 1 }]);

    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readModelAsOf(source(), tally, '1', gramsIn, { signal })).rejects.toThrow('enough');
    expect(await schemas()).toEqual([]);
  });

  it('leaves nothing behind when reading fails; what a killed one left is dropped by the next', async () => {
    await happened(load('glass', 5));
    await expect(readModelAsOf(source(), tally, '1', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(await schemas()).toEqual([]);
    await expect(
      readModelAsOf(source(), tally, '1', (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())')),
    ).rejects.toThrow();
    expect(await schemas()).toHaveLength(1);
    expect(await gramsAsOf('1')).toEqual(['glass 5']);
    expect(await schemas()).toEqual([]);
  });

  it('is not known at a position that the log has not come to, nor served before it has run', async () => {
    await happened(load('glass', 5));
    await expect(gramsAsOf('2')).rejects.toThrow(PositionBeyondLog);
    await expect(readModelAsServed(readModel.database, tally, gramsIn)).rejects.toThrow(NotServed);
  });
});

async function gramsIn(tx: Transaction): Promise<readonly string[]> {
  const rows = await tx.query<{ material: string; grams: string }>(
    'SELECT material, grams FROM material_tally ORDER BY material',
  );
  return rows.map(({ material, grams }) => `${material} ${grams}`);
}
