import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * What ingest keeps beside the log: the received bytes themselves, how far each scale's sequence is durably stored, and
 * which scales are there. None of it can be derived from the log again, so it lies in a schema of its own.
 */
export class CreateIngest1764028800220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS ingest');
    await createEvidence(runner);
    await createScaleSequence(runner);
    await createScaleStatus(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ingest.scale_status');
    await runner.query('DROP TABLE ingest.scale_sequence');
    await runner.query('DROP FUNCTION ingest.first_ranges');
    await runner.query('DROP FUNCTION ingest.contiguous_until');
    await runner.query('DROP TABLE ingest.evidence');
  }
}

async function createEvidence(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE ingest.evidence (
      message_hash text NOT NULL,
      topic text NOT NULL,
      municipality_id text NOT NULL,
      received_at timestamptz NOT NULL,
      payload bytea NOT NULL,
      PRIMARY KEY (message_hash, topic)
    )`);
  await runner.query(`COMMENT ON TABLE ingest.evidence IS
    'Messages as they were received, by base64url SHA-256; the log holds only the hash. May hold card tokens: erasable.'`);
  await runner.query('CREATE INDEX evidence_received_at ON ingest.evidence (received_at)');
}

async function createScaleSequence(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE FUNCTION ingest.contiguous_until(stored int8multirange, first_seq bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
      SELECT upper(run) - 1 FROM unnest(stored) AS run WHERE run @> first_seq
    )`);
  await runner.query(`
    CREATE FUNCTION ingest.first_ranges(stored int8multirange, most integer) RETURNS int8multirange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
      SELECT coalesce(range_agg(run), '{}') FROM (SELECT run FROM unnest(stored) AS run ORDER BY run LIMIT most) AS first
    )`);
  await runner.query(`
    CREATE TABLE ingest.scale_sequence (
      scale_id text PRIMARY KEY,
      municipality_id text NOT NULL,
      first_seq bigint NOT NULL,
      stored int8multirange NOT NULL,
      acked_seq bigint GENERATED ALWAYS AS (ingest.contiguous_until(stored, first_seq)) STORED,
      missing int8multirange GENERATED ALWAYS AS (
        int8multirange(int8range(first_seq, greatest(upper(stored), first_seq))) - stored
      ) STORED
    )`);
  await runner.query(`COMMENT ON COLUMN ingest.scale_sequence.first_seq IS
    'As registered; for a scale registered without one, the lowest number of what was heard first.'`);
  await runner.query(`COMMENT ON COLUMN ingest.scale_sequence.stored IS
    'Sequence numbers whose reports are durably stored, recorded or quarantined.'`);
  await runner.query(`COMMENT ON COLUMN ingest.scale_sequence.acked_seq IS
    'End of the run without a gap from first_seq: the scale may forget everything up to here. Null: nothing yet.'`);
}

async function createScaleStatus(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE ingest.scale_status (
      scale_id text PRIMARY KEY,
      municipality_id text NOT NULL,
      status text CHECK (status IN ('online', 'offline')),
      status_at timestamptz,
      last_seen_at timestamptz
    )`);
  await runner.query(`COMMENT ON TABLE ingest.scale_status IS
    'What a scale said of itself last, and when anything was heard from it; null: nothing yet.'`);
}
