import { eventTypesOf, type EventType } from '#event-store';
import { type SchemeEvent } from './events/index.js';

/** Stored names and versions of this context's events. */
export const rewardsEventTypes: readonly EventType[] = eventTypesOf<SchemeEvent>({ SchemePublished: 1 });
