import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openReadModel, projectionContract, recorded, type TestReadModel } from '#subscriptions/testing';
import { collectionReadModelMigrations } from '../index.js';
import { HOUSEHOLD, weighed } from '../events/testing.js';
import { WeighingHistoryProjection } from './weighing-history.projection.js';

const projection = new WeighingHistoryProjection();

projectionContract(projection, {
  migrations: collectionReadModelMigrations,
  samples: [
    weighed(1),
    weighed(2, { householdId: null, cardHash: null, reasons: ['unsigned', 'manual-entry'], entry: 'manual' }),
    weighed(3, { pointId: 'market', material: 'glass' }, 'ramallah'),
  ],
});

describe('a weighing in the history', () => {
  let readModel: TestReadModel;

  beforeAll(async () => {
    readModel = await openReadModel(collectionReadModelMigrations);
  });
  afterAll(() => readModel.close());

  it('is kept as it was recorded, once, even when it is handed over twice', async () => {
    const events = recorded([weighed(7, { reasons: ['unsigned', 'unstable'] })]);
    await readModel.project(projection, events);
    await readModel.project(projection, events);
    expect(await readModel.rows('weighing')).toEqual([
      {
        position: '1',
        municipality_id: 'beitillu',
        weighing_id: '01931d5e-7c1a-7cc3-9d6e-000000000007',
        scale_id: 'beitillu-01',
        seq: '7',
        point_id: 'school',
        household_id: HOUSEHOLD,
        material: 'plastic',
        gross_grams: '2350',
        tare_grams: '400',
        net_grams: '1950',
        entry: 'measured',
        reasons: ['unsigned', 'unstable'],
        weighed_at: new Date('2026-03-02T08:15:30.120Z'),
        received_at: new Date('2026-03-02T08:15:30.400Z'),
        recorded_at: new Date('2026-01-01T08:01:00.000Z'),
      },
    ]);
  });
});
