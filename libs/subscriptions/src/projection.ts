import { type RecordedEvent } from '#event-store';
import { type DomainEvent } from '#kernel';

/** The one thing a projection may do to the database: run SQL inside the transaction that moves its checkpoint. */
export interface Transaction {
  /** The rows that the statement returns; empty for one that returns none. */
  query<Row = unknown>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A recorded event of one of several types, so that looking at its `type` tells what its `data` is. */
export type Recorded<E extends DomainEvent> = E extends DomainEvent ? RecordedEvent<E> : never;

/** One of the equal parts of a projection's work; one that is not split is part 0 of 1. */
export interface Partition {
  readonly number: number;
  readonly of: number;
}

/**
 * How the work of a projection is split, so that several processes can share it and a poison event stops only a part.
 * Each partition has a checkpoint of its own and folds only its events, into the same tables: what two of them write
 * must be different rows, and none may read what another one wrote, as the other may be further or less far in the log.
 */
export interface Partitioning<E extends DomainEvent = DomainEvent> {
  /** From 1 to PARTITIONS_MAX. Whoever changes it raises the version, as the checkpoints of the old parts mean nothing. */
  readonly partitions: number;
  /** What must stay together, for example the household; null for an event that every partition needs. */
  keyOf(event: Recorded<E>): string | null;
}

/**
 * A fold of the log into tables. The runner hands it the log in order, in batches, and commits what it writes together
 * with the checkpoint: each event counts exactly once, whatever is killed when.
 *
 * `project` folds its batch in memory and writes it with one statement per table. It names tables without a schema:
 * the runner decides where they stand, which is how a rebuild fills a second set beside the one that serves. It never
 * asks what is true now (a clock, another table's present): all it may know is in the events and in its own tables.
 * It keeps nothing in memory from one batch to the next: a batch may be rolled back, cut in two or folded elsewhere.
 *
 * Its tables are plain: columns, defaults that are constants, checks, primary keys, unique and other indexes. No
 * identity columns or sequences, foreign keys, triggers, or views over them; a rebuild could not swap those.
 */
export abstract class Projection<E extends DomainEvent = DomainEvent> {
  /** kebab-case, the question it answers, for example `credit-balance`. */
  abstract readonly name: string;
  /** Raised when the tables or the fold change: a new version is filled from the first event. */
  abstract readonly version: number;
  /** The tables it owns; nobody else writes them. */
  abstract readonly tables: readonly string[];
  /** Event types it folds; others are never handed to it. */
  abstract readonly handles: readonly E['type'][];
  /** One consumer does all the work when absent. */
  readonly partitioning?: Partitioning<E>;

  /**
   * @param batch at least one event, in log order, each in the newest version of its type
   * @param partition whose events these are
   */
  abstract project(batch: readonly Recorded<E>[], tx: Transaction, partition: Partition): Promise<void>;
}
