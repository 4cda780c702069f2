import { type QueryConfig } from 'pg';
import { StoreUnavailable } from '../event-store.errors.js';
import { START, type Position } from '../event-store.js';
import { plainArray, textArray } from '../postgres/array-parameter.js';
import { PostgresPool } from '../postgres/postgres-pool.js';
import { type PreparedAppend } from '../prepared-append.js';
import { type LoggedEvent } from './event-mapping.js';

const STATEMENT_MS_MAX = 10_000;
const UNIQUE_VIOLATION = '23505';
/**
 * How far the clocks of the processes that append may be apart: an event may be recorded by so much earlier than one
 * with a lower position.
 */
const CLOCKS_APART_MINUTES = 10;

/** An append as the index knows it: its events, and the revisions at which they are, or are to be, written. */
export interface Claim {
  readonly append: PreparedAppend;
  /** The revision of its first event. */
  readonly firstRevision: number;
  readonly recordedAtMs: number;
}

/** An event that was claimed before. */
export interface ClaimedEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly fingerprint: string;
  readonly firstId: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly recordedAtMs: number;
  /** How long ago it was claimed. */
  readonly ageMs: number;
  /** Where its append ends; undefined while nobody has said that it was written. */
  readonly position: Position | undefined;
}

/** An event that is known to be in the log. */
interface WrittenEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly fingerprint: string;
  readonly firstId: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly recordedAt: string;
  readonly position: Position;
}

interface ClaimRow {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly fingerprint: string;
  readonly first_id: string;
  readonly first_revision: number;
  readonly last_revision: number;
  readonly recorded_at_ms: number;
  readonly age_ms: number;
  readonly position: Position | null;
}

/** An append that is offered: undefined for a first revision only asks what is known of its events. */
export interface Offer {
  readonly append: PreparedAppend;
  readonly firstRevision: number | undefined;
}

/**
 * The ids of all events of the log, in PostgreSQL: whose content they have, and in which stream. An event is claimed
 * before it is sent, so that an id that is not here is not in the log either.
 */
export class ClaimIndex {
  private readonly pool: PostgresPool;

  /**
   * @param url of a database in which `eventStoreMigrations` have been run
   * @param connectionsMax to that database
   */
  constructor(url: string, connectionsMax: number) {
    this.pool = new PostgresPool(url, { connectionsMax, statementMsMax: STATEMENT_MS_MAX });
  }

  /**
   * Claims the appends none of whose events is known, and says what is known of the others. @throws StoreUnavailable
   */
  async claim(offers: readonly Offer[], recordedAtMs: number): Promise<ReadonlyMap<string, ClaimedEvent>> {
    try {
      const rows = await this.pool.query<ClaimRow>(claimStatement(offers, recordedAtMs));
      return new Map(rows.map((row) => [row.id, claimedEvent(row)]));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new StoreUnavailable('An event was indexed while it was being claimed', { cause: error });
    }
  }

  /** Takes note of appends that were written; `position` is where each ends. @throws StoreUnavailable */
  recordAppends(written: readonly { readonly claim: Claim; readonly position: Position }[]): Promise<void> {
    return this.record(
      written.flatMap(({ claim: { append, firstRevision, recordedAtMs }, position }) =>
        append.events.map(({ id, fingerprint }, place) => ({
          id,
          stream: append.stream,
          revision: firstRevision + place,
          fingerprint,
          firstId: append.events[0]?.id ?? id,
          firstRevision,
          lastRevision: firstRevision + append.events.length - 1,
          recordedAt: new Date(recordedAtMs).toISOString(),
          position,
        })),
      ),
    );
  }

  /** Takes note of events that were found in the log, whoever appended them. @throws StoreUnavailable */
  recordEvents(found: readonly LoggedEvent[]): Promise<void> {
    return this.record(
      found.map(({ event: { id, stream, revision, recordedAt, position }, fingerprint }) => ({
        id,
        stream,
        revision,
        fingerprint,
        firstId: id,
        firstRevision: revision,
        lastRevision: revision,
        recordedAt,
        position,
      })),
    );
  }

  /** Gives up claims of appends that were not written at the revision at which they were claimed. */
  async release(claims: readonly { readonly firstId: string; readonly firstRevision: number }[]): Promise<void> {
    if (claims.length === 0) return;
    await this.pool.query({
      text: `DELETE FROM event_log.claimed_event WHERE id IN (
          SELECT c.id FROM unnest($1::uuid[], $2::integer[]) AS given_up (first_id, first_revision)
            JOIN event_log.claimed_event AS c USING (first_id, first_revision)
            WHERE c.position IS NULL ORDER BY c.id FOR UPDATE OF c)`,
      values: [
        plainArray(claims.map((claim) => claim.firstId)),
        plainArray(claims.map((claim) => claim.firstRevision)),
      ],
    });
  }

  /**
   * The last event that is known to be in the log: every event before it was claimed here, those after it perhaps not,
   * where the database was restored from a backup. undefined when none is known.
   */
  async newest(): Promise<
    (Pick<ClaimedEvent, 'stream' | 'lastRevision'> & { readonly position: Position }) | undefined
  > {
    const [row] = await this.pool.query<{ stream: string; last_revision: number; position: Position }>({
      text: `SELECT stream, last_revision, position FROM event_log.claimed_event
        WHERE position IS NOT NULL AND recorded_at >= (
          SELECT max(recorded_at) - make_interval(mins => $1) FROM event_log.claimed_event WHERE position IS NOT NULL)
        ORDER BY position DESC LIMIT 1`,
      values: [CLOCKS_APART_MINUTES],
    });
    return row && { stream: row.stream, lastRevision: row.last_revision, position: row.position };
  }

  /** The position of the last event recorded at a moment or before it. @throws StoreUnavailable */
  async positionAt(recordedAt: string): Promise<Position> {
    const [row] = await this.pool.query<{ position: Position | null }>({
      text: `SELECT max(position) AS position FROM event_log.claimed_event
        WHERE position IS NOT NULL AND recorded_at <= $1 AND recorded_at >= (
          SELECT recorded_at - make_interval(mins => $2) FROM event_log.claimed_event
            WHERE position IS NOT NULL AND recorded_at <= $1 ORDER BY recorded_at DESC LIMIT 1)`,
      values: [recordedAt, CLOCKS_APART_MINUTES],
    });
    return row?.position ?? START;
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async record(events: readonly WrittenEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.pool.query(recordStatement(events));
  }
}

function claimStatement(offers: readonly Offer[], recordedAtMs: number): QueryConfig {
  const offered = offers.flatMap(({ append, firstRevision }) =>
    append.events.map((event, place) => ({ append, firstRevision, event, place })),
  );
  return {
    name: 'claim',
    text: `SELECT id, stream, revision, fingerprint, first_id, first_revision, last_revision, position,
        extract(epoch FROM recorded_at)::float8 * 1000 AS recorded_at_ms,
        extract(epoch FROM clock_timestamp() - claimed_at)::float8 * 1000 AS age_ms
      FROM event_log.claim($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      plainArray(offered.map(({ event }) => event.id)),
      textArray(offered.map(({ append }) => append.stream)),
      plainArray(offered.map(({ place }) => place)),
      plainArray(offered.map(({ append }) => append.events.length)),
      plainArray(offered.map(({ append, event }) => append.events[0]?.id ?? event.id)),
      plainArray(offered.map(({ firstRevision }) => firstRevision ?? 'NULL')),
      textArray(offered.map(({ event }) => event.fingerprint)),
      new Date(recordedAtMs).toISOString(),
    ],
  };
}

/** A claim becomes an event that is there; so does one that was never claimed here. What is known already stays. */
function recordStatement(events: readonly WrittenEvent[]): QueryConfig {
  return {
    name: 'record',
    text: `INSERT INTO event_log.claimed_event AS known (
        id, stream, revision, fingerprint, first_id, first_revision, last_revision, recorded_at, position)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::uuid[], $6::integer[], $7::integer[],
        $8::timestamptz[], $9::bigint[]) AS written (id) ORDER BY written.id
      ON CONFLICT (id) DO UPDATE SET
          (stream, revision, fingerprint, first_id, first_revision, last_revision, recorded_at, position) =
          (excluded.stream, excluded.revision, excluded.fingerprint, excluded.first_id, excluded.first_revision,
           excluded.last_revision, excluded.recorded_at, excluded.position)
        WHERE known.position IS NULL`,
    values: [
      plainArray(events.map(({ id }) => id)),
      textArray(events.map(({ stream }) => stream)),
      plainArray(events.map(({ revision }) => revision)),
      textArray(events.map(({ fingerprint }) => fingerprint)),
      plainArray(events.map(({ firstId }) => firstId)),
      plainArray(events.map(({ firstRevision }) => firstRevision)),
      plainArray(events.map(({ lastRevision }) => lastRevision)),
      plainArray(events.map(({ recordedAt }) => recordedAt)),
      plainArray(events.map(({ position }) => position)),
    ],
  };
}

function claimedEvent(row: ClaimRow): ClaimedEvent {
  return {
    id: row.id,
    stream: row.stream,
    revision: row.revision,
    fingerprint: row.fingerprint,
    firstId: row.first_id,
    firstRevision: row.first_revision,
    lastRevision: row.last_revision,
    recordedAtMs: Math.round(row.recorded_at_ms),
    ageMs: row.age_ms,
    position: row.position ?? undefined,
  };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}
