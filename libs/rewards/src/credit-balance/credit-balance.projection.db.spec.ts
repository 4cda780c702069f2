import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { established, HOUSEHOLD, NEIGHBOUR, weighed } from '#collection/events/testing';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { rewardsReadModelMigrations } from '../migrations/index.js';
import { published } from '../sample-events.testing.js';
import { CreditBalanceProjection, type CreditFact } from './credit-balance.projection.js';

const projection = new CreditBalanceProjection();

const SAMPLES: readonly SampleEvent<CreditFact>[] = [
  established(),
  established({ municipalityId: 'ramallah', timeZone: 'UTC', currency: { code: 'JOD', decimals: 3 } }),
  weighed(1),
  weighed(2, { householdId: null }),
  published(),
  weighed(3, { material: 'paper', netGrams: 100 }),
  weighed(4, { reasons: ['unsigned'] }),
  weighed(5, { reasons: ['unsigned', 'unstable'] }),
  weighed(6, { householdId: NEIGHBOUR, material: 'textiles' }),
  published({ municipalityId: 'ramallah' }),
  weighed(7, {}, 'ramallah'),
  published({ version: 2, effectiveFrom: '2026-03-02T00:00:00.000Z' }, { creditsPerKilogram: { plastic: '3' } }),
  weighed(8, { weighedAt: '2026-03-01T08:00:00.000Z' }),
  weighed(9, { entry: 'manual', reasons: ['manual-entry'] }),
  published({ version: 3, effectiveFrom: '2026-03-01T00:00:00.000Z' }, { earnsDespite: [] }),
  weighed(10),
];

projectionContract(projection, { migrations: rewardsReadModelMigrations, samples: SAMPLES });

describe('in four partitions', () => {
  projectionContract(new CreditBalanceProjection(4), { migrations: rewardsReadModelMigrations, samples: SAMPLES });
});

let readModel: TestReadModel;

beforeAll(async () => {
  readModel = await openReadModel(rewardsReadModelMigrations);
});
afterEach(forget);
afterAll(() => readModel.close());

/** Deleting a few rows is much faster than truncating tables. */
async function forget(): Promise<void> {
  await readModel.database.query(projection.tables.map((table) => `DELETE FROM ${table}`).join(';'));
}

async function folded(...samples: readonly SampleEvent<CreditFact>[]): Promise<void> {
  await readModel.project(projection, recorded<CreditFact>([...samples]));
}

async function journal(): Promise<readonly unknown[]> {
  return readModel.database.query(
    `SELECT right(weighing_id::text, 1)::int AS weighing, scheme_version AS version,
       micro_credits_per_gram AS rate, micro_credits AS credits
     FROM credit_entry ORDER BY position`,
  );
}

async function sums(): Promise<readonly unknown[]> {
  return readModel.database.query(
    `SELECT right(household_id::text, 1)::int AS household, year, material, net_grams AS grams, micro_credits AS credits,
       weighings
     FROM household_credit ORDER BY household, year, material`,
  );
}

describe('a weighing', () => {
  it('is entered with all that explains it, and added to its household', async () => {
    await folded(established(), published(), weighed(1, { reasons: ['unsigned'], receivedAt: '2026-03-02T09:00:00Z' }));
    expect(await readModel.rows('credit_entry')).toEqual([
      {
        weighing_id: '01931d5e-7c1a-7cc3-9d6e-000000000001',
        municipality_id: 'beitillu',
        household_id: HOUSEHOLD,
        point_id: 'school',
        material: 'plastic',
        gross_grams: '2350',
        tare_grams: '400',
        net_grams: '1950',
        entry: 'measured',
        reasons: ['unsigned'],
        weighed_at: new Date('2026-03-02T08:15:30.120Z'),
        recorded_at: new Date('2026-01-01T08:03:00.000Z'),
        day: expect.anything(),
        scheme_version: 1,
        micro_credits_per_gram: '2500',
        micro_credits: '4875000',
        position: '3',
        partition: 0,
      },
    ]);
    expect(await sums()).toEqual([
      { household: 1, year: 2026, material: 'plastic', grams: '1950', credits: '4875000', weighings: '1' },
    ]);
  });

  it('is worth what the same loads are worth when they are added up by hand', async () => {
    await folded(
      established(),
      published(),
      weighed(1, { netGrams: 1_950 }), // 1,950 g × 2,500 = 4,875,000
      weighed(2, { netGrams: 1 }), // 2,500
      weighed(3, { netGrams: 333, material: 'paper' }), // 333 g × 70 = 23,310
      weighed(4, { netGrams: 5_000, reasons: ['unstable'] }), // weighed, but earns nothing
      weighed(5, { netGrams: 700, material: 'textiles' }), // not named by the scheme
      weighed(6, { netGrams: 10, householdId: NEIGHBOUR }), // 25,000, the neighbour's
    );
    expect(await sums()).toEqual([
      { household: 1, year: 2026, material: 'paper', grams: '333', credits: '23310', weighings: '1' },
      { household: 1, year: 2026, material: 'plastic', grams: '6951', credits: '4877500', weighings: '3' },
      { household: 1, year: 2026, material: 'textiles', grams: '700', credits: '0', weighings: '1' },
      { household: 2, year: 2026, material: 'plastic', grams: '10', credits: '25000', weighings: '1' },
    ]);
  });

  it('without a household stands in the journal, and in nobody’s sums', async () => {
    await folded(established(), published(), weighed(1, { householdId: null }));
    expect(await journal()).toEqual([{ weighing: 1, version: 1, rate: '2500', credits: '4875000' }]);
    expect(await sums()).toEqual([]);
  });

  it('counts in the year that it is in the municipality, not in UTC', async () => {
    await folded(
      established(),
      published(),
      weighed(1, { weighedAt: '2026-12-31T21:59:59.999Z' }), // 23:59 in Hebron
      weighed(2, { weighedAt: '2026-12-31T22:00:00.000Z' }), // New Year in Hebron
    );
    expect(await sums()).toEqual([
      expect.objectContaining({ year: 2026, weighings: '1' }),
      expect.objectContaining({ year: 2027, weighings: '1' }),
    ]);
  });

  it('counts once, even when it is handed over twice', async () => {
    await folded(established(), published(), weighed(1), weighed(1));
    await readModel.project(projection, recorded<CreditFact>([weighed(1)], { after: '9' }));
    expect(await sums()).toEqual([expect.objectContaining({ credits: '4875000', weighings: '1' })]);
  });

  it('stops the projection when nobody knows its municipality’s days', async () => {
    await expect(folded(weighed(1))).rejects.toMatchObject({ code: 'municipality-not-found' });
  });
});

describe('a scheme', () => {
  it('does not value what was weighed before it took effect', async () => {
    await folded(established(), published({ effectiveFrom: '2026-03-02T08:15:30.121Z' }), weighed(1));
    expect(await journal()).toEqual([{ weighing: 1, version: null, rate: '0', credits: '0' }]);
  });

  it('values again what it covers, and only that, when it is published late', async () => {
    const before = { weighedAt: '2026-03-01T23:59:59.999Z' };
    const second = { version: 2, effectiveFrom: '2026-03-02T00:00:00.000Z' };
    await folded(established(), published(), weighed(1, before), weighed(2), weighed(3, { material: 'paper' }));
    await folded(published(second, { creditsPerKilogram: { plastic: '3' } }));
    expect(await journal()).toEqual([
      { weighing: 1, version: 1, rate: '2500', credits: '4875000' },
      { weighing: 2, version: 2, rate: '3000', credits: '5850000' },
      { weighing: 3, version: 2, rate: '0', credits: '0' },
    ]);
    expect(await sums()).toEqual([
      expect.objectContaining({ material: 'paper', credits: '0' }),
      expect.objectContaining({ material: 'plastic', grams: '3900', credits: '10725000', weighings: '2' }),
    ]);
  });

  it('forgives and ceases to forgive', async () => {
    await folded(
      established(),
      published(),
      weighed(1, { reasons: ['unsigned'] }),
      weighed(2, { reasons: ['unstable'] }),
    );
    await folded(published({ version: 2 }, { earnsDespite: ['unstable'] }));
    expect(await journal()).toEqual([
      { weighing: 1, version: 2, rate: '2500', credits: '0' },
      { weighing: 2, version: 2, rate: '2500', credits: '4875000' },
    ]);
  });

  it('leaves other municipalities alone', async () => {
    await folded(established(), established({ municipalityId: 'ramallah' }), published(), weighed(1));
    await folded(published({ municipalityId: 'ramallah' }, { creditsPerKilogram: { plastic: '9' } }));
    expect(await journal()).toEqual([{ weighing: 1, version: 1, rate: '2500', credits: '4875000' }]);
  });
});

describe('any history', () => {
  const instants = ['2026-01-15T10:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-06-30T21:00:00.000Z'];
  const anyWeighing = fc.record({
    material: fc.constantFrom('plastic', 'paper', 'textiles'),
    netGrams: fc.integer({ min: 0, max: 100_000 }),
    reasons: fc.subarray(['unsigned', 'unstable']),
    weighedAt: fc.constantFrom(...instants),
    householdId: fc.constantFrom(HOUSEHOLD, NEIGHBOUR, null),
  });
  const anyScheme = fc.record({
    effectiveFrom: fc.constantFrom(...instants),
    plastic: fc.constantFrom('0', '0.001', '2.5', '7'),
    earnsDespite: fc.subarray(['unsigned', 'unstable']),
  });

  /** Numbers whatever there is in the order in which it happened. */
  function historyOf(happened: readonly ({ netGrams: number } | { plastic: string })[]): SampleEvent<CreditFact>[] {
    let version = 0;
    return happened.map((each, index) => {
      if ('netGrams' in each) return weighed(index, each);
      const { plastic, ...rest } = each as { plastic: string; effectiveFrom: string; earnsDespite: string[] };
      version += 1;
      return published(
        { version, effectiveFrom: rest.effectiveFrom },
        { creditsPerKilogram: { plastic, paper: '1' }, earnsDespite: rest.earnsDespite },
      );
    });
  }

  it('leads to the same rows in one batch, event by event, and with the weighings before or after the schemes', async () => {
    const anyHistory = fc.array(fc.oneof({ weight: 3, arbitrary: anyWeighing }, anyScheme), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyHistory, async (happened) => {
        const events = recorded<CreditFact>([established(), ...historyOf(happened)]);
        const isWeighing = ({ type }: { type: string }) => type === 'WasteWeighed';
        const outcomes = [];
        for (const batches of [
          [events],
          events.map((event) => [event]),
          [events.filter((event) => !isWeighing(event)), events.filter(isWeighing)],
        ]) {
          for (const batch of batches) if (batch.length > 0) await readModel.project(projection, batch);
          outcomes.push([await readModel.rows('credit_entry'), await readModel.rows('household_credit')]);
          await forget();
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
        expect(outcomes[2]).toEqual(outcomes[0]);
      }),
      { numRuns: 25 },
    );
  });

  it('leads to the same credits in four partitions, however far apart they are', async () => {
    const split = new CreditBalanceProjection(4);
    const anyHistory = fc.array(fc.oneof({ weight: 3, arbitrary: anyWeighing }, anyScheme), { maxLength: 12 });
    const anyOrder = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyHistory, anyOrder, async (happened, order) => {
        const events = recorded<CreditFact>([established(), ...historyOf(happened)]);
        await readModel.project(projection, events);
        const whole = [await credits(), await readModel.rows('household_credit')];
        await forget();
        for (const partition of order) {
          for (const event of events) await readModel.project(split, [event], partition);
        }
        expect([await credits(), await readModel.rows('household_credit')]).toEqual(whole);
        await forget();
      }),
      { numRuns: 15 },
    );
  });

  /** The journal, whoever entered what. */
  const credits = async () => (await readModel.rows('credit_entry')).map((entry) => ({ ...entry, partition: null }));
});
