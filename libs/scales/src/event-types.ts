import { eventTypesOf, type EventType } from '#event-store';
import { type ScaleEvent } from './events/index.js';

/** Stored names and versions of this context's events. */
export const scalesEventTypes: readonly EventType[] = eventTypesOf<ScaleEvent>({ ScaleRegistered: 1 });
