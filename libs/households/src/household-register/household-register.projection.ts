import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type HouseholdRegistered } from '../events/household.events.js';

/** Which households there are, without their names. */
export class HouseholdRegisterProjection extends Projection<HouseholdRegistered> {
  readonly name = 'household-register';
  readonly version = 1;
  readonly tables = ['household_register'];
  readonly handles = ['HouseholdRegistered'] as const;

  async project(batch: readonly Recorded<HouseholdRegistered>[], tx: Transaction): Promise<void> {
    await tx.query(
      `INSERT INTO household_register (household_id, municipality_id, kind, persons, position)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bigint[])
       ON CONFLICT (household_id) DO NOTHING`,
      [
        batch.map(({ data }) => data.householdId),
        batch.map(({ data }) => data.municipalityId),
        batch.map(({ data }) => data.kind),
        batch.map(({ data }) => data.persons),
        batch.map(({ position }) => position),
      ],
    );
  }
}
