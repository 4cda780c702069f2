import { type QueryConfig } from 'pg';
import { type EventMetadata, type Position, type ReadAll, type RecordedEvent } from '../event-store.js';
import { type StreamBounds } from '../read-bounds.js';

export interface EventRow {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: object;
  readonly metadata: EventMetadata;
  readonly recorded_at: string;
}

const COLUMNS = `e.position, e.stream, e.revision, e.id, e.type, e.schema_version, e.data, e.metadata,
  to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS recorded_at`;

// None of these is a prepared statement: a plan made for a small table must not outlive it.

export function headStatement(): QueryConfig {
  return { text: 'SELECT position FROM event_log.event ORDER BY position DESC LIMIT 1' };
}

/** @param moment as `instantOf` gives it */
export function positionAtStatement(moment: string): QueryConfig {
  return { text: 'SELECT event_log.position_at($1) AS position', values: [moment] };
}

export function serverVersionStatement(): QueryConfig {
  return { text: `SELECT split_part(current_setting('server_version'), ' ', 1) AS version` };
}

export function readStreamStatement(stream: string, { from, direction, max }: StreamBounds): QueryConfig {
  const [bound, order] = direction === 'forwards' ? ['>=', 'ASC'] : ['<=', 'DESC'];
  return {
    text: `SELECT ${COLUMNS} FROM event_log.event AS e
      WHERE e.stream = $1 AND e.revision ${bound} $2 ORDER BY e.revision ${order} LIMIT $3`,
    values: [stream, from, max],
  };
}

/**
 * With a filter, each type's own index gives its next positions, and the first of them all are fetched: the cost
 * depends on what is wanted and not on how much else lies between. The comparison of rows says "this type, after this
 * position" in the order of that index; said with `=`, the planner orders by position alone and walks the whole log.
 */
export function readAllStatement({ after, max, types }: ReadAll): QueryConfig {
  if (!types) {
    return {
      text: `SELECT ${COLUMNS} FROM event_log.event AS e WHERE e.position > $1 ORDER BY e.position LIMIT $2`,
      values: [after, max],
    };
  }
  return {
    text: `SELECT ${COLUMNS} FROM (
        SELECT next.position FROM unnest($3::text[]) AS wanted (type)
          CROSS JOIN LATERAL (
            SELECT t.position FROM event_log.event AS t
              WHERE (t.type, t.position) > (wanted.type, $1::bigint) AND t.type <= wanted.type
              ORDER BY t.type, t.position LIMIT $2
          ) AS next
          ORDER BY next.position LIMIT $2
      ) AS chosen JOIN event_log.event AS e ON e.position = chosen.position ORDER BY e.position`,
    values: [after, max, [...new Set(types)]],
  };
}

export function recordedEvent(row: EventRow): RecordedEvent {
  return {
    id: row.id,
    stream: row.stream,
    revision: row.revision,
    position: row.position,
    type: row.type,
    schemaVersion: row.schema_version,
    data: row.data,
    metadata: row.metadata,
    recordedAt: row.recorded_at,
  };
}
