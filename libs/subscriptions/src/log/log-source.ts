import { type EventRegistry, type EventStore } from '#event-store';

/** The log, and how to read the older versions of its events. */
export interface LogSource {
  readonly store: EventStore;
  readonly registry: Pick<EventRegistry, 'upcast'>;
}
