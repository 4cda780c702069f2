import { type DataSource } from 'typeorm';
import { type Position } from '#event-store';
import { withConnection } from '../database/transaction.js';
import { type Projection, type Transaction } from '../projection.js';

/**
 * A newer version of a projection met an event that it cannot apply, while it was being filled beside the one that
 * serves. That one goes on as it did: what it shows is not in question.
 */
export interface StoppedRebuild {
  readonly projection: string;
  /** The one that could not be filled. */
  readonly version: number;
  readonly error: string;
  readonly failedPosition: Position;
  readonly failedEventId: string;
  /** ISO 8601 UTC. */
  readonly stoppedAt: string;
}

const COLUMNS = `projection, version, error, failed_position::text AS "failedPosition",
  failed_event_id AS "failedEventId",
  to_char(stopped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "stoppedAt"`;

/** All of them, by projection. */
export function stoppedRebuilds(dataSource: DataSource): Promise<readonly StoppedRebuild[]> {
  return withConnection(dataSource, (session) =>
    session.query<StoppedRebuild>(`SELECT ${COLUMNS} FROM stopped_rebuild ORDER BY projection`),
  );
}

/** Locked until the transaction ends; undefined when its newest version is not held up. */
export async function findStoppedRebuild(tx: Transaction, projection: string): Promise<StoppedRebuild | undefined> {
  const [found] = await tx.query<StoppedRebuild>(
    `SELECT ${COLUMNS} FROM stopped_rebuild WHERE projection = $1 FOR UPDATE`,
    [projection],
  );
  return found;
}

/** Says why a version could not be filled; the last to say so is right. */
export async function stopRebuild(
  tx: Transaction,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  failure: { readonly error: string; readonly failedPosition: Position; readonly failedEventId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO stopped_rebuild (projection, version, error, failed_position, failed_event_id)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (projection) DO UPDATE
     SET version = excluded.version, error = excluded.error, failed_position = excluded.failed_position,
         failed_event_id = excluded.failed_event_id, stopped_at = clock_timestamp()`,
    [name, version, failure.error, failure.failedPosition, failure.failedEventId],
  );
}

/**
 * Lets it be tried again.
 * @param eventId only what has stopped at this event @returns false when it was not stopped
 */
export async function releaseRebuild(tx: Transaction, projection: string, eventId?: string): Promise<boolean> {
  const released = await tx.query(
    `DELETE FROM stopped_rebuild
     WHERE projection = $1 AND failed_event_id = coalesce($2, failed_event_id) RETURNING projection`,
    [projection, eventId],
  );
  return released.length > 0;
}
