import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FixedClock } from '#kernel/testing';
import { type SampleEvent } from '#subscriptions/testing';
import { type TestApi } from '../../../../test/support/test-api.js';
import { established, weighed, weighingId } from '../events/testing.js';
import { type CollectionPointOpened } from '../events/index.js';
import { startWeighingsApi } from '../weighings.testing.js';

function opened(pointId: string, municipalityId = 'beitillu'): SampleEvent<CollectionPointOpened> {
  const name = { ar: 'نقطة', en: pointId };
  const data = { municipalityId, pointId, name, materials: ['plastic', 'glass'] };
  return { type: 'CollectionPointOpened', data, municipalityId };
}

let api: TestApi;
let position: string;

beforeAll(async () => {
  // Half past midnight in Hebron: a new day there, not yet in UTC.
  api = await startWeighingsApi(new FixedClock('2026-03-02T22:30:00.000Z'));
  position = await api.append(
    established(),
    established({ municipalityId: 'ramallah' }),
    opened('school'),
    opened('market'),
    opened('square', 'ramallah'),
    weighed(1, { weighedAt: '2026-03-02T21:59:59.999Z' }), // yesterday
    weighed(2, { weighedAt: '2026-03-02T22:05:00.000Z', netGrams: 700 }),
    weighed(3, { weighedAt: '2026-03-02T22:10:00.000Z', netGrams: 55, reasons: ['unstable'] }),
    weighed(4, { weighedAt: '2026-03-02T22:10:00.000Z', pointId: 'square' }, 'ramallah'),
  );
  await api.database.query(`
    INSERT INTO ingest.scale_status (scale_id, municipality_id, status, status_at, last_seen_at)
    VALUES ('beitillu-01', 'beitillu', 'online', '2026-03-02T22:00:00Z', '2026-03-02T22:10:00Z')`);
});
afterAll(() => api.close());

describe('GET /points', () => {
  it('tells what each point takes, weighed today and last, and whether its scales are there', async () => {
    const household = await api.as({ role: 'household', householdId: 'h' });
    expect(await household.get(`/points?after=${position}`)).toEqual({
      status: 200,
      body: {
        // Of weighing 3: that of Ramallah is none of Beitillu's.
        position: String(BigInt(position) - 1n),
        items: expect.arrayContaining([
          {
            pointId: 'school',
            name: { ar: 'نقطة', en: 'school' },
            materials: ['plastic', 'glass'],
            today: { day: '2026-03-03', netGrams: '755', weighings: 2 },
            lastWeighing: expect.objectContaining({
              weighingId: weighingId(3),
              netGrams: 55,
              rewardable: false,
              reasons: ['unstable'],
            }),
            scales: [
              { scaleId: 'beitillu-01', status: 'online', lastSeenAt: '2026-03-02T22:10:00.000Z' },
              { scaleId: 'beitillu-02', status: 'unknown', lastSeenAt: null },
            ],
          },
          {
            pointId: 'market',
            name: { ar: 'نقطة', en: 'market' },
            materials: ['plastic', 'glass'],
            today: { day: '2026-03-03', netGrams: '0', weighings: 0 },
            lastWeighing: null,
            scales: [],
          },
        ]),
      },
    });
  });

  it('is everybody’s to see, each in their own municipality', async () => {
    for (const role of ['operator', 'clerk', 'recycler'] as const) {
      const other = await api.as({ role, municipalityId: 'ramallah' });
      expect(await other.get('/points')).toMatchObject({
        status: 200,
        body: { items: [{ pointId: 'square', today: { weighings: 1 }, scales: [] }] },
      });
    }
  });

  it('is empty before the municipality has a point', async () => {
    const clerk = await api.as({ role: 'clerk', municipalityId: 'jericho' });
    expect(await clerk.get('/points')).toEqual({ status: 200, body: { position: '0', items: [] } });
  });
});
