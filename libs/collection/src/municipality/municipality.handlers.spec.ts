import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventRegistry, Streams, type EventMetadata } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { collectionEventTypes } from '../event-types.js';
import { EstablishMunicipalityCommand } from './establish-municipality/establish-municipality.command.js';
import { EstablishMunicipalityHandler } from './establish-municipality/establish-municipality.handler.js';
import { ListMaterialCommand } from './list-material/list-material.command.js';
import { ListMaterialHandler } from './list-material/list-material.handler.js';
import { CollectionPointsReader } from './municipality-register/collection-points.reader.js';
import { MaterialNotListed, MunicipalityNotFound } from './municipality.errors.js';
import { OpenCollectionPointCommand } from './open-collection-point/open-collection-point.command.js';
import { OpenCollectionPointHandler } from './open-collection-point/open-collection-point.handler.js';

const BY_SYSTEM: EventMetadata = {
  municipalityId: 'beitillu',
  correlationId: 'setup',
  causationId: 'setup',
  actor: 'system',
};
const BEITILLU = {
  name: { ar: 'بيتللو', en: 'Beitillu' },
  timeZone: 'Asia/Hebron',
  currency: { code: 'ILS', decimals: 2 },
};
const GLASS = {
  material: 'glass',
  name: { ar: 'زجاج', en: 'Glass' },
  colour: '#2f9e44',
  pictogram: 'bottle',
  wasteCode: '20 01 02',
};
const SCHOOL = { pointId: 'school', name: { ar: 'المدرسة', en: 'School' }, materials: ['glass'] };

describe('setting up a municipality', () => {
  let store: InMemoryEventStore;
  let streams: Streams;
  beforeEach(() => {
    store = new InMemoryEventStore();
    streams = new Streams(store, new EventRegistry(collectionEventTypes));
  });
  const establish = () =>
    new EstablishMunicipalityHandler(streams).execute(new EstablishMunicipalityCommand(BEITILLU, BY_SYSTEM));
  const list = () => new ListMaterialHandler(streams).execute(new ListMaterialCommand(GLASS, BY_SYSTEM));
  const open = () => new OpenCollectionPointHandler(streams).execute(new OpenCollectionPointCommand(SCHOOL, BY_SYSTEM));

  it('records each step in the stream of the municipality, once', async () => {
    const first = [await establish(), await list(), await open()];
    const second = [await establish(), await list(), await open()];

    const events = await store.readStream('municipality-beitillu');
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'MunicipalityEstablished', data: { municipalityId: 'beitillu', ...BEITILLU } },
      { type: 'MaterialListed', data: { municipalityId: 'beitillu', ...GLASS } },
      { type: 'CollectionPointOpened', data: { municipalityId: 'beitillu', ...SCHOOL } },
    ]);
    expect(events.every(({ metadata }) => metadata.actor === 'system')).toBe(true);
    expect(first.map(({ position }) => position)).toEqual(events.map(({ position }) => position));
    // A repeat is answered with a position at which what it asks for can be seen.
    expect(second.every(({ position }) => position === events.at(-1)?.position)).toBe(true);
  });

  it('keeps the order: a municipality, then materials, then points for them', async () => {
    await expect(list()).rejects.toThrow(MunicipalityNotFound);
    await expect(open()).rejects.toThrow(MunicipalityNotFound);
    await establish();
    await expect(open()).rejects.toThrow(MaterialNotListed);
  });

  it('tells at once which points are open', async () => {
    const points = new CollectionPointsReader(streams);
    expect(await points.isOpen('beitillu', 'school')).toBe(false);
    await establish();
    await list();
    await open();
    expect(await points.isOpen('beitillu', 'school')).toBe(true);
    expect(await points.isOpen('beitillu', 'market')).toBe(false);
    expect(await points.isOpen('elsewhere', 'school')).toBe(false);
  });
});
