import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { collectionReadModelMigrations } from '../index.js';
import { established, weighed } from '../events/testing.js';
import { PointBoardProjection, type PointFact } from './point-board.projection.js';

const projection = new PointBoardProjection();

projectionContract(projection, {
  migrations: collectionReadModelMigrations,
  samples: [
    established(),
    established({ municipalityId: 'ramallah', timeZone: 'UTC' }),
    weighed(1),
    weighed(2, { material: 'glass' }),
    weighed(3, { pointId: 'market' }),
    weighed(4, { weighedAt: '2026-03-02T22:30:00.000Z' }),
    weighed(5, { weighedAt: '2026-03-02T22:30:00.000Z' }, 'ramallah'),
  ],
});

describe('the days of a point', () => {
  let readModel: TestReadModel;

  beforeAll(async () => {
    readModel = await openReadModel(collectionReadModelMigrations);
  });
  afterEach(() => readModel.database.query('DELETE FROM point_board; DELETE FROM point_day'));
  afterAll(() => readModel.close());

  const folded = (...samples: SampleEvent<PointFact>[]) => readModel.project(projection, recorded<PointFact>(samples));
  const days = () =>
    readModel.database.query<object[]>(
      'SELECT point_id AS point, day::text, net_grams AS grams, weighings FROM point_day ORDER BY point_id, day',
    );

  it('add up what was weighed, of whatever material and whether or not it earns', async () => {
    await folded(
      established(),
      weighed(1, { netGrams: 1_950 }),
      weighed(2, { netGrams: 50, material: 'glass', reasons: ['unstable'], householdId: null }),
      weighed(3, { netGrams: 7, pointId: 'market' }),
    );
    expect(await days()).toEqual([
      { point: 'market', day: '2026-03-02', grams: '7', weighings: '1' },
      { point: 'school', day: '2026-03-02', grams: '2000', weighings: '2' },
    ]);
  });

  it('begin and end in the time zone of the municipality, by when it was weighed', async () => {
    await folded(
      established(),
      weighed(1, { weighedAt: '2026-03-02T21:59:59.999Z' }), // 23:59 in Hebron
      weighed(2, { weighedAt: '2026-03-02T22:00:00.000Z' }), // midnight there
    );
    expect(await days()).toEqual([
      expect.objectContaining({ day: '2026-03-02', weighings: '1' }),
      expect.objectContaining({ day: '2026-03-03', weighings: '1' }),
    ]);
  });

  it('remember up to which event they count, for each municipality by itself', async () => {
    await folded(
      established(),
      established({ municipalityId: 'ramallah' }),
      weighed(1),
      weighed(2, {}, 'ramallah'),
      weighed(3),
    );
    expect(await readModel.rows('point_board')).toEqual([
      { municipality_id: 'beitillu', time_zone: 'Asia/Hebron', position: '5' },
      { municipality_id: 'ramallah', time_zone: 'Asia/Hebron', position: '4' },
    ]);
  });

  it('stop being counted when nobody knows the municipality’s days', async () => {
    await expect(folded(weighed(1))).rejects.toMatchObject({ code: 'municipality-not-found' });
  });
});
