import { beforeEach, describe, expect, it } from '@jest/globals';
import { collectionEventTypes } from '#collection';
import { municipalityStream, type MunicipalityEvent } from '#collection/events';
import { EventRegistry, Streams, type EventMetadata } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { rewardsEventTypes } from '../event-types.js';
import { SCHEME } from '../sample-events.testing.js';
import { PublishSchemeCommand } from './publish-scheme.command.js';
import { PublishSchemeHandler } from './publish-scheme.handler.js';

const metadata: EventMetadata = { municipalityId: 'beitillu', correlationId: 'c', causationId: 'c', actor: 'clerk' };
const publication = { schemeId: 'rewards', version: 1, effectiveFrom: '2026-01-01T00:00:00Z', scheme: SCHEME };

let store: InMemoryEventStore;
let handler: PublishSchemeHandler;

beforeEach(() => {
  store = new InMemoryEventStore();
  handler = new PublishSchemeHandler(
    new Streams(store, new EventRegistry([...collectionEventTypes, ...rewardsEventTypes])),
  );
});

async function happened(...events: readonly MunicipalityEvent[]): Promise<void> {
  await store.append({
    stream: municipalityStream('beitillu'),
    expected: 'any',
    events: events.map(({ type, data }) => ({ id: crypto.randomUUID(), type, data, schemaVersion: 1, metadata })),
  });
}

const established: MunicipalityEvent = {
  type: 'MunicipalityEstablished',
  data: {
    municipalityId: 'beitillu',
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  },
};

const listed = (material: string): MunicipalityEvent => ({
  type: 'MaterialListed',
  data: {
    municipalityId: 'beitillu',
    material,
    name: { ar: material, en: material },
    colour: '#2f9e44',
    pictogram: material,
    wasteCode: '20 01 39',
  },
});

describe('publishing a scheme', () => {
  it('records it for the municipality, once, and tells where', async () => {
    await happened(established, listed('plastic'), listed('paper'));
    const { position } = await handler.execute(new PublishSchemeCommand(publication, metadata));
    expect(position).toBe(await store.head());
    expect(await store.readStream('rewardScheme-beitillu')).toEqual([
      expect.objectContaining({
        type: 'SchemePublished',
        position,
        data: { ...publication, municipalityId: 'beitillu', effectiveFrom: '2026-01-01T00:00:00.000Z' },
      }),
    ]);
    expect(await handler.execute(new PublishSchemeCommand(publication, metadata))).toEqual({ position });
    expect(await store.readStream('rewardScheme-beitillu')).toHaveLength(1);
  });

  it('is refused with what the municipality does not collect and its currency cannot say', async () => {
    await happened(established, listed('plastic'));
    const scheme = { ...SCHEME, yearlyFee: '120.005' };
    await expect(handler.execute(new PublishSchemeCommand({ ...publication, scheme }, metadata))).rejects.toMatchObject(
      {
        faults: [
          { field: 'scheme.creditsPerKilogram.paper', code: 'unknown-material' },
          { field: 'scheme.yearlyFee', code: 'not-an-amount', values: { places: 2, max: '1000000' } },
        ],
      },
    );
    expect(await store.readStream('rewardScheme-beitillu')).toEqual([]);
  });

  it('is refused for a municipality that nobody established', async () => {
    await expect(handler.execute(new PublishSchemeCommand(publication, metadata))).rejects.toMatchObject({
      code: 'municipality-not-found',
    });
  });
});
