import { backoffMs, Bell, pause } from '#kernel';
import { StoreUnavailable } from './event-store.errors.js';
import { comparePositions, type EventStore, type Position, type RecordedEvent } from './event-store.js';
import { logBounds } from './read-bounds.js';

export interface Subscribe {
  /** Exclusive. */
  readonly after: Position;
  /** Only these event types; all when absent. */
  readonly types?: readonly string[];
  /** Ends the iteration once it is aborted, without an error. */
  readonly signal?: AbortSignal;
}

/** What a subscription says. */
export type LogMessage =
  | {
      readonly kind: 'events';
      /** The next ones in log order, at least one. */
      readonly events: readonly RecordedEvent[];
      /** The position of the last of them: whoever has dealt with them goes on after it. */
      readonly through: Position;
    }
  /**
   * Nothing wanted lies between here and the end of the log as it was a moment ago. Said once for each end reached, so
   * that it also passes over events of other types; whoever has come this far may go on after it.
   */
  | { readonly kind: 'caught-up'; readonly position: Position };

const PAGE_EVENTS_MAX = 500;
/** The truth about the end of the log is asked for at least this often; hints come in between. */
const POLL_MS = 1_000;

/**
 * The log from a position on, for as long as the caller iterates: what is there, then what is appended, each event once
 * and in order. A lost connection is not an error; it goes on where it was once the engine can be reached again. The same
 * for every engine, because it is made of reads: there is no connection of its own that could be lost.
 * @throws RangeError for an `after` that is no position; whatever a read fails with, unless it is StoreUnavailable
 */
export async function* subscribeTo(
  store: EventStore,
  { after, types, signal }: Subscribe,
): AsyncGenerator<LogMessage, void, undefined> {
  logBounds({ after, max: PAGE_EVENTS_MAX });
  const hint = new Bell();
  let hints = 0;
  const stopListening = store.onAppended(() => {
    hints += 1;
    hint.ring();
  });
  let position = after;
  let saidUpTo: Position | undefined;
  try {
    for (;;) {
      const heard = hints;
      // Before the reads: what is appended between the two may or may not be in their answer.
      const head = await answerOf(() => store.head(), signal);
      while (comparePositions(position, head) < 0) {
        const events = await answerOf(
          () => store.readAll({ after: position, max: PAGE_EVENTS_MAX, ...(types && { types }) }),
          signal,
        );
        position = events.at(-1)?.position ?? head;
        if (events.length > 0) yield { kind: 'events', events, through: position };
        signal?.throwIfAborted();
      }
      if (position !== saidUpTo) yield { kind: 'caught-up', position };
      saidUpTo = position;
      if (hints === heard) await hint.wait(POLL_MS, signal);
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    stopListening();
  }
}

/**
 * Asks until the store answers.
 * @throws whatever is not a want of the store, and what the signal was aborted with
 */
async function answerOf<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await pause(backoffMs(failures), signal);
    }
  }
}
