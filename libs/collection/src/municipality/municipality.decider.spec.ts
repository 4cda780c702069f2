import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '#kernel';
import { specificationOf } from '#kernel/testing';
import {
  type CollectionPointOpened,
  type MaterialListed,
  type MunicipalityEstablished,
  type MunicipalityEvent,
} from '../events/municipality.events.js';
import {
  MATERIALS_MAX,
  municipalityDecider,
  POINTS_MAX,
  type EstablishMunicipality,
  type ListMaterial,
  type MunicipalityCommand,
  type OpenCollectionPoint,
} from './municipality.decider.js';
import {
  MaterialAlreadyListed,
  MaterialNotListed,
  MunicipalityAlreadyEstablished,
  MunicipalityFull,
  MunicipalityNotFound,
  PointAlreadyOpen,
} from './municipality.errors.js';

const municipality = specificationOf(municipalityDecider);

const BEITILLU: MunicipalityEstablished['data'] = {
  municipalityId: 'beitillu',
  name: { ar: 'بيتللو', en: 'Beitillu' },
  timeZone: 'Asia/Hebron',
  currency: { code: 'ILS', decimals: 2 },
};
const GLASS: MaterialListed['data'] = {
  municipalityId: 'beitillu',
  material: 'glass',
  name: { ar: 'زجاج', en: 'Glass' },
  colour: '#2f9e44',
  pictogram: 'bottle',
  wasteCode: '20 01 02',
};
const SCHOOL: CollectionPointOpened['data'] = {
  municipalityId: 'beitillu',
  pointId: 'school',
  name: { ar: 'المدرسة', en: 'School' },
  materials: ['glass'],
};

const established: MunicipalityEstablished = { type: 'MunicipalityEstablished', data: BEITILLU };
const listed = (data = GLASS): MaterialListed => ({ type: 'MaterialListed', data });
const opened = (data = SCHOOL): CollectionPointOpened => ({ type: 'CollectionPointOpened', data });

const establishing = (changes: Partial<EstablishMunicipality> = {}): EstablishMunicipality => ({
  type: 'EstablishMunicipality',
  ...BEITILLU,
  ...changes,
});
const listing = (changes: Partial<ListMaterial> = {}): ListMaterial => ({ type: 'ListMaterial', ...GLASS, ...changes });
const opening = (changes: Partial<OpenCollectionPoint> = {}): OpenCollectionPoint => ({
  type: 'OpenCollectionPoint',
  ...SCHOOL,
  ...changes,
});

function faultsOf(command: MunicipalityCommand, ...history: MunicipalityEvent[]): readonly string[] {
  try {
    municipalityDecider.decide(command, history.reduce(municipalityDecider.evolve, municipalityDecider.initialState));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error;
    return error.faults.map(({ field, code }) => `${field} ${code}`);
  }
}

describe('establishing a municipality', () => {
  it('remembers its name, time zone and currency', () => {
    municipality.given().when(establishing()).then(established);
  });

  it('changes nothing the second time', () => {
    municipality.given(established, listed(), opened()).when(establishing()).thenNothing();
  });

  it('is refused for an id that was established otherwise', () => {
    municipality
      .given(established)
      .when(establishing({ currency: { code: 'JOD', decimals: 3 } }))
      .thenRefused(MunicipalityAlreadyEstablished);
  });

  it.each<[string, Partial<EstablishMunicipality>]>([
    ['municipalityId not-an-id', { municipalityId: 'Beit Illu' }],
    ['name.ar wrong-length', { name: { ar: '  ', en: 'Beitillu' } }],
    ['timeZone not-a-time-zone', { timeZone: 'Palestine/Beitillu' }],
    ['currency.code not-a-currency', { currency: { code: 'shekel', decimals: 2 } }],
    ['currency.decimals not-between', { currency: { code: 'ILS', decimals: 5 } }],
  ])('is refused because of %s', (fault, changes) => {
    expect(faultsOf(establishing(changes))).toEqual([fault]);
  });
});

describe('listing a material', () => {
  it('remembers what the municipality collects', () => {
    municipality.given(established).when(listing()).then(listed());
  });

  it('changes nothing the second time', () => {
    municipality.given(established, listed()).when(listing()).thenNothing();
  });

  it('is refused for a material that is listed otherwise', () => {
    municipality
      .given(established, listed())
      .when(listing({ wasteCode: '15 01 07' }))
      .thenRefused(MaterialAlreadyListed);
  });

  it('is refused before the municipality is established', () => {
    municipality.given().when(listing()).thenRefused(MunicipalityNotFound);
  });

  it('is refused beyond what can be shown whole', () => {
    const full = Array.from({ length: MATERIALS_MAX }, (_, index) => listed({ ...GLASS, material: `glass-${index}` }));
    municipality
      .given(established, ...full)
      .when(listing())
      .thenRefused(MunicipalityFull);
  });

  it('knows the star of a hazardous waste', () => {
    expect(faultsOf(listing({ wasteCode: '20 01 33*' }), established)).toEqual([]);
  });

  it('is refused with every field that is wrong', () => {
    const wrong = listing({ material: 'زجاج', colour: 'green', pictogram: '', wasteCode: '200102' });
    expect(faultsOf(wrong, established)).toEqual([
      'material not-an-id',
      'colour not-a-colour',
      'pictogram not-an-id',
      'wasteCode not-a-waste-code',
    ]);
  });
});

describe('opening a collection point', () => {
  it('remembers where it is and what it takes', () => {
    municipality.given(established, listed()).when(opening()).then(opened());
  });

  it('changes nothing the second time', () => {
    municipality.given(established, listed(), opened()).when(opening()).thenNothing();
  });

  it('is refused for a point that is open otherwise', () => {
    municipality
      .given(established, listed(), opened())
      .when(opening({ name: { ar: 'السوق', en: 'Market' } }))
      .thenRefused(PointAlreadyOpen);
  });

  it('is refused for a material that the municipality does not collect', () => {
    municipality
      .given(established, listed())
      .when(opening({ materials: ['glass', 'tyres'] }))
      .thenRefused(MaterialNotListed);
  });

  it('is refused before the municipality is established', () => {
    municipality.given().when(opening()).thenRefused(MunicipalityNotFound);
  });

  it('is refused beyond what can be shown whole', () => {
    const full = Array.from({ length: POINTS_MAX }, (_, index) => opened({ ...SCHOOL, pointId: `point-${index}` }));
    municipality
      .given(established, listed(), ...full)
      .when(opening())
      .thenRefused(MunicipalityFull);
  });

  it.each<[string, Partial<OpenCollectionPoint>]>([
    ['pointId not-an-id', { pointId: 'school.1' }],
    ['materials too-few', { materials: [] }],
    ['materials named-twice', { materials: ['glass', 'glass'] }],
  ])('is refused because of %s', (fault, changes) => {
    expect(faultsOf(opening(changes), established, listed())).toEqual([fault]);
  });
});
