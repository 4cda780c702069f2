import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { collectionEventTypes } from '#collection';
import { established, HOUSEHOLD, NEIGHBOUR, weighed, weighingId } from '#collection/events/testing';
import { FixedClock } from '#kernel/testing';
import { ReadModelProgress } from '#subscriptions';
import { plansOf } from '../../../../test/support/query-plans.js';
import { startTestApi, type SignedIn, type TestApi } from '../../../../test/support/test-api.js';
import { HouseholdDirectory, RewardsApiModule, rewardsEventTypes, rewardsProjections } from '../index.js';
import { rewardsReadModelMigrations } from '../migrations/index.js';
import { published } from '../sample-events.testing.js';
import { CreditBalanceReader } from './credit-balance.reader.js';
import { CreditJournalReader } from './credit-journal.reader.js';

const STRANGER = '01931d5e-0000-7000-8000-000000000003';

class Directory extends HouseholdDirectory {
  find(municipalityId: string, householdId: string) {
    const names = new Map<string, string | null>([
      [`beitillu ${HOUSEHOLD}`, 'أم خالد'],
      [`beitillu ${NEIGHBOUR}`, null],
      [`ramallah ${STRANGER}`, 'Other'],
    ]);
    const name = names.get(`${municipalityId} ${householdId}`);
    return Promise.resolve(name === undefined ? null : { name });
  }
}

let api: TestApi;
let clerk: SignedIn;
let household: SignedIn;
let position: string;

// Half past midnight on New Year's Day in Hebron, still the old year in UTC.
const clock = new FixedClock('2026-12-31T22:30:00.000Z');

beforeAll(async () => {
  api = await startTestApi({
    modules: [RewardsApiModule],
    ports: [{ provide: HouseholdDirectory, useClass: Directory }],
    eventTypes: [...collectionEventTypes, ...rewardsEventTypes],
    projections: rewardsProjections(),
    migrations: { readModel: rewardsReadModelMigrations },
    clock,
  });
  clerk = await api.as({ role: 'clerk' });
  household = await api.as({ role: 'household', householdId: HOUSEHOLD });
  position = await api.append(
    established(),
    published(),
    weighed(1, { weighedAt: '2026-12-31T21:00:00.000Z', netGrams: 9_000 }), // last year
    weighed(2, { weighedAt: '2026-12-31T22:05:00.000Z' }), // 1,950 g × 2,500 = 4,875,000
    weighed(3, { weighedAt: '2026-12-31T22:10:00.000Z', material: 'paper', netGrams: 333 }), // 333 g × 70 = 23,310
    weighed(4, { weighedAt: '2026-12-31T22:15:00.000Z', reasons: ['unstable'], entry: 'manual', netGrams: 50 }),
    weighed(5, { weighedAt: '2026-12-31T22:10:00.000Z', householdId: NEIGHBOUR, netGrams: 1_000_000 }),
    weighed(6, { weighedAt: '2026-12-29T08:00:00.000Z', netGrams: 100 }),
  );
});
afterAll(() => api.close());

describe('GET /households/:id/balance', () => {
  it('tells what this year earned, what it takes off the fee, and by which scheme', async () => {
    expect(await household.get(`/households/${HOUSEHOLD}/balance?after=${position}`)).toEqual({
      status: 200,
      body: {
        householdId: HOUSEHOLD,
        name: 'أم خالد',
        position: expect.stringMatching(/^\d+$/),
        year: 2027,
        // 4.89831 credits of 10 agorot
        provisional: { microCredits: '4898310', reductionMinor: '48' },
        final: { microCredits: '0', reductionMinor: '0' },
        feeMinor: '12000',
        reductionMaxMinor: '6000',
        byMaterial: [
          { material: 'paper', netGrams: '333', microCredits: '23310', weighings: 1 },
          { material: 'plastic', netGrams: '2000', microCredits: '4875000', weighings: 2 },
        ],
        scheme: {
          schemeId: 'rewards',
          version: 1,
          effectiveFrom: '2026-01-01T00:00:00.000Z',
          title: { ar: 'مكافآت', en: 'Rewards' },
          rates: [
            { material: 'paper', microCreditsPerGram: '70' },
            { material: 'plastic', microCreditsPerGram: '2500' },
          ],
          reductionMinorPerCredit: { numerator: '10', denominator: '1' },
          feeMinor: '12000',
          reductionMaxMinor: '6000',
          earnsDespite: ['unsigned'],
        },
      },
    });
  });

  it('never takes off more than the highest reduction', async () => {
    expect(await clerk.get(`/households/${NEIGHBOUR}/balance`)).toMatchObject({
      status: 200,
      body: { name: null, provisional: { microCredits: '2500000000', reductionMinor: '6000' } },
    });
  });
});

describe('GET /households/:id/weighings', () => {
  interface Listed {
    readonly items: readonly { readonly weighingId: string }[];
    readonly nextCursor: string | null;
  }

  it('lists each visit with what it earned and why, the latest first', async () => {
    const { body } = await clerk.get(`/households/${HOUSEHOLD}/weighings`);
    const { items, nextCursor } = body as Listed;
    expect(items.map((item) => item.weighingId)).toEqual([4, 3, 2, 1, 6].map(weighingId));
    expect(nextCursor).toBeNull();
    expect(items[0]).toEqual({
      weighingId: weighingId(4),
      position: '6',
      pointId: 'school',
      material: 'plastic',
      grossGrams: 450,
      tareGrams: 400,
      netGrams: 50,
      weighedAt: '2026-12-31T22:15:00.000Z',
      recordedAt: expect.stringMatching(/Z$/),
      entry: 'manual',
      reasons: ['unstable'],
      microCredits: '0',
      microCreditsPerGram: '2500',
      schemeVersion: 1,
      state: 'provisional',
    });
  });

  it('goes on where the page before ended', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await household.get(`/households/${HOUSEHOLD}/weighings?limit=2${cursor}`);
      const { items, nextCursor } = body as Listed;
      seen.push(...items.map((item) => item.weighingId));
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen).toEqual([4, 3, 2, 1, 6].map(weighingId));
    expect(cursor).toBe('&cursor=null');
  });

  it('refuses a cursor of its own making', async () => {
    expect(await household.get(`/households/${HOUSEHOLD}/weighings?cursor=abc`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor', code: 'not-a-cursor' }] },
    });
  });

  it('reads as many rows as it shows, however long the history is', async () => {
    const place = { weighedAt: '2026-12-31T22:15:00.000Z', position: '6' };
    const plans = await plansOf(api.database, async (observed) => {
      await new CreditJournalReader(observed, clock).weighingsOf('beitillu', HOUSEHOLD, undefined, 10);
      await new CreditJournalReader(observed, clock).weighingsOf('beitillu', HOUSEHOLD, place, 10);
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(plan).toContain('Index Scan Backward using credit_entry_household');
      expect(plan).not.toMatch(/Seq Scan|Sort/);
    }
  });
});

describe('GET /households/:id/growth', () => {
  it('tells what was earned on each of the last days, today included', async () => {
    expect(await household.get(`/households/${HOUSEHOLD}/growth?days=4`)).toEqual({
      status: 200,
      body: {
        days: ['2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01'],
        microCredits: ['250000', '0', '22500000', '4898310'],
      },
    });
  });

  it('goes back 90 days unless said otherwise, and a year at most', async () => {
    const { body } = await household.get(`/households/${HOUSEHOLD}/growth`);
    expect((body as { days: string[] }).days).toHaveLength(90);
    expect(await household.get(`/households/${HOUSEHOLD}/growth?days=367`)).toMatchObject({ status: 400 });
  });
});

describe('what several households earned', () => {
  it('is read at once, with how often they ever came', async () => {
    const reader = new CreditBalanceReader(api.database, new ReadModelProgress(api.database, []), clock);
    const credits = await reader.of('beitillu', [HOUSEHOLD, NEIGHBOUR, STRANGER]);
    expect([...credits].sort((a, b) => (a.householdId < b.householdId ? -1 : 1))).toEqual([
      {
        householdId: HOUSEHOLD,
        microCredits: 4_898_310n,
        reductionMinor: 48n,
        weighings: 5,
        lastWeighedAt: '2026-12-31T22:15:00.000Z',
      },
      {
        householdId: NEIGHBOUR,
        microCredits: 2_500_000_000n,
        reductionMinor: 6_000n,
        weighings: 1,
        lastWeighedAt: '2026-12-31T22:10:00.000Z',
      },
    ]);
    expect(await reader.of('ramallah', [HOUSEHOLD])).toEqual([]);
  });
});

describe('what a household earned', () => {
  const routes = ['balance', 'weighings', 'growth'];

  it.each(routes)('is nobody else’s to see: %s', async (route) => {
    const hidden = { status: 404, body: { code: 'household-not-found' } };
    expect(await household.get(`/households/${NEIGHBOUR}/${route}`)).toMatchObject(hidden);
    expect(await clerk.get(`/households/${STRANGER}/${route}`)).toMatchObject(hidden);
    for (const role of ['operator', 'recycler'] as const) {
      const other = await api.as({ role });
      expect(await other.get(`/households/${HOUSEHOLD}/${route}`)).toMatchObject({ status: 403 });
    }
  });

  it.each(routes)('is asked for by a household’s id: %s', async (route) => {
    expect(await clerk.get(`/households/17/${route}`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'householdId', code: 'not-a-uuid' }] },
    });
  });
});

describe('GET /scheme', () => {
  it('tells everybody the version in force', async () => {
    for (const role of ['operator', 'recycler'] as const) {
      const reader = await api.as({ role });
      expect(await reader.get('/scheme')).toMatchObject({ status: 200, body: { schemeId: 'rewards', version: 1 } });
    }
  });

  it('tells that there is none', async () => {
    const elsewhere = await api.as({ role: 'clerk', municipalityId: 'ramallah' });
    expect(await elsewhere.get('/scheme')).toMatchObject({ status: 404, body: { code: 'scheme-not-found' } });
    expect(await elsewhere.get(`/households/${STRANGER}/balance`)).toMatchObject({
      status: 200,
      body: { scheme: null, feeMinor: '0', provisional: { microCredits: '0', reductionMinor: '0' }, byMaterial: [] },
    });
  });
});
