import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plansOf } from '../../../../test/support/query-plans.js';
import { type SignedIn, type TestApi } from '../../../../test/support/test-api.js';
import { established, HOUSEHOLD, weighed, weighingId } from '../events/testing.js';
import { BeitilluForgivesUnsigned, startWeighingsApi } from '../weighings.testing.js';
import { Rewardability } from './rewardability.js';
import { WeighingHistoryReader } from './weighing-history.reader.js';

interface Listed {
  readonly items: readonly { readonly weighingId: string; readonly rewardable: boolean }[];
  readonly nextCursor: string | null;
}

let api: TestApi;
let operator: SignedIn;
let position: string;

beforeAll(async () => {
  api = await startWeighingsApi();
  operator = await api.as({ role: 'operator' });
  position = await api.append(
    established(),
    established({ municipalityId: 'ramallah' }),
    weighed(1),
    weighed(2, { material: 'glass' }),
    weighed(3, { reasons: ['unsigned'], householdId: null }),
    weighed(4, {}, 'ramallah'),
    weighed(5, { pointId: 'market', reasons: ['unsigned', 'manual-entry'], entry: 'manual', netGrams: 30 }),
    weighed(6, { pointId: 'market', material: 'glass' }),
  );
});
afterAll(() => api.close());

async function listed(query = '', who = operator): Promise<Listed> {
  const { status, body } = await who.get(`/weighings${query}`);
  expect(status).toBe(200);
  return body as Listed;
}

function numbersOf({ items }: Pick<Listed, 'items'>): readonly number[] {
  return items.map((item) => Number(item.weighingId.slice(-2)));
}

describe('GET /weighings', () => {
  it('lists what the municipality weighed, the newest first, with all that was recorded', async () => {
    const { items, nextCursor } = await listed(`?after=${position}`);
    expect(numbersOf({ items })).toEqual([6, 5, 3, 2, 1]);
    expect(nextCursor).toBeNull();
    expect(items[1]).toEqual({
      position: '7',
      weighingId: weighingId(5),
      pointId: 'market',
      scaleId: 'beitillu-01',
      material: 'plastic',
      netGrams: 30,
      weighedAt: '2026-03-02T08:15:30.120Z',
      receivedAt: '2026-03-02T08:15:30.400Z',
      recordedAt: expect.stringMatching(/^20.*Z$/),
      rewardable: false,
      reasons: ['unsigned', 'manual-entry'],
      householdId: HOUSEHOLD,
      grossGrams: 430,
      tareGrams: 400,
      entry: 'manual',
      seq: 5,
    });
    expect(items[2]).toMatchObject({ rewardable: true, reasons: ['unsigned'], householdId: null });
  });

  it('goes on where the page before ended', async () => {
    const first = await listed('?limit=2');
    const second = await listed(`?limit=2&cursor=${first.nextCursor}`);
    const third = await listed(`?limit=2&cursor=${second.nextCursor}`);
    expect([first, second, third].map(numbersOf)).toEqual([[6, 5], [3, 2], [1]]);
    expect(third.nextCursor).toBeNull();
  });

  it.each([
    ['?pointId=market', [6, 5]],
    ['?material=glass', [6, 2]],
    ['?pointId=market&material=glass', [6]],
    ['?pointId=nowhere', []],
  ])('filters: %s', async (query, numbers) => {
    expect(numbersOf(await listed(query))).toEqual(numbers);
  });

  it('is for operators and clerks, each in their own municipality', async () => {
    expect(numbersOf(await listed('', await api.as({ role: 'clerk', municipalityId: 'ramallah' })))).toEqual([4]);
    for (const role of ['household', 'recycler'] as const) {
      const other = await api.as({ role, ...(role === 'household' && { householdId: HOUSEHOLD }) });
      expect(await other.get('/weighings')).toMatchObject({ status: 403 });
    }
  });

  it.each(['cursor=abc', 'limit=201', 'scale=1', 'pointId='])('refuses %s', async (query) => {
    expect(await operator.get(`/weighings?${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: query.split('=')[0] }] },
    });
  });

  it('reads only the end of an index, however long the history is', async () => {
    const plans = await plansOf(api.database, async (observed) => {
      const reader = new WeighingHistoryReader(observed, new Rewardability(new BeitilluForgivesUnsigned()));
      await reader.list('beitillu', {}, '7', 10);
      await reader.list('beitillu', { pointId: 'market' }, undefined, 10);
      await reader.list('beitillu', { material: 'glass' }, '7', 10);
      await reader.recent('beitillu', 10);
      await reader.newestOf('beitillu', ['school', 'market']);
      await reader.after('3', 10);
      await reader.ofMunicipalityAfter('beitillu', '3', 10);
    });
    expect(plans).toHaveLength(7);
    for (const plan of plans) {
      expect(plan).toMatch(/Index Scan/);
      expect(plan).not.toMatch(/Seq Scan|Sort/);
    }
  });
});

describe('GET /weighings/recent', () => {
  it('tells everybody the last ones, and nobody whose they are', async () => {
    const household = await api.as({ role: 'household', householdId: HOUSEHOLD });
    const { body } = await household.get('/weighings/recent?limit=3');
    const recent = body as Pick<Listed, 'items'>;
    expect(numbersOf(recent)).toEqual([6, 5, 3]);
    for (const item of recent.items) expect(Object.keys(item)).not.toContain('householdId');
    expect(numbersOf((await household.get('/weighings/recent')).body as Listed)).toEqual([6, 5, 3, 2, 1]);
  });
});
