import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openReadModel, projectionContract, recorded, type TestReadModel } from '#subscriptions/testing';
import { collectionReadModelMigrations } from '../index.js';
import { quarantined } from '../events/testing.js';
import { QuarantineProjection } from './quarantine.projection.js';

const projection = new QuarantineProjection();

projectionContract(projection, {
  migrations: collectionReadModelMigrations,
  samples: [
    quarantined(1),
    quarantined(2, { seq: null, weighingId: null, reasons: ['bad-schema'], details: ['message: not JSON', 'x, "y"'] }),
    quarantined(3, {}, 'ramallah'),
  ],
});

describe('a quarantined report', () => {
  let readModel: TestReadModel;

  beforeAll(async () => {
    readModel = await openReadModel(collectionReadModelMigrations);
  });
  afterAll(() => readModel.close());

  it('keeps its reasons and details in their order, whatever characters they have', async () => {
    const details = ['reports[0].seq: expected, "a number"', 'reports[1]: {not} \\ this'];
    await readModel.project(projection, recorded([quarantined(1, { reasons: ['bad-schema', 'unsigned'], details })]));
    expect(await readModel.rows('quarantined_report')).toEqual([
      expect.objectContaining({ reasons: ['bad-schema', 'unsigned'], details, seq: '1', position: '1' }),
    ]);
  });
});
