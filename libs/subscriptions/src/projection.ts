import { type RecordedEvent } from '#event-store';

/** The one thing a projection may do to the database: run SQL inside the transaction that moves its checkpoint. */
export interface Transaction {
  query<Row = unknown>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/**
 * A fold of the log into tables. The runner hands it the log in order, in batches, and commits what it writes together
 * with the checkpoint: each event counts exactly once, whatever is killed when.
 *
 * `project` folds its batch in memory and writes it with one statement per table. It names tables without a schema:
 * the runner decides where they stand, which is how a rebuild fills a second set beside the one that serves. It never
 * asks what is true now (a clock, another table's present): all it may know is in the events and in its own tables.
 */
export abstract class Projection {
  /** kebab-case, the question it answers, for example `credit-balance`. */
  abstract readonly name: string;
  /** Raised when the tables or the fold change: a new version is filled from the first event. */
  abstract readonly version: number;
  /** The tables it owns; nobody else writes them. */
  abstract readonly tables: readonly string[];
  /** Event types it folds; others are never handed to it. */
  abstract readonly handles: readonly string[];

  abstract project(batch: readonly RecordedEvent[], tx: Transaction): Promise<void>;
}
