import { stateOf, type DomainEvent, type Fold } from '#kernel';
import { type RecordedEvent } from './event-store.js';

/** One kind of stream, for whoever looks at its histories without knowing the context that writes them. */
export interface Aggregate {
  /** What the names of its streams begin with: everything before the first `-`. */
  readonly category: string;
  /** What a history of such a stream comes to. @param history in log order, each event in the newest version */
  readonly stateOf: (history: readonly RecordedEvent[]) => unknown;
}

/** @param fold the decider of these streams, or the fold alone where nothing is decided on their history */
export function aggregateOf<State, Event extends DomainEvent>(category: string, fold: Fold<State, Event>): Aggregate {
  // The category in a stream's name says whose events it holds.
  return { category, stateOf: (history) => stateOf(fold, history as readonly unknown[] as readonly Event[]) };
}

/** The category in the name of a stream. */
export function categoryOf(stream: string): string {
  return stream.split('-', 1).join();
}
