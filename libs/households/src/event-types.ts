import { eventTypesOf, type EventType } from '#event-store';
import { type HouseholdEvent } from './events/index.js';

/** Stored names and versions of this context's events. */
export const householdsEventTypes: readonly EventType[] = eventTypesOf<HouseholdEvent>({
  HouseholdRegistered: 1,
  CardIssued: 1,
});
