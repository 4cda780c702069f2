import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type CardIssued } from '../events/household.events.js';

/** Whose card it is, by the card's keyed hash. */
export class CardRegisterProjection extends Projection<CardIssued> {
  readonly name = 'card-register';
  readonly version = 1;
  readonly tables = ['card_register'];
  readonly handles = ['CardIssued'] as const;

  async project(batch: readonly Recorded<CardIssued>[], tx: Transaction): Promise<void> {
    await tx.query(
      `INSERT INTO card_register (card_hash, municipality_id, household_id)
       SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])
       ON CONFLICT (card_hash) DO NOTHING`,
      [
        batch.map(({ data }) => data.cardHash),
        batch.map(({ data }) => data.municipalityId),
        batch.map(({ data }) => data.householdId),
      ],
    );
  }
}
