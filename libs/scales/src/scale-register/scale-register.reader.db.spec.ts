import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventRegistry, Streams } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { appendSamples, openReadModel, recorded, type SampleEvent, type TestReadModel } from '#subscriptions/testing';
import { scalesEventTypes } from '../event-types.js';
import { type ScaleRegistered } from '../events/scale.events.js';
import { scalesReadModelMigrations } from '../migrations/index.js';
import { scaleStream } from '../scale/scale.stream.js';
import { ScaleRegisterProjection } from './scale-register.projection.js';
import { ScaleRegisterReader } from './scale-register.reader.js';

function registered(scaleId: string, changes: Partial<ScaleRegistered['data']> = {}): SampleEvent<ScaleRegistered> {
  return {
    type: 'ScaleRegistered',
    stream: scaleStream(scaleId),
    data: {
      municipalityId: 'beitillu',
      scaleId,
      pointId: 'school',
      trust: { kind: 'unsigned' },
      capacityGrams: 60_000,
      minimumGrams: 400,
      intervalGrams: 20,
      verifiedUntil: '2027-12-31T23:59:59.999Z',
      firstSeq: null,
      ...changes,
    },
  };
}

const SIGNED = registered('scale-1', {
  trust: {
    kind: 'signed',
    kid: 'a',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  },
  firstSeq: 4_711,
});
const UNSIGNED = registered('scale-2');
const ELSEWHERE = registered('scale-3', { municipalityId: 'elsewhere' });
const JUST_REGISTERED = registered('scale-4');

describe('looking up scales', () => {
  let readModel: TestReadModel;
  let register: ScaleRegisterReader;

  beforeAll(async () => {
    readModel = await openReadModel(scalesReadModelMigrations);
    const store = new InMemoryEventStore();
    register = new ScaleRegisterReader(readModel.database, new Streams(store, new EventRegistry(scalesEventTypes)));
    await appendSamples(store, [SIGNED, UNSIGNED, ELSEWHERE, JUST_REGISTERED]);
    await readModel.project(new ScaleRegisterProjection(), recorded<ScaleRegistered>([SIGNED, UNSIGNED, ELSEWHERE]));
  });
  afterAll(() => readModel.close());

  it('finds scales with everything that was registered, wherever they are', async () => {
    const found = await register.find(['scale-1', 'scale-3', 'scale-2', 'scale-1']);
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([SIGNED.data, UNSIGNED.data, ELSEWHERE.data]));
  });

  it('finds a scale in the log that the read model has not heard of yet', async () => {
    expect(await register.find(['scale-4', 'scale-4', 'scale-2'])).toEqual([UNSIGNED.data, JUST_REGISTERED.data]);
  });

  it('does not find what nobody registered', async () => {
    expect(await register.find(['nobody'])).toEqual([]);
    expect(await register.find([])).toEqual([]);
  });

  it('lists all scales by id, page by page', async () => {
    expect(await register.list('', 2)).toEqual([SIGNED.data, UNSIGNED.data]);
    expect(await register.list('scale-2', 2)).toEqual([ELSEWHERE.data]);
  });

  it('lists the scales of one municipality', async () => {
    expect(await register.ofMunicipality('elsewhere', '', 10)).toEqual([ELSEWHERE.data]);
    expect(await register.ofMunicipality('beitillu', 'scale-1', 10)).toEqual([UNSIGNED.data]);
  });
});
