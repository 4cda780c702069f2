import { established, quarantined, weighed, weighingId } from '#collection/events/testing';
import { type SampleEvent } from '#subscriptions/testing';
import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { published } from '../../libs/rewards/src/sample-events.testing.js';
import { type StoredEvent, storedEvents } from '../fixtures/stored-events.js';

const HOUSEHOLDS = [1, 2, 3].map((number) => `01931d5e-0000-7000-8000-${String(number).padStart(12, '0')}`);
const SCHEMES = 3;
const WEIGHINGS = 14;
/** Weighings, and the first days of schemes, lie in it: a scheme may value again what has been weighed before. */
const YEAR_MS = 365 * 86_400_000;
const YEAR_BEGINS_MS = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * A short history of Beitillu with every type of event, in an order that is random but for what must come first: the
 * municipality, and a scheme's version before the next one. The same seed makes the same history.
 */
export function randomHistory(seed: string): readonly SampleEvent[] {
  const random = new SeededRandom('history', seed);
  const instant = () => new Date(YEAR_BEGINS_MS + Math.floor(random.next() * YEAR_MS)).toISOString();
  const schemes = Array.from({ length: SCHEMES }, (_, place) =>
    published(
      { version: place + 1, effectiveFrom: place === 0 ? new Date(YEAR_BEGINS_MS).toISOString() : instant() },
      { creditsPerKilogram: { plastic: String(1 + random.pick([1, 2, 3, 4])), glass: '0.5' } },
    ),
  );
  const others = [
    ...['MaterialListed', 'CollectionPointOpened', 'ScaleRegistered'].map(example),
    ...HOUSEHOLDS.flatMap((householdId) => [
      withData(example('HouseholdRegistered'), { householdId }),
      withData(example('CardIssued'), { householdId, cardHash: `card of ${householdId}` }),
    ]),
    ...Array.from({ length: WEIGHINGS }, (_, place) =>
      weighed(place + 1, {
        householdId: random.chance(0.9) ? random.pick(HOUSEHOLDS) : null,
        material: random.pick(['plastic', 'glass', 'paper']),
        pointId: random.pick(['school', 'market']),
        netGrams: Math.floor(random.between(1, 9_000)),
        reasons: random.chance(0.2) ? ['unstable'] : [],
        weighedAt: instant(),
      }),
    ),
    quarantined(WEIGHINGS + 1, { weighingId: weighingId(WEIGHINGS + 1) }),
  ];
  const shuffled = inAnyOrder([...others, ...schemes], random);
  const versions = schemes.values();
  return [
    established(),
    ...shuffled.map((event) => (event.type === 'SchemePublished' ? (versions.next().value ?? event) : event)),
  ];
}

function inAnyOrder<T>(items: readonly T[], random: SeededRandom): readonly T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

function example(type: string): SampleEvent {
  const found = [...storedEvents().values()].filter((event: StoredEvent) => event.type === type).at(-1);
  if (found === undefined) throw new RangeError(`There is no example of ${type}`);
  const { schemaVersion, data } = found;
  return { type, schemaVersion, data };
}

function withData(event: SampleEvent, changes: object): SampleEvent {
  return { ...event, data: { ...event.data, ...changes } };
}
