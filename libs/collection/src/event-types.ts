import { eventTypesOf, type EventType } from '#event-store';
import { type MunicipalityEvent, type QuarantineEvent, type WeighingEvent } from './events/index.js';

/** Stored names and versions of this context's events. */
export const collectionEventTypes: readonly EventType[] = eventTypesOf<
  MunicipalityEvent | WeighingEvent | QuarantineEvent
>({
  MunicipalityEstablished: 1,
  MaterialListed: 1,
  CollectionPointOpened: 1,
  WasteWeighed: 1,
  ReportQuarantined: 1,
});
