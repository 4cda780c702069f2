import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Rounds of which every append must fit or none is written, and the search for the last position recorded by a moment.
 * The function that processes of an older version call stays, so that they can be replaced one after the other.
 */
export class AppendAtomically1764028800110 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(APPEND_ROUND);
    await queryRunner.query(APPEND);
    await queryRunner.query(POSITION_AT);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION event_log.position_at');
    await queryRunner.query(`DROP FUNCTION event_log.append(${['integer[]', 'boolean[]', ...EVENT_ARRAYS].join()})`);
    await queryRunner.query(`DROP FUNCTION event_log.append_round(${['boolean', ...EVENT_ARRAYS].join()})`);
  }
}

/** The types of the arrays that have one element for each event. */
const EVENT_ARRAYS = [
  ...['integer[]', 'integer[]', 'text[]', 'integer[]', 'uuid[]'],
  ...['text[]', 'integer[]', 'json[]', 'json[]', 'text[]'],
];

/**
 * As event_log.append_round of CreateEventLog, and more: where `together` is true, the appends of the round are written
 * only if all of them fit; those that would fit beside one that does not are answered 'withheld'.
 */
const APPEND_ROUND = `
  CREATE FUNCTION event_log.append_round(
    together boolean, append integer[], place integer[], stream text[], expected integer[],
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
      ), judged AS (
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
      ), verdict AS MATERIALIZED (
        SELECT append, events, position, revision, tail,
            CASE
              WHEN outcome = 'appended' AND append_round.together AND NOT bool_and(outcome = 'appended') OVER ()
                THEN 'withheld'
              ELSE outcome
            END AS outcome
          FROM judged
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

/** As event_log.append of CreateEventLog, and for each round whether its appends go together. */
const APPEND = `
  CREATE FUNCTION event_log.append(
    round_end integer[], together boolean[], append integer[], place integer[], stream text[], expected integer[],
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

    -- Nearly always there is one round; to cut its arrays costs as much as to look its events up.
    IF array_length(append.round_end, 1) = 1 THEN
      RETURN QUERY SELECT * FROM event_log.append_round(append.together[1],
        append.append, append.place, append.stream, append.expected,
        append.id, append.type, append.schema_version, append.data, append.metadata, append.fingerprint);
      RETURN;
    END IF;

    FOR round IN 1 .. array_length(append.round_end, 1) LOOP
      last := append.round_end[round];
      RETURN QUERY SELECT * FROM event_log.append_round(append.together[round],
        append.append[first:last], append.place[first:last], append.stream[first:last], append.expected[first:last],
        append.id[first:last], append.type[first:last], append.schema_version[first:last],
        append.data[first:last], append.metadata[first:last], append.fingerprint[first:last]);
      first := last + 1;
    END LOOP;
  END $$`;

/**
 * The last position recorded at a moment or before it. Recorded time never falls and positions have no gaps, so that
 * halving finds it: 28 lookups in a log of 200 million events, and no index for a question that is seldom asked.
 */
const POSITION_AT = `
  CREATE FUNCTION event_log.position_at(moment timestamptz) RETURNS bigint
  LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
  AS $$
  DECLARE
    low bigint := 0;
    high bigint := coalesce((SELECT max(position) FROM event_log.event), 0);
    middle bigint;
  BEGIN
    WHILE low < high LOOP
      middle := (low + high + 1) / 2;
      IF (SELECT e.recorded_at FROM event_log.event AS e WHERE e.position = middle) <= moment THEN
        low := middle;
      ELSE
        high := middle - 1;
      END IF;
    END LOOP;
    RETURN low;
  END $$`;
