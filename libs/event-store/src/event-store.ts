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
   * What "the same content" means for a repeat of this id, at most FINGERPRINT_LENGTH_MAX characters. By default the
   * SHA-256 of type and data in canonical form; give the originator's own content where the data also holds what we found out
   * on arrival (a time of receipt, a state of a register).
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
  /**
   * When it became a fact: ISO 8601 in UTC. Where positions are gapless it never falls from one to the next; elsewhere it
   * may, by the difference of two processes' clocks and the time of an append. Positions are the order.
   */
  readonly recordedAt: string;
}

/** Events for one stream that become facts together or not at all. */
export interface Append {
  /** Category and id, `weighing-<id>`; at most STREAM_LENGTH_MAX characters. */
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one, at most EVENTS_PER_APPEND_MAX, and no more than APPEND_BYTES_MAX. */
  readonly events: readonly NewEvent[];
}

/**
 * What became of an append; `position` and `revision` are those of its last event. A conflict is an answer here, not an
 * exception: one must not fail its neighbours.
 */
export type AppendResult =
  | { readonly outcome: 'appended'; readonly position: Position; readonly revision: number }
  /** All of it was there already, in this stream and with the same content; where it was is where it still is. */
  | { readonly outcome: 'duplicate'; readonly position: Position; readonly revision: number }
  | { readonly outcome: 'conflict'; readonly error: RevisionConflict | ContentConflict };

/**
 * What became of appends that go together: the place of each, in their order, or the first of them that did not fit; then
 * nothing of any was written. A repeat in which only some are recorded is a ContentConflict.
 */
export type AtomicAppendResult =
  | { readonly outcome: 'appended' | 'duplicate'; readonly appends: readonly AppendedAt[] }
  | { readonly outcome: 'conflict'; readonly index: number; readonly error: RevisionConflict | ContentConflict };

/** Where the last event of an append is. */
export interface AppendedAt {
  readonly position: Position;
  readonly revision: number;
}

/** What an engine, as it is connected, can do beyond what every engine must. */
export interface EngineCapabilities {
  /** Name and version of the server, to be shown to a person: `PostgreSQL 18.4`. */
  readonly engine: string;
  /** Whether `appendAtomically` takes more than one append. */
  readonly atomicAppends: boolean;
  /** Whether positions count events: 1, 2, 3 and so on. */
  readonly gaplessPositions: boolean;
}

export interface ReadStream {
  /** First revision to read, inclusive. Forwards from 0 by default, backwards from the last event. */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** READ_EVENTS_MAX by default, and at most. */
  readonly max?: number;
}

export interface ReadAll {
  /** Exclusive. */
  readonly after: Position;
  /** At most READ_EVENTS_MAX. */
  readonly max: number;
  /** Only these event types; all when absent. */
  readonly types?: readonly string[];
}

export const EVENTS_PER_APPEND_MAX = 500;
/** All events of an append, as JSON in UTF-8 with some 200 for the envelope of each: what the smallest engine takes. */
export const APPEND_BYTES_MAX = 1_048_576;
export const APPENDS_PER_BATCH_MAX = 10_000;
/** EVENTS_PER_APPEND_MAX and APPEND_BYTES_MAX hold for all of them together. */
export const APPENDS_PER_ATOMIC_MAX = 100;
export const READ_EVENTS_MAX = 10_000;
export const STREAM_LENGTH_MAX = 255;
export const TYPE_LENGTH_MAX = 128;
export const FINGERPRINT_LENGTH_MAX = 128;

/**
 * The log: the only truth. Every engine passes one contract suite (`testing.ts`).
 *
 * An append is durable when its promise resolves. It is idempotent by event id and content, whatever revision a repeat
 * expects: the same ids with the same content answer `duplicate`; with other content, or when only a part of them is
 * recorded, `conflict` and a ContentConflict, and nothing of it is written. An engine that cannot be reached rejects
 * with StoreUnavailable; the outcome is then unknown, and repeating the same append is safe. What no engine could store
 * is refused with InvalidAppend.
 */
export abstract class EventStore {
  abstract readonly capabilities: EngineCapabilities;

  abstract append(append: Append): Promise<AppendResult>;

  /**
   * Independent appends in as few round trips as the engine can, at most APPENDS_PER_BATCH_MAX. One result for each, as
   * if they had been appended one after the other; each is atomic, the batch is not.
   */
  abstract appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]>;

  /**
   * Appends to several streams, each named once, that become facts together or not at all; at most
   * APPENDS_PER_ATOMIC_MAX. @throws UnsupportedByEngine where `capabilities.atomicAppends` is false and there are several
   */
  abstract appendAtomically(appends: readonly Append[]): Promise<AtomicAppendResult>;

  /** A stream that does not exist is empty. @throws RangeError for bounds that are none */
  abstract readStream(stream: string, options?: ReadStream): Promise<readonly RecordedEvent[]>;

  /**
   * Events after a position in log order. Fewer than `max` only at the end of what is visible: whoever asked for the
   * head before has then seen everything up to it. @throws RangeError for bounds that are none
   */
  abstract readAll(options: ReadAll): Promise<readonly RecordedEvent[]>;

  /** The position of the last event, START when the log is empty. */
  abstract head(): Promise<Position>;

  /**
   * The position of the last event recorded at a moment or before it, START when there is none.
   * @param recordedAt ISO 8601 with its offset @throws RangeError
   */
  abstract positionAt(recordedAt: string): Promise<Position>;

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
