import { type DomainEvent } from '#kernel';
import { type ContentConflict, type RevisionConflict } from './event-store.errors.js';

/**
 * A place in the whole log: opaque outside an engine, totally ordered by `comparePositions`, and a decimal string so
 * that it can travel in JSON. Only the PostgreSQL engine promises that positions have no gaps.
 */
export type Position = string;

/** The position before the first event. */
export const START: Position = '0';

/** What a stream must look like for an append to be accepted. A number is the revision of its last event. */
export type ExpectedRevision = 'no-stream' | 'stream-exists' | 'any' | number;

/** Flat strings only: the smallest common denominator of the engines. Written with every event. */
export interface EventMetadata {
  readonly municipalityId: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** Who or what caused it: an account id, a scale id, `system`. Never a name. */
  readonly actor: string;
  readonly [key: string]: string;
}

/** An event on its way into the log. */
export interface NewEvent<E extends DomainEvent = DomainEvent> {
  /** A UUID made by whoever made the event first, and persisted there before sending: the key of idempotency. */
  readonly id: string;
  readonly type: E['type'];
  readonly schemaVersion: number;
  readonly data: E['data'];
  readonly metadata: EventMetadata;
  /**
   * What "the same content" means for a repeat of this id. By default a hash of type and data; give the originator's
   * own content where the data also holds what we found out on arrival (a time of receipt, a state of a register).
   */
  readonly fingerprint?: string;
}

/** An event as the log holds it. */
export interface RecordedEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly stream: string;
  /** Place in its stream, from 0. */
  readonly revision: number;
  readonly position: Position;
  readonly type: E['type'];
  readonly schemaVersion: number;
  readonly data: E['data'];
  readonly metadata: EventMetadata;
  /** When it became a fact: ISO 8601 in UTC, never falling from one position to the next. */
  readonly recordedAt: string;
}

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one, at most EVENTS_PER_APPEND_MAX. */
  readonly events: readonly NewEvent[];
}

/** What became of an append. A conflict is an answer here, not an exception: one must not fail its neighbours. */
export type AppendResult =
  | { readonly outcome: 'appended'; readonly position: Position; readonly revision: number }
  /** All of it was there already, with the same content; `position` and `revision` are the original ones. */
  | { readonly outcome: 'duplicate'; readonly position: Position; readonly revision: number }
  | { readonly outcome: 'conflict'; readonly error: RevisionConflict | ContentConflict };

export interface ReadStream {
  /** First revision to read, inclusive. Forwards from 0 by default, backwards from the last event. */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  readonly max?: number;
}

export interface ReadAll {
  /** Exclusive. */
  readonly after: Position;
  readonly max: number;
  /** Only these event types; all when absent. */
  readonly types?: readonly string[];
}

export const EVENTS_PER_APPEND_MAX = 500;

/**
 * The log: the only truth. Every engine passes one contract suite (`testing.ts`).
 *
 * An append is durable when its promise resolves. It is idempotent by event id and content: the same id with the same
 * content answers `duplicate`, with other content `conflict` and a ContentConflict. An engine that cannot be reached
 * rejects with StoreUnavailable; the outcome is then unknown, and repeating the same append is safe.
 */
export abstract class EventStore {
  abstract append(append: Append): Promise<AppendResult>;

  /** Independent appends in as few round trips as the engine can; one result for each, in their order. */
  abstract appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]>;

  /** A stream that does not exist is empty. */
  abstract readStream(stream: string, options?: ReadStream): Promise<readonly RecordedEvent[]>;

  /** Events after a position in log order; fewer than `max` only at the end of what is visible. */
  abstract readAll(options: ReadAll): Promise<readonly RecordedEvent[]>;

  /** The position of the last event, START when the log is empty. */
  abstract head(): Promise<Position>;

  /**
   * Calls `wake` soon after something was appended by anybody. Only a hint: it may come late, twice or never, so the
   * listener must look for itself from time to time. Returns a function that stops it.
   */
  abstract onAppended(wake: () => void): () => void;
}

/** -1, 0 or 1, as Array.prototype.sort wants it. */
export function comparePositions(a: Position, b: Position): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
