import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { collectionEventTypes } from '#collection';
import { established, weighed } from '#collection/events/testing';
import { FixedClock } from '#kernel/testing';
import { startTestApi, type SignedIn, type TestApi } from '../../../../test/support/test-api.js';
import { StocksApiModule, stocksProjections, stocksReadModelMigrations } from '../index.js';

let api: TestApi;
let recycler: SignedIn;
let position: string;

beforeAll(async () => {
  api = await startTestApi({
    modules: [StocksApiModule],
    eventTypes: collectionEventTypes,
    projections: stocksProjections(),
    migrations: { readModel: stocksReadModelMigrations },
    // Half past midnight in Hebron: a new day there, not yet in UTC.
    clock: new FixedClock('2026-03-30T21:30:00.000Z'),
  });
  recycler = await api.as({ role: 'recycler' });
  position = await api.append(
    established(),
    established({ municipalityId: 'ramallah' }),
    weighed(1, { netGrams: 1, weighedAt: '2026-03-30T21:05:00.000Z' }), // 31 March, today
    weighed(2, { netGrams: 10, weighedAt: '2026-03-24T22:00:00.000Z' }), // 25 March, the 7th day
    weighed(3, { netGrams: 100, weighedAt: '2026-03-24T21:59:59.999Z' }), // 24 March, the 8th
    weighed(4, { netGrams: 1_000, weighedAt: '2026-03-01T22:00:00.000Z' }), // 2 March, the 30th
    weighed(5, { netGrams: 10_000, weighedAt: '2026-03-01T21:59:59.999Z' }), // 1 March, the 31st
    weighed(6, { netGrams: 7, material: 'glass', pointId: 'market', weighedAt: '2026-03-29T08:00:00.000Z' }),
    weighed(7, { netGrams: 9_000 }, 'ramallah'),
  );
});
afterAll(() => api.close());

describe('GET /stocks', () => {
  it('tells what lies at each point, and what came in the last 7 and 30 days of the municipality', async () => {
    const { body } = await recycler.get(`/stocks?after=${position}`);
    expect(body).toEqual({
      position: expect.stringMatching(/^\d+$/),
      items: [
        {
          pointId: 'market',
          material: 'glass',
          grams: '7',
          weighings: 1,
          lastWeighedAt: '2026-03-29T08:00:00.000Z',
          grams7Days: '7',
          grams30Days: '7',
        },
        {
          pointId: 'school',
          material: 'plastic',
          grams: '11111',
          weighings: 5,
          lastWeighedAt: '2026-03-30T21:05:00.000Z',
          grams7Days: '11',
          grams30Days: '1111',
        },
      ],
    });
    expect(BigInt((body as { position: string }).position)).toBeGreaterThanOrEqual(BigInt(position));
  });

  it('is for operators, clerks and recyclers, each in their own municipality', async () => {
    for (const role of ['operator', 'clerk'] as const) {
      expect(await (await api.as({ role })).get('/stocks')).toMatchObject({ status: 200 });
    }
    const elsewhere = await api.as({ role: 'recycler', municipalityId: 'ramallah' });
    const { body } = await elsewhere.get('/stocks');
    expect(body).toMatchObject({ items: [{ grams: '9000' }] });
    const household = await api.as({ role: 'household', householdId: 'h' });
    expect(await household.get('/stocks')).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it('is empty where nothing was ever weighed', async () => {
    const clerk = await api.as({ role: 'clerk', municipalityId: 'jericho' });
    expect(await clerk.get('/stocks')).toMatchObject({ status: 200, body: { items: [] } });
  });
});

describe('GET /stocks/growth', () => {
  it('tells what came on each day, and what was there before', async () => {
    const { body } = await recycler.get('/stocks/growth?days=8');
    expect(body).toEqual({
      days: [
        '2026-03-24',
        '2026-03-25',
        '2026-03-26',
        '2026-03-27',
        '2026-03-28',
        '2026-03-29',
        '2026-03-30',
        '2026-03-31',
      ],
      series: [
        { material: 'glass', totalBefore: '0', gramsByDay: ['0', '0', '0', '0', '0', '7', '0', '0'] },
        { material: 'plastic', totalBefore: '11000', gramsByDay: ['100', '10', '0', '0', '0', '0', '0', '1'] },
      ],
    });
  });

  it('tells it of one point, over 60 days unless said otherwise', async () => {
    const { body } = await recycler.get('/stocks/growth?pointId=market');
    const growth = body as { days: string[]; series: { material: string; gramsByDay: string[] }[] };
    expect(growth.days).toHaveLength(60);
    expect(growth.series.map(({ material }) => material)).toEqual(['glass']);
    expect(growth.series[0]?.gramsByDay).toHaveLength(60);
  });

  it.each(['days=0', 'days=367', 'days=x', 'pointId=', 'point=market'])('refuses %s', async (query) => {
    expect(await recycler.get(`/stocks/growth?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', errors: [{ field: query.split('=')[0] }] },
    });
  });
});
