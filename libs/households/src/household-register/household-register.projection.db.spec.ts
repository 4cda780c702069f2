import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { type HouseholdRegistered } from '../events/household.events.js';
import { householdsReadModelMigrations } from '../migrations/index.js';
import { HouseholdRegisterProjection } from './household-register.projection.js';

const HOME: SampleEvent<HouseholdRegistered> = {
  type: 'HouseholdRegistered',
  data: {
    municipalityId: 'beitillu',
    householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    kind: 'home',
    persons: 5,
  },
};
const SHOP: SampleEvent<HouseholdRegistered> = {
  type: 'HouseholdRegistered',
  data: { ...HOME.data, householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e60', kind: 'shop', persons: 0 },
};

projectionContract(new HouseholdRegisterProjection(), {
  migrations: householdsReadModelMigrations,
  samples: [HOME, SHOP],
});

describe('the register of households', () => {
  let readModel: TestReadModel;
  beforeAll(async () => {
    readModel = await openReadModel(householdsReadModelMigrations);
  });
  afterAll(() => readModel.close());

  it('has a row for each registered household, and no name', async () => {
    const events = recorded<HouseholdRegistered>([HOME, SHOP]);
    await readModel.project(new HouseholdRegisterProjection(), events);
    // Hearing the same again changes nothing.
    await readModel.project(new HouseholdRegisterProjection(), events);

    expect(await readModel.rows('household_register')).toEqual([
      {
        household_id: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
        municipality_id: 'beitillu',
        kind: 'home',
        persons: 5,
        position: '1',
      },
      {
        household_id: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e60',
        municipality_id: 'beitillu',
        kind: 'shop',
        persons: 0,
        position: '2',
      },
    ]);
  });
});
