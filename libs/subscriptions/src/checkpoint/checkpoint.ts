import { type DataSource } from 'typeorm';
import { START, type Position } from '#event-store';
import { identifier } from '../database/identifier.js';
import { inTransaction, withConnection } from '../database/transaction.js';
import { type Projection, type Transaction } from '../projection.js';

/** Told, with `<name> <position>`, whenever a checkpoint has moved. A hint: it can get lost. */
export const READ_MODEL_ADVANCED = 'read_model_advanced';

/**
 * A process that hangs inside a projection's transaction holds its checkpoint; after this time the server ends the
 * transaction and another process can go on.
 */
const HANGING_TRANSACTION_MS_MAX = 60_000;

/** How far a projection has folded the log: everything up to `position`, whether it handles it or not. */
export interface Checkpoint {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  readonly status: 'running' | 'stopped';
  /** Why it stopped, and at which event; null while it runs. */
  readonly error: string | null;
  readonly failedPosition: Position | null;
  readonly failedEventId: string | null;
  /** ISO 8601 UTC. */
  readonly updatedAt: string;
}

export type ProjectionIdentity = Pick<Projection, 'name' | 'version' | 'tables'>;

const COLUMNS = `name, version, position::text, status, error,
  failed_position::text AS "failedPosition", failed_event_id AS "failedEventId",
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "updatedAt"`;

/** All of them, by name; also those of projections that this release no longer has. */
export function checkpoints(dataSource: DataSource): Promise<readonly Checkpoint[]> {
  return withConnection(dataSource, (session) =>
    session.query<Checkpoint>(`SELECT ${COLUMNS} FROM projection_checkpoint ORDER BY name`),
  );
}

export async function findCheckpoint(tx: Transaction, name: string): Promise<Checkpoint | undefined> {
  const [found] = await tx.query<Checkpoint>(`SELECT ${COLUMNS} FROM projection_checkpoint WHERE name = $1`, [name]);
  return found;
}

/**
 * Reads a projection's checkpoint, making it the first time. A projection without a checkpoint starts from empty
 * tables: rows that nobody remembers having folded would be counted twice.
 */
export async function claimCheckpoint(dataSource: DataSource, projection: ProjectionIdentity): Promise<Checkpoint> {
  const found = await withConnection(dataSource, (session) => findCheckpoint(session, projection.name));
  if (found !== undefined) return found;
  return inTransaction(dataSource, async (tx) => {
    const [made] = await tx.query<Checkpoint>(
      `INSERT INTO projection_checkpoint (name, version, position) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
      [projection.name, projection.version, START],
    );
    if (made === undefined) return (await findCheckpoint(tx, projection.name)) ?? vanished(projection.name);
    if (projection.tables.length > 0) await tx.query(`TRUNCATE ${projection.tables.map(identifier).join(', ')}`);
    return made;
  });
}

/**
 * Moves a checkpoint if it is still where the caller believes it to be, and locks it until the transaction ends: of two
 * runners at the same place, one waits here and then learns that it was too late, before it has written anything.
 *
 * The transaction does not wait for the disk: rows and checkpoint are kept or lost together, the log is the truth, and
 * what a crash of the server took (less than a second) is folded again.
 * @returns false when it has moved; the caller must roll back
 */
export async function moveCheckpoint(
  tx: Transaction,
  { name, version }: ProjectionIdentity,
  move: { readonly from: Position; readonly to: Position },
): Promise<boolean> {
  const moved = await tx.query(
    `WITH moved AS (
       UPDATE projection_checkpoint
       SET position = $4, status = 'running', error = NULL, failed_position = NULL, failed_event_id = NULL,
           updated_at = clock_timestamp()
       WHERE name = $1 AND version = $2 AND position = $3
       RETURNING name, position)
     SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position),
            set_config('synchronous_commit', 'off', true),
            set_config('idle_in_transaction_session_timeout', '${HANGING_TRANSACTION_MS_MAX}', true)
     FROM moved`,
    [name, version, move.from, move.to],
  );
  return moved.length === 1;
}

/** What a checkpoint becomes when rebuilt tables take the place of those that served. */
export async function replaceCheckpoint(
  tx: Transaction,
  { name, version }: ProjectionIdentity,
  position: Position,
): Promise<void> {
  await tx.query(
    `WITH placed AS (
       INSERT INTO projection_checkpoint (name, version, position) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE
       SET version = excluded.version, position = excluded.position, status = 'running', error = NULL,
           failed_position = NULL, failed_event_id = NULL, updated_at = clock_timestamp()
       RETURNING name, position)
     SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position) FROM placed`,
    [name, version, position],
  );
}

/** Says in the checkpoint why a projection stopped, unless it has moved meanwhile. */
export function stopAtCheckpoint(
  dataSource: DataSource,
  { name, version, position }: Pick<Checkpoint, 'name' | 'version' | 'position'>,
  failure: { readonly error: string; readonly failedPosition: Position; readonly failedEventId: string },
): Promise<boolean> {
  return inTransaction(dataSource, async (tx) => {
    const stopped = await tx.query(
      `WITH stopped AS (
         UPDATE projection_checkpoint
         SET status = 'stopped', error = $4, failed_position = $5, failed_event_id = $6, updated_at = clock_timestamp()
         WHERE name = $1 AND version = $2 AND position = $3
         RETURNING name, position)
       SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position) FROM stopped`,
      [name, version, position, failure.error, failure.failedPosition, failure.failedEventId],
    );
    return stopped.length === 1;
  });
}

/**
 * Lets a stopped projection try again from where it stopped; the processes that run it notice by themselves.
 * @returns false when it is not stopped
 */
export function retryProjection(dataSource: DataSource, name: string): Promise<boolean> {
  return withConnection(dataSource, async (session) => {
    const released = await session.query(
      `UPDATE projection_checkpoint
       SET status = 'running', error = NULL, failed_position = NULL, failed_event_id = NULL,
           updated_at = clock_timestamp()
       WHERE name = $1 AND status = 'stopped' RETURNING name`,
      [name],
    );
    return released.length === 1;
  });
}

function vanished(name: string): never {
  throw new Error(`The checkpoint of ${name} vanished while it was being made`);
}
