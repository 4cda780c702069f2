import { v7 as uuidv7 } from 'uuid';
import { type Append, type EventStore, type ExpectedRevision, type NewEvent, type Position } from '../event-store.js';

/** An event that differs from every other in its id only. */
export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    id: uuidv7(),
    type: 'WasteWeighed',
    schemaVersion: 1,
    data: { material: 'glass', netGrams: 1_250 },
    metadata: { municipalityId: 'beitillu', correlationId: 'c-1', causationId: 'm-1', actor: 'beitillu-01' },
    ...overrides,
  };
}

/** An append of one event, or of those given, to a stream of its own or to the one named. */
export function anAppend({
  stream = aStream(),
  expected = 'no-stream',
  events = [anEvent()],
}: { stream?: string; expected?: ExpectedRevision; events?: readonly NewEvent[] } = {}): Append {
  return { stream, expected, events };
}

/** The name of a stream that does not exist. */
export function aStream(): string {
  return `weighing-${uuidv7()}`;
}

/** Records an event of each type, one after the other, each in a stream of its own. */
export async function appendInTurn(
  store: EventStore,
  types: readonly string[],
): Promise<{ readonly after: Position; readonly events: readonly NewEvent[] }> {
  const after = await store.head();
  const events = types.map((type) => anEvent({ type }));
  await store.appendBatch(events.map((event) => anAppend({ events: [event] })));
  return { after, events };
}

export function idsOf(events: readonly { readonly id: string }[]): readonly string[] {
  return events.map(({ id }) => id);
}
