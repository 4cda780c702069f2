import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * The log of events: one table, and the function that is the only way into it.
 *
 * Nothing here depends on transaction ids or sequences, so a dump restored into another cluster goes on where it
 * stopped. Positions are handed out under one lock that is held until the transaction is visible: whoever has read a
 * position has read all before it.
 */
export class CreateEventLog1764028800100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE SCHEMA IF NOT EXISTS event_log');
    await queryRunner.query(TABLE);
    await queryRunner.query(IMMUTABLE);
    await queryRunner.query(APPEND_ROUND);
    await queryRunner.query(APPEND);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION event_log.append, event_log.append_round');
    await queryRunner.query('DROP TABLE event_log.event');
    await queryRunner.query('DROP FUNCTION event_log.refuse_edit');
  }
}

/** `json`, not `jsonb`: what was hashed is what is stored, to the byte, and it costs a third less to write. */
const TABLE = `
  CREATE TABLE event_log.event (
    position bigint PRIMARY KEY,
    stream text NOT NULL,
    revision integer NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    schema_version integer NOT NULL,
    data json NOT NULL,
    metadata json NOT NULL,
    fingerprint text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT event_id_once UNIQUE (id),
    CONSTRAINT event_stream_revision_once UNIQUE (stream, revision)
  );
  CREATE INDEX event_type_position ON event_log.event (type, position)`;

/** Events are never edited. A superuser who must can switch the trigger off, and cannot do it by accident. */
const IMMUTABLE = `
  CREATE FUNCTION event_log.refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'Events are never edited or removed' USING ERRCODE = 'integrity_constraint_violation';
  END $$;
  CREATE TRIGGER event_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON event_log.event
    FOR EACH STATEMENT EXECUTE FUNCTION event_log.refuse_edit()`;

/**
 * Settles appends none of which shares a stream or an event id with another, under the append lock.
 *
 * Every array has one element for each event: the append it belongs to, its place in it, and so on. Expected revisions
 * are numbers: -1 no stream, -2 any, -3 the stream exists. There is a row for each append; or, when every append of the
 * round begins a stream, a single one, 'all-begun', with the position after which they are. The lookups are LATERAL and
 * sequential scans are off because the plans outlive the small table for which they were made. The notification is a
 * hint for whoever follows the log; the server sends it after the commit.
 */
const APPEND_ROUND = `
  CREATE FUNCTION event_log.append_round(
    append integer[], place integer[], stream text[], expected integer[],
    id uuid[], type text[], schema_version integer[], data json[], metadata json[], fingerprint text[]
  ) RETURNS TABLE (
    append_number integer, outcome text, last_position bigint, last_revision integer,
    differing_id uuid, recorded_fingerprint text, recorded_stream text
  ) LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    head bigint;
    stamp timestamptz;
  BEGIN
    SELECT last.position, last.recorded_at INTO head, stamp
      FROM event_log.event AS last ORDER BY last.position DESC LIMIT 1;
    head := coalesce(head, 0);
    stamp := greatest(stamp, date_trunc('milliseconds', clock_timestamp()));

    -- By far the most appends begin a stream with events that nobody has seen: two lookups for all of them.
    IF -1 = ALL (append_round.expected)
      AND NOT EXISTS (SELECT FROM event_log.event AS r WHERE r.id = ANY (append_round.id))
      AND NOT EXISTS (SELECT FROM event_log.event AS r WHERE r.stream = ANY (append_round.stream) AND r.revision = 0)
    THEN
      INSERT INTO event_log.event
        SELECT head + o.n, o.stream, o.place, o.id, o.type, o.schema_version, o.data, o.metadata, o.fingerprint, stamp
          FROM unnest(append_round.place, append_round.stream, append_round.id, append_round.type,
              append_round.schema_version, append_round.data, append_round.metadata, append_round.fingerprint)
            WITH ORDINALITY AS o (place, stream, id, type, schema_version, data, metadata, fingerprint, n);
      PERFORM pg_notify('event_appended', '');
      RETURN QUERY SELECT append_round.append[1], 'all-begun', head, NULL::integer, NULL::uuid, NULL::text, NULL::text;
      RETURN;
    END IF;

    RETURN QUERY
      WITH offered AS MATERIALIZED (
        SELECT o.*, r.position AS recorded_position, r.revision AS recorded_revision,
            r.stream AS recorded_stream, r.fingerprint AS recorded_fingerprint,
            r.stream = o.stream AND r.fingerprint = o.fingerprint AS same
          FROM unnest(append_round.append, append_round.place, append_round.stream, append_round.expected,
              append_round.id, append_round.type, append_round.schema_version, append_round.data,
              append_round.metadata, append_round.fingerprint)
            WITH ORDINALITY AS o (append, place, stream, expected,
              id, type, schema_version, data, metadata, fingerprint, n)
          LEFT JOIN LATERAL (SELECT * FROM event_log.event AS e WHERE e.id = o.id LIMIT 1) AS r ON true
      ), known AS (
        SELECT append, stream, expected, count(*) AS events, count(recorded_position) AS recorded,
            count(*) FILTER (WHERE same) AS same, max(recorded_position) AS position, max(recorded_revision) AS revision
          FROM offered GROUP BY append, stream, expected
      ), verdict AS MATERIALIZED (
        SELECT known.*, tail.revision AS tail,
            CASE
              WHEN same = events THEN 'duplicate'
              WHEN recorded > 0 THEN 'content-conflict'
              WHEN expected = -2 OR expected = -3 AND tail.revision >= 0 OR expected = tail.revision THEN 'appended'
              ELSE 'revision-conflict'
            END AS outcome
          FROM known CROSS JOIN LATERAL (
            SELECT coalesce((SELECT e.revision FROM event_log.event AS e WHERE e.stream = known.stream
              ORDER BY e.revision DESC LIMIT 1), -1) AS revision
          ) AS tail
      ), written AS (
        INSERT INTO event_log.event
        SELECT head + row_number() OVER (ORDER BY o.n), o.stream, v.tail + 1 + o.place, o.id, o.type,
            o.schema_version, o.data, o.metadata, o.fingerprint, stamp
          FROM offered AS o JOIN verdict AS v ON v.append = o.append AND v.outcome = 'appended'
      ), differing AS (
        SELECT DISTINCT ON (o.append) o.append, o.id, o.recorded_fingerprint, o.recorded_stream
          FROM offered AS o JOIN verdict AS v ON v.append = o.append AND v.outcome = 'content-conflict'
          WHERE o.same IS NOT TRUE
          ORDER BY o.append, o.recorded_position IS NULL, o.place
      )
      SELECT v.append, v.outcome,
          CASE v.outcome
            WHEN 'appended' THEN
              head + (sum(v.events) FILTER (WHERE v.outcome = 'appended') OVER (ORDER BY v.append))::bigint
            ELSE v.position
          END,
          CASE v.outcome
            WHEN 'appended' THEN v.tail + v.events::integer
            WHEN 'revision-conflict' THEN v.tail
            ELSE v.revision
          END,
          d.id, d.recorded_fingerprint, d.recorded_stream
        FROM verdict AS v LEFT JOIN differing AS d ON d.append = v.append;
    IF (SELECT max(position) FROM event_log.event) > head THEN
      PERFORM pg_notify('event_appended', '');
    END IF;
  END $$`;

/**
 * Settles a batch of independent appends in one transaction and one round trip. The caller has cut it into rounds, so
 * that appends that touch the same stream or the same event come one after the other; `round_end` has the number of
 * events up to the end of each round.
 */
const APPEND = `
  CREATE FUNCTION event_log.append(
    round_end integer[], append integer[], place integer[], stream text[], expected integer[],
    id uuid[], type text[], schema_version integer[], data json[], metadata json[], fingerprint text[]
  ) RETURNS TABLE (
    append_number integer, outcome text, last_position bigint, last_revision integer,
    differing_id uuid, recorded_fingerprint text, recorded_stream text
  ) LANGUAGE plpgsql
    SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
  AS $$
  #variable_conflict use_column
  DECLARE
    first integer := 1;
    last integer;
  BEGIN
    -- Each statement below must see what was committed while it waited for the lock.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'event_log.append works in READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- An append that was answered must be on the disk, whatever the server's default is.
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    -- One writer at a time, from here until its commit is visible ("mizan" in ASCII). All that can be done before,
    -- such as reading the arguments, has been done.
    PERFORM pg_advisory_xact_lock(x'6d697a616e'::bigint);

    FOREACH last IN ARRAY append.round_end LOOP
      RETURN QUERY SELECT * FROM event_log.append_round(
        append.append[first:last], append.place[first:last], append.stream[first:last], append.expected[first:last],
        append.id[first:last], append.type[first:last], append.schema_version[first:last],
        append.data[first:last], append.metadata[first:last], append.fingerprint[first:last]);
      first := last + 1;
    END LOOP;
  END $$`;
