import { v7 as uuidv7 } from 'uuid';
import { type Append, type ExpectedRevision, type NewEvent } from '../event-store.js';

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
