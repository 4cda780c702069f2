import { type DomainEvent } from '#kernel';
import {
  DuplicateEventType,
  IncompleteUpcasters,
  UnknownEventType,
  UnknownSchemaVersion,
} from './event-store.errors.js';
import { type RecordedEvent } from './event-store.js';

/** Turns the data of one schema version into that of the next. Pure: history must read the same on every day. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => object;

/** One kind of event as it is stored. Neither the name nor the version comes from a class. */
export interface EventType {
  /** Unique across all contexts, and never renamed. */
  readonly type: string;
  /** The version that is written now; the first is 1. */
  readonly schemaVersion: number;
  /** One for each older version: the first turns version 1 into 2, the next 2 into 3. */
  readonly upcasters?: readonly Upcaster[];
}

/** 1, as long as an event has had one shape only. */
type SchemaHistory = 1 | { readonly schemaVersion: number; readonly upcasters: readonly Upcaster[] };

/** Declares the stored types of a union of events. The compiler finds one that is missing, misspelt or superfluous. */
export function eventTypesOf<Event extends DomainEvent>(
  histories: Readonly<Record<Event['type'], SchemaHistory>>,
): readonly EventType[] {
  return Object.entries<SchemaHistory>(histories).map(([type, history]) =>
    history === 1 ? { type, schemaVersion: 1 } : { type, ...history },
  );
}

/** All the events that an installation knows: which version is written, and how older ones are read. */
export class EventRegistry {
  private readonly byType = new Map<string, EventType>();

  /** @throws DuplicateEventType, IncompleteUpcasters */
  constructor(types: readonly EventType[]) {
    for (const eventType of types) {
      const { type, schemaVersion, upcasters = [] } = eventType;
      if (this.byType.has(type)) throw new DuplicateEventType(type);
      if (upcasters.length !== schemaVersion - 1) {
        throw new IncompleteUpcasters(type, schemaVersion, upcasters.length);
      }
      this.byType.set(type, eventType);
    }
  }

  get types(): readonly string[] {
    return [...this.byType.keys()];
  }

  /** The version in which a new event of this type is written. @throws UnknownEventType */
  schemaVersionOf(type: string): number {
    return this.named(type).schemaVersion;
  }

  /** The event in the newest version of its type. @throws UnknownEventType, UnknownSchemaVersion */
  upcast<E extends DomainEvent>(event: RecordedEvent<E>): RecordedEvent<E> {
    const { schemaVersion: newest, upcasters = [] } = this.named(event.type);
    if (event.schemaVersion === newest) return event;
    if (event.schemaVersion > newest) throw new UnknownSchemaVersion(event.type, event.schemaVersion, newest);
    const data = upcasters
      .slice(event.schemaVersion - 1)
      .reduce<object>((older, upcast) => upcast(older as Readonly<Record<string, unknown>>), event.data);
    return { ...event, schemaVersion: newest, data };
  }

  private named(type: string): EventType {
    const eventType = this.byType.get(type);
    if (!eventType) throw new UnknownEventType(type);
    return eventType;
  }
}
