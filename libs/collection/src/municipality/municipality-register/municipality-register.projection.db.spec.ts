import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import {
  type CollectionPointOpened,
  type MaterialListed,
  type MunicipalityEstablished,
  type MunicipalityEvent,
} from '../../events/municipality.events.js';
import { municipalityReadModelMigrations } from '../migrations/index.js';
import { MunicipalityDirectoryReader } from './municipality-directory.reader.js';
import { MunicipalityRegisterProjection } from './municipality-register.projection.js';

const ESTABLISHED: SampleEvent<MunicipalityEstablished> = {
  type: 'MunicipalityEstablished',
  data: {
    municipalityId: 'beitillu',
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  },
};

function listed(material: string, wasteCode: string): SampleEvent<MaterialListed> {
  const name = { ar: `${material} بالعربية`, en: material };
  return {
    type: 'MaterialListed',
    data: { municipalityId: 'beitillu', material, name, colour: '#2f9e44', pictogram: 'bottle', wasteCode },
  };
}

function opened(pointId: string, materials: readonly string[]): SampleEvent<CollectionPointOpened> {
  const name = { ar: `${pointId} بالعربية`, en: pointId };
  return { type: 'CollectionPointOpened', data: { municipalityId: 'beitillu', pointId, name, materials } };
}

const SAMPLES: readonly SampleEvent<MunicipalityEvent>[] = [
  ESTABLISHED,
  listed('glass', '20 01 02'),
  opened('school', ['glass']),
  listed('paper', '20 01 01'),
  opened('market', ['paper', 'glass']),
];

projectionContract<MunicipalityEvent>(new MunicipalityRegisterProjection(), {
  migrations: municipalityReadModelMigrations,
  samples: SAMPLES,
});

describe('the register of municipalities', () => {
  let readModel: TestReadModel;
  beforeAll(async () => {
    readModel = await openReadModel(municipalityReadModelMigrations);
    const events = recorded<MunicipalityEvent>(SAMPLES).map((event, revision) => ({ ...event, revision }));
    await readModel.project(new MunicipalityRegisterProjection(), events);
    // Hearing the same again changes nothing.
    await readModel.project(new MunicipalityRegisterProjection(), events);
  });
  afterAll(() => readModel.close());

  it('has a row for each municipality', async () => {
    expect(await readModel.rows('municipality')).toEqual([
      {
        municipality_id: 'beitillu',
        name_ar: 'بيتللو',
        name_en: 'Beitillu',
        time_zone: 'Asia/Hebron',
        currency_code: 'ILS',
        currency_decimals: 2,
      },
    ]);
  });

  it('has a row for each material, in the order in which they were listed', async () => {
    const rows = await readModel.database.query<unknown[]>('SELECT * FROM material ORDER BY place');
    expect(rows).toEqual([
      expect.objectContaining({
        municipality_id: 'beitillu',
        material: 'glass',
        name_ar: 'glass بالعربية',
        name_en: 'glass',
        colour: '#2f9e44',
        pictogram: 'bottle',
        waste_code: '20 01 02',
      }),
      expect.objectContaining({ material: 'paper', waste_code: '20 01 01' }),
    ]);
  });

  it('has a row for each collection point, with what it takes', async () => {
    const rows = await readModel.database.query<unknown[]>('SELECT * FROM collection_point ORDER BY place');
    expect(rows).toEqual([
      expect.objectContaining({
        municipality_id: 'beitillu',
        point_id: 'school',
        name_ar: 'school بالعربية',
        name_en: 'school',
        materials: ['glass'],
      }),
      expect.objectContaining({ point_id: 'market', materials: ['paper', 'glass'] }),
    ]);
  });

  it('tells what a municipality is, and that another one is not known', async () => {
    const directory = new MunicipalityDirectoryReader(readModel.database);
    expect(await directory.find('beitillu')).toEqual(ESTABLISHED.data);
    expect(await directory.find('elsewhere')).toBeNull();
  });
});
