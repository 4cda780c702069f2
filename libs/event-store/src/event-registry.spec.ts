import { describe, expect, it } from '@jest/globals';
import { EventRegistry, eventTypesOf, type EventType } from './event-registry.js';
import {
  DuplicateEventType,
  IncompleteUpcasters,
  UnknownEventType,
  UnknownSchemaVersion,
} from './event-store.errors.js';
import { type RecordedEvent } from './event-store.js';

interface TareSet {
  readonly type: 'TareSet';
  readonly data: { readonly tareGrams: number; readonly setBy: string };
}
interface PointOpened {
  readonly type: 'PointOpened';
  readonly data: { readonly pointId: string };
}

/** Version 1 counted kilograms, version 2 did not say who. */
const types: readonly EventType[] = eventTypesOf<TareSet | PointOpened>({
  PointOpened: 1,
  TareSet: {
    schemaVersion: 3,
    upcasters: [
      ({ tareKilograms }) => ({ tareGrams: Number(tareKilograms) * 1_000 }),
      (data) => ({ ...data, setBy: 'unknown' }),
    ],
  },
});

function recorded(schemaVersion: number, data: object, type = 'TareSet'): RecordedEvent<TareSet> {
  return {
    id: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    stream: 'scale-7',
    revision: 4,
    position: '12',
    type: type as 'TareSet',
    schemaVersion,
    data: data as TareSet['data'],
    metadata: { municipalityId: 'beitillu', correlationId: 'c', causationId: 'c', actor: 'a' },
    recordedAt: '2026-11-23T08:15:30.000Z',
  };
}

describe('the registry of events', () => {
  const registry = new EventRegistry(types);

  it('knows the version in which each is written', () => {
    expect(registry.types).toEqual(['PointOpened', 'TareSet']);
    expect(registry.schemaVersionOf('PointOpened')).toBe(1);
    expect(registry.schemaVersionOf('TareSet')).toBe(3);
    expect(() => registry.schemaVersionOf('TareUnset')).toThrow(UnknownEventType);
  });

  it.each([
    [1, { tareKilograms: 2 }, { tareGrams: 2_000, setBy: 'unknown' }],
    [2, { tareGrams: 400 }, { tareGrams: 400, setBy: 'unknown' }],
    [3, { tareGrams: 400, setBy: 'a-1' }, { tareGrams: 400, setBy: 'a-1' }],
  ])('reads version %i in the newest one', (version, stored, data) => {
    const event = recorded(version, Object.freeze(stored));
    const read = registry.upcast(Object.freeze(event));
    expect(read).toEqual({ ...event, schemaVersion: 3, data });
    // Reading is not a step: what has been read in the newest version reads the same once more.
    expect(registry.upcast(read)).toEqual(read);
  });

  it('does not read what a newer Mizan wrote, nor what nobody registered', () => {
    expect(() => registry.upcast(recorded(4, {}))).toThrow(UnknownSchemaVersion);
    expect(() => registry.upcast(recorded(1, {}, 'TareUnset'))).toThrow(UnknownEventType);
  });

  it('takes no name twice, and no version that it could not read', () => {
    expect(() => new EventRegistry([...types, { type: 'TareSet', schemaVersion: 1 }])).toThrow(DuplicateEventType);
    expect(() => new EventRegistry([{ type: 'A', schemaVersion: 2 }])).toThrow(IncompleteUpcasters);
    expect(() => new EventRegistry([{ type: 'A', schemaVersion: 0 }])).toThrow(IncompleteUpcasters);
    expect(() => new EventRegistry([{ type: 'A', schemaVersion: 1, upcasters: [(data) => data] }])).toThrow(
      IncompleteUpcasters,
    );
  });
});
