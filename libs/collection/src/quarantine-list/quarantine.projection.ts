import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type ReportQuarantined } from '../events/index.js';

/** What waits for a person to settle it. */
export class QuarantineProjection extends Projection<ReportQuarantined> {
  readonly name = 'quarantine';
  readonly version = 1;
  readonly tables = ['quarantined_report'];
  readonly handles = ['ReportQuarantined'] as const;

  async project(batch: readonly Recorded<ReportQuarantined>[], tx: Transaction): Promise<void> {
    await tx.query(INSERT, [
      batch.map(({ position }) => position),
      batch.map(({ metadata }) => metadata.municipalityId),
      batch.map(({ data }) => data.quarantineId),
      batch.map(({ data }) => data.scaleId),
      batch.map(({ data }) => data.seq),
      batch.map(({ data }) => data.weighingId),
      // unnest would flatten lists of lists, so these travel as JSON.
      batch.map(({ data }) => JSON.stringify(data.reasons)),
      batch.map(({ data }) => JSON.stringify(data.details)),
      batch.map(({ data }) => data.topic),
      batch.map(({ data }) => data.receivedAt),
      batch.map(({ data }) => data.messageHash),
    ]);
  }
}

const INSERT = `
  INSERT INTO quarantined_report (
    position, municipality_id, quarantine_id, scale_id, seq, weighing_id, reasons, details, topic, received_at,
    message_hash)
  SELECT
    position, municipality_id, quarantine_id, scale_id, seq, weighing_id,
    ARRAY(SELECT jsonb_array_elements_text(reasons)), ARRAY(SELECT jsonb_array_elements_text(details)),
    topic, received_at, message_hash
  FROM unnest(
    $1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::jsonb[], $8::jsonb[], $9::text[],
    $10::timestamptz[], $11::text[]
  ) AS quarantined (
    position, municipality_id, quarantine_id, scale_id, seq, weighing_id, reasons, details, topic, received_at,
    message_hash)
  ON CONFLICT (position) DO NOTHING`;
