import { type DataSource } from 'typeorm';
import { comparePositions, START, type Position } from '#event-store';
import { type Consumer } from '../consumer/consumer.js';
import { identifier } from '../database/identifier.js';
import { inTransaction, withConnection } from '../database/transaction.js';
import { type Projection, type Transaction } from '../projection.js';
import { PartitionsChanged } from '../subscriptions.errors.js';

/** Told, with `<name> <position>`, whenever a checkpoint has moved. A hint: it can get lost. */
export const READ_MODEL_ADVANCED = 'read_model_advanced';

/**
 * A process that hangs inside a projection's transaction, or whose machine is gone, holds its checkpoint; after this
 * time the server ends the transaction and another process can go on. No projection needs a second between statements.
 */
const SILENT_TRANSACTION_MS_MAX = 5_000;

/** How far a consumer has folded the log: everything up to `position`, whether it handles it or not. */
export interface Checkpoint {
  readonly name: string;
  /** From 0; the only one of a projection that is not split. */
  readonly partition: number;
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

/**
 * How far a projection is: as far as the least of its partitions, stopped when one of them has stopped (`error` and what
 * follows are then of the first that has), and moved when the last of them moved.
 */
export interface ProjectionCheckpoint extends Omit<Checkpoint, 'partition'> {
  readonly partitions: readonly Checkpoint[];
}

const COLUMNS = `name, partition, version, position::text, status, error,
  failed_position::text AS "failedPosition", failed_event_id AS "failedEventId",
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "updatedAt"`;

/** All of them, by name; also those of projections that this release no longer has. */
export async function checkpoints(dataSource: DataSource): Promise<readonly ProjectionCheckpoint[]> {
  const rows = await withConnection(dataSource, (session) =>
    session.query<Checkpoint>(`SELECT ${COLUMNS} FROM projection_checkpoint ORDER BY name, partition`),
  );
  const names = new Set(rows.map(({ name }) => name));
  return [...names].map((name) => wholeOf(rows.filter((row) => row.name === name)));
}

/** Of the partitions of one projection; undefined when it has not started. */
export async function findCheckpoint(tx: Transaction, name: string): Promise<ProjectionCheckpoint | undefined> {
  const rows = await partitionsOf(tx, name);
  return rows.length === 0 ? undefined : wholeOf(rows);
}

function partitionsOf(tx: Transaction, name: string): Promise<readonly Checkpoint[]> {
  return tx.query<Checkpoint>(`SELECT ${COLUMNS} FROM projection_checkpoint WHERE name = $1 ORDER BY partition`, [
    name,
  ]);
}

function wholeOf(partitions: readonly Checkpoint[]): ProjectionCheckpoint {
  const [least] = partitions.toSorted((a, b) => comparePositions(a.position, b.position));
  const [newest] = partitions.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  if (least === undefined || newest === undefined) throw new RangeError('A projection has at least one partition');
  const { name, version, status, error, failedPosition, failedEventId } =
    partitions.find((one) => one.status === 'stopped') ?? least;
  const { position } = least;
  const { updatedAt } = newest;
  return { name, version, position, status, error, failedPosition, failedEventId, updatedAt, partitions };
}

/**
 * Reads a consumer's checkpoint, making those of all partitions the first time. A projection without a checkpoint starts
 * from empty tables: rows that nobody remembers having folded would be counted twice.
 * @returns its own, or the first of the projection where what serves is of another version
 * @throws PartitionsChanged
 */
export async function claimCheckpoint(dataSource: DataSource, consumer: Consumer): Promise<Checkpoint> {
  const { projection } = consumer;
  const found = await withConnection(dataSource, (session) => partitionsOf(session, projection.name));
  if (found.length > 0) return ownOf(found, consumer);
  return inTransaction(dataSource, async (tx) => {
    const made = await tx.query(
      `INSERT INTO projection_checkpoint (name, partition, version, position)
       SELECT $1, partition, $2, $3 FROM generate_series(0, $4::int - 1) AS partition
       ON CONFLICT (name, partition) DO NOTHING RETURNING name`,
      [projection.name, projection.version, START, consumer.partition.of],
    );
    if (made.length > 0 && projection.tables.length > 0) {
      await tx.query(`TRUNCATE ${projection.tables.map(identifier).join(', ')}`);
    }
    return ownOf(await partitionsOf(tx, projection.name), consumer);
  });
}

function ownOf(found: readonly Checkpoint[], { projection, partition }: Consumer): Checkpoint {
  const served = found.find(({ version }) => version !== projection.version);
  if (served !== undefined) return served;
  const own = found.find((one) => one.partition === partition.number);
  if (own === undefined || found.length !== partition.of) {
    throw new PartitionsChanged(projection.name, found.length, partition.of);
  }
  return own;
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
  { projection: { name, version }, partition }: Consumer,
  move: { readonly from: Position; readonly to: Position },
): Promise<boolean> {
  const moved = await tx.query(
    `WITH moved AS (
       UPDATE projection_checkpoint
       SET position = $5, status = 'running', error = NULL, failed_position = NULL, failed_event_id = NULL,
           updated_at = clock_timestamp()
       WHERE name = $1 AND partition = $2 AND version = $3 AND position = $4
       RETURNING name, position)
     SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position),
            set_config('synchronous_commit', 'off', true),
            set_config('idle_in_transaction_session_timeout', '${SILENT_TRANSACTION_MS_MAX}', true)
     FROM moved`,
    [name, partition.number, version, move.from, move.to],
  );
  return moved.length === 1;
}

/** Until the transaction ends nobody moves a projection's checkpoints. The server ends it when we fall silent in it. */
export async function holdCheckpoints(tx: Transaction, name: string): Promise<ProjectionCheckpoint | undefined> {
  await tx.query(`SELECT set_config('idle_in_transaction_session_timeout', '${SILENT_TRANSACTION_MS_MAX}', true)`);
  await tx.query('SELECT FROM projection_checkpoint WHERE name = $1 ORDER BY partition FOR UPDATE', [name]);
  return findCheckpoint(tx, name);
}

/** What the checkpoints become when rebuilt tables take the place of those that served. */
export async function replaceCheckpoints(
  tx: Transaction,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  { partitions, position }: { readonly partitions: number; readonly position: Position },
): Promise<void> {
  await tx.query('DELETE FROM projection_checkpoint WHERE name = $1 AND partition >= $2', [name, partitions]);
  await tx.query(
    `WITH placed AS (
       INSERT INTO projection_checkpoint (name, partition, version, position)
       SELECT $1, partition, $2, $3 FROM generate_series(0, $4::int - 1) AS partition
       ON CONFLICT (name, partition) DO UPDATE
       SET version = excluded.version, position = excluded.position, status = 'running', error = NULL,
           failed_position = NULL, failed_event_id = NULL, updated_at = clock_timestamp()
       RETURNING name, position)
     SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position) FROM placed`,
    [name, version, position, partitions],
  );
}

/** Says in the checkpoint why a consumer stopped, unless it has moved meanwhile. */
export function stopAtCheckpoint(
  dataSource: DataSource,
  { name, partition, version, position }: Pick<Checkpoint, 'name' | 'partition' | 'version' | 'position'>,
  failure: { readonly error: string; readonly failedPosition: Position; readonly failedEventId: string },
): Promise<boolean> {
  return inTransaction(dataSource, async (tx) => {
    const stopped = await tx.query(
      `WITH stopped AS (
         UPDATE projection_checkpoint
         SET status = 'stopped', error = $5, failed_position = $6, failed_event_id = $7, updated_at = clock_timestamp()
         WHERE name = $1 AND partition = $2 AND version = $3 AND position = $4
         RETURNING name, position)
       SELECT pg_notify('${READ_MODEL_ADVANCED}', name || ' ' || position) FROM stopped`,
      [name, partition, version, position, failure.error, failure.failedPosition, failure.failedEventId],
    );
    return stopped.length === 1;
  });
}

/** Lets a stopped projection try again. @param eventId only what has stopped at this event @returns whether any has */
export async function releaseStopped(tx: Transaction, name: string, eventId?: string): Promise<boolean> {
  const released = await tx.query(
    `UPDATE projection_checkpoint
     SET status = 'running', error = NULL, failed_position = NULL, failed_event_id = NULL,
         updated_at = clock_timestamp()
     WHERE name = $1 AND status = 'stopped' AND failed_event_id = coalesce($2, failed_event_id) RETURNING name`,
    [name, eventId],
  );
  return released.length > 0;
}
