import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { established, weighed } from '#collection/events/testing';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { stocksReadModelMigrations } from '../migrations/index.js';
import { StockLevelProjection, type StockFact } from './stock-level.projection.js';

const projection = new StockLevelProjection();

projectionContract(projection, {
  migrations: stocksReadModelMigrations,
  samples: [
    established(),
    established({ municipalityId: 'ramallah', timeZone: 'UTC' }),
    weighed(1),
    weighed(2, { netGrams: 50 }),
    weighed(3, { material: 'glass', weighedAt: '2026-02-28T08:00:00.000Z' }),
    weighed(4, { pointId: 'market' }),
    weighed(5, { weighedAt: '2026-03-02T22:30:00.000Z' }),
    weighed(6, { weighedAt: '2026-03-02T22:30:00.000Z' }, 'ramallah'),
  ],
});

describe('the stock', () => {
  let readModel: TestReadModel;

  beforeAll(async () => {
    readModel = await openReadModel(stocksReadModelMigrations);
  });
  afterEach(() =>
    readModel.database.query(
      'DELETE FROM stock_municipality; DELETE FROM material_stock; DELETE FROM material_stock_daily',
    ),
  );
  afterAll(() => readModel.close());

  const folded = (...samples: SampleEvent<StockFact>[]) => readModel.project(projection, recorded<StockFact>(samples));

  it('is what adding up by hand gives, earned or not', async () => {
    await folded(
      established(),
      weighed(1, { netGrams: 1_950 }),
      weighed(2, { netGrams: 50, reasons: ['unstable'], householdId: null }),
      weighed(3, { netGrams: 300, material: 'glass' }),
      weighed(4, { netGrams: 7, pointId: 'market', weighedAt: '2026-03-01T08:00:00.000Z' }),
    );
    await readModel.project(
      projection,
      recorded<StockFact>([weighed(5, { netGrams: 100, weighedAt: '2026-02-01T08:00:00.000Z' })], { after: '9' }),
    );
    const morning = new Date('2026-03-02T08:15:30.120Z');
    const of = (point_id: string, material: string, grams: string, weighings: string, last_weighed_at = morning) => ({
      municipality_id: 'beitillu',
      point_id,
      material,
      grams,
      weighings,
      last_weighed_at,
    });
    expect(await readModel.rows('material_stock')).toEqual([
      of('market', 'plastic', '7', '1', new Date('2026-03-01T08:00:00.000Z')),
      of('school', 'glass', '300', '1'),
      // Late waste counts, and does not become the last.
      of('school', 'plastic', '2100', '3'),
    ]);
  });

  it('grows on the day of the municipality on which it was weighed', async () => {
    await folded(
      established(),
      weighed(1, { netGrams: 1, weighedAt: '2026-03-02T21:59:59.999Z' }), // 23:59 in Hebron
      weighed(2, { netGrams: 2, weighedAt: '2026-03-02T22:00:00.000Z' }), // midnight there
      weighed(3, { netGrams: 4, weighedAt: '2026-03-03T21:00:00.000Z' }),
    );
    expect(
      await readModel.database.query('SELECT day::text, grams, weighings FROM material_stock_daily ORDER BY day'),
    ).toEqual([
      { day: '2026-03-02', grams: '1', weighings: '1' },
      { day: '2026-03-03', grams: '6', weighings: '2' },
    ]);
  });

  it('stops being counted when nobody knows the municipality’s days', async () => {
    await expect(folded(weighed(1))).rejects.toMatchObject({ code: 'municipality-not-found' });
  });
});
