import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * What the KurrentDB engine knows of the ids of events: that server compares them only within a stream and at the same
 * expected revision. Empty where the log is in PostgreSQL.
 */
export class CreateClaimedEvent1764028800120 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE SCHEMA IF NOT EXISTS event_log');
    await queryRunner.query(TABLE);
    await queryRunner.query(CLAIM);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION event_log.claim');
    await queryRunner.query('DROP TABLE event_log.claimed_event');
  }
}

/**
 * An event that an append is about to write, or has written: then `position` is where its append ends. The events of an
 * append have its first event's id and its first and last revision in common.
 */
const TABLE = `
  CREATE TABLE event_log.claimed_event (
    id uuid PRIMARY KEY,
    stream text NOT NULL,
    revision integer NOT NULL,
    fingerprint text NOT NULL,
    first_id uuid NOT NULL,
    first_revision integer NOT NULL,
    last_revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    position bigint
  );
  CREATE INDEX claimed_event_pending ON event_log.claimed_event (first_id) WHERE position IS NULL;
  CREATE INDEX claimed_event_recorded ON event_log.claimed_event (recorded_at, position) WHERE position IS NOT NULL`;

/**
 * Claims the events of appends, none of which shares an event with another, and returns what was claimed before. An
 * append of which any event was claimed before is left as it is, and so is one without a first revision, of which it is
 * only asked. One claimer at a time, so that no append is claimed in part ("mizan" in ASCII, and one more).
 */
const CLAIM = `
  CREATE FUNCTION event_log.claim(
    id uuid[], stream text[], place integer[], events integer[], first_id uuid[], first_revision integer[],
    fingerprint text[], recorded_at timestamptz
  ) RETURNS SETOF event_log.claimed_event LANGUAGE plpgsql
    SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
  AS $$
  #variable_conflict use_column
  BEGIN
    -- Each statement below must see what was committed while it waited for the lock.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'event_log.claim works in READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- A claim must be on the disk before the event is sent, whatever the server's default is.
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    PERFORM pg_advisory_xact_lock(x'6d697a616e'::bigint + 1);

    RETURN QUERY SELECT c.* FROM event_log.claimed_event AS c WHERE c.id = ANY (claim.id);

    INSERT INTO event_log.claimed_event (
        id, stream, revision, fingerprint, first_id, first_revision, last_revision, recorded_at)
      SELECT o.id, o.stream, o.first_revision + o.place, o.fingerprint, o.first_id, o.first_revision,
          o.first_revision + o.events - 1, claim.recorded_at
        FROM unnest(claim.id, claim.stream, claim.place, claim.events, claim.first_id, claim.first_revision,
            claim.fingerprint) AS o (id, stream, place, events, first_id, first_revision, fingerprint)
        WHERE o.first_revision IS NOT NULL AND o.first_id NOT IN (
          SELECT k.first_id FROM unnest(claim.id, claim.first_id) AS k (id, first_id)
            WHERE EXISTS (SELECT FROM event_log.claimed_event AS c WHERE c.id = k.id))
        -- Rows are always locked in this order, so that nobody waits for who waits for them.
        ORDER BY o.id;
  END $$`;
