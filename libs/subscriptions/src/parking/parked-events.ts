import { type DataSource } from 'typeorm';
import { type Position } from '#event-store';
import { holdCheckpoints, releaseStopped } from '../checkpoint/checkpoint.js';
import { inTransaction, withConnection } from '../database/transaction.js';
import { type Transaction } from '../projection.js';
import { findStoppedRebuild, releaseRebuild } from '../rebuild/stopped-rebuild.js';
import { NotParked, NotStoppedAtEvent, UnfitParkingReason } from '../subscriptions.errors.js';

export const PARKING_REASON_LENGTH_MIN = 10;
export const PARKING_REASON_LENGTH_MAX = 1_000;

/** An event that a person has set aside for a projection, which therefore does not know of it. */
export interface ParkedEvent {
  readonly projection: string;
  readonly eventId: string;
  readonly position: Position;
  /** Of the projection when it stopped at the event; later versions leave the event out too. */
  readonly version: number;
  /** Why it could not be applied. */
  readonly error: string;
  /** Why it was set aside all the same, in the words of who did it. */
  readonly reason: string;
  readonly parkedBy: string;
  /** ISO 8601 UTC. */
  readonly parkedAt: string;
}

/** Who decides about which event. */
export interface Parking {
  readonly projection: string;
  readonly eventId: string;
  /** Who decides: it is kept. */
  readonly by: string;
}

/** Everything that is set aside now, by projection and position. */
export function parkedEvents(dataSource: DataSource): Promise<readonly ParkedEvent[]> {
  return withConnection(dataSource, (session) =>
    session.query<ParkedEvent>(
      `SELECT projection, event_id AS "eventId", position::text, version, error, reason, parked_by AS "parkedBy",
         to_char(parked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "parkedAt"
       FROM subscriptions.parked_event WHERE unparked_at IS NULL ORDER BY projection, position`,
    ),
  );
}

/** Ids of the events that a projection leaves out. */
export async function parkedIn(tx: Transaction, projection: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `SELECT event_id AS id FROM subscriptions.parked_event
     WHERE projection = $1 AND unparked_at IS NULL ORDER BY position`,
    [projection],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Sets aside the event at which a projection, or the filling of its newer version, stopped; it goes on without it. Rebuilds and verifications leave it
 * out as well, in this version and in later ones, until it is taken back (`unparkEvent`).
 * @throws UnfitParkingReason, NotStoppedAtEvent
 */
export async function parkEvent(
  dataSource: DataSource,
  { projection, eventId, by, reason }: Parking & { readonly reason: string },
): Promise<void> {
  // In characters, as the table counts them.
  const { length } = Array.from(reason.trim());
  if (length < PARKING_REASON_LENGTH_MIN || length > PARKING_REASON_LENGTH_MAX) {
    throw new UnfitParkingReason(PARKING_REASON_LENGTH_MIN, PARKING_REASON_LENGTH_MAX);
  }
  await inTransaction(dataSource, async (tx) => {
    const { partitions } = (await holdCheckpoints(tx, projection)) ?? { partitions: [] };
    const rebuild = await findStoppedRebuild(tx, projection);
    const candidates = [...partitions, ...(rebuild ? [rebuild] : [])];
    const stopped = candidates.find(({ failedEventId }) => failedEventId === eventId);
    if (stopped === undefined) {
      const failed = candidates.flatMap(({ failedEventId }) => failedEventId ?? []);
      throw new NotStoppedAtEvent(projection, eventId, failed);
    }
    await tx.query(
      `INSERT INTO subscriptions.parked_event (projection, event_id, position, version, error, reason, parked_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [projection, eventId, stopped.failedPosition, stopped.version, stopped.error, reason.trim(), by],
    );
    await release(tx, projection, eventId);
  });
}

/**
 * Lets a stopped projection try again from where it stopped, and a newer version that could not be filled from its
 * beginning; the processes that run it notice by themselves.
 * @returns false when neither is stopped
 */
export function retryProjection(dataSource: DataSource, projection: string): Promise<boolean> {
  return inTransaction(dataSource, (tx) => release(tx, projection));
}

async function release(tx: Transaction, projection: string, eventId?: string): Promise<boolean> {
  const released = await releaseStopped(tx, projection, eventId);
  return (await releaseRebuild(tx, projection, eventId)) || released;
}

/**
 * Takes a parked event back. What the projection has folded without it stays as it is until the projection is rebuilt.
 * @throws NotParked
 */
export async function unparkEvent(dataSource: DataSource, { projection, eventId, by }: Parking): Promise<void> {
  const unparked = await withConnection(dataSource, (session) =>
    session.query(
      `UPDATE subscriptions.parked_event SET unparked_by = $3, unparked_at = clock_timestamp()
       WHERE projection = $1 AND event_id = $2 AND unparked_at IS NULL RETURNING event_id`,
      [projection, eventId, by],
    ),
  );
  if (unparked.length === 0) throw new NotParked(projection, eventId);
}
