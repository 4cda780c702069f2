import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type WasteWeighed } from '../events/index.js';

/** Every weighing as it was recorded, in the order of the log. */
export class WeighingHistoryProjection extends Projection<WasteWeighed> {
  readonly name = 'weighing-history';
  readonly version = 1;
  readonly tables = ['weighing'];
  readonly handles = ['WasteWeighed'] as const;

  async project(batch: readonly Recorded<WasteWeighed>[], tx: Transaction): Promise<void> {
    await tx.query(INSERT, [
      batch.map(({ position }) => position),
      batch.map(({ metadata }) => metadata.municipalityId),
      batch.map(({ data }) => data.weighingId),
      batch.map(({ data }) => data.scaleId),
      batch.map(({ data }) => data.seq),
      batch.map(({ data }) => data.pointId),
      batch.map(({ data }) => data.householdId),
      batch.map(({ data }) => data.material),
      batch.map(({ data }) => data.grossGrams),
      batch.map(({ data }) => data.tareGrams),
      batch.map(({ data }) => data.netGrams),
      batch.map(({ data }) => data.entry),
      // unnest would flatten lists of lists; codes are kebab-case and have no spaces.
      batch.map(({ data }) => data.reasons.join(' ')),
      batch.map(({ data }) => data.weighedAt),
      batch.map(({ data }) => data.receivedAt),
      batch.map(({ recordedAt }) => recordedAt),
    ]);
  }
}

const INSERT = `
  INSERT INTO weighing (
    position, municipality_id, weighing_id, scale_id, seq, point_id, household_id, material,
    gross_grams, tare_grams, net_grams, entry, reasons, weighed_at, received_at, recorded_at)
  SELECT
    position, municipality_id, weighing_id, scale_id, seq, point_id, household_id, material,
    gross_grams, tare_grams, net_grams, entry, string_to_array(reasons, ' '), weighed_at, received_at, recorded_at
  FROM unnest(
    $1::bigint[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
    $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[],
    $16::timestamptz[]
  ) AS weighed (
    position, municipality_id, weighing_id, scale_id, seq, point_id, household_id, material,
    gross_grams, tare_grams, net_grams, entry, reasons, weighed_at, received_at, recorded_at)
  ON CONFLICT (position) DO NOTHING`;
