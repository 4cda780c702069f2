import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { established } from '#collection/events/testing';
import { openReadModel, projectionContract, recorded, type TestReadModel } from '#subscriptions/testing';
import { rewardsReadModelMigrations } from '../migrations/index.js';
import { published } from '../sample-events.testing.js';
import { PublishedSchemesProjection } from './published-schemes.projection.js';
import { SchemeReader } from './scheme.reader.js';

const projection = new PublishedSchemesProjection();

projectionContract(projection, {
  migrations: rewardsReadModelMigrations,
  samples: [
    established(),
    established({ municipalityId: 'ramallah', currency: { code: 'JOD', decimals: 3 } }),
    published(),
    published({ version: 2, effectiveFrom: '2026-07-01T00:00:00.000Z' }),
    published({ municipalityId: 'ramallah' }),
  ],
});

describe('the published schemes', () => {
  let readModel: TestReadModel;
  let schemes: SchemeReader;

  beforeAll(async () => {
    readModel = await openReadModel(rewardsReadModelMigrations);
    schemes = new SchemeReader(readModel.database);
    await readModel.project(
      projection,
      recorded([
        established(),
        established({ municipalityId: 'ramallah' }),
        established({ municipalityId: 'jericho' }),
        published({ effectiveFrom: '2026-01-01T00:00:00.000Z' }, { earnsDespite: ['unsigned'] }),
        published({ version: 2, effectiveFrom: '2026-07-01T00:00:00.000Z' }, { earnsDespite: [] }),
        published({ municipalityId: 'ramallah', version: 1, effectiveFrom: '2026-05-01T00:00:00.000Z' }),
        published({ municipalityId: 'ramallah', version: 2, effectiveFrom: '2026-03-01T00:00:00.000Z' }),
      ]),
    );
  });
  afterAll(() => readModel.close());

  it('tell which reasons are forgiven since when, without the versions that a retroactive one replaced', async () => {
    expect(await schemes.ofMunicipalities(['beitillu', 'ramallah', 'jericho', 'nowhere'])).toEqual(
      expect.arrayContaining([
        { municipalityId: 'beitillu', effectiveFrom: '2026-01-01T00:00:00.000Z', earnsDespite: ['unsigned'] },
        { municipalityId: 'beitillu', effectiveFrom: '2026-07-01T00:00:00.000Z', earnsDespite: [] },
        { municipalityId: 'ramallah', effectiveFrom: '2026-03-01T00:00:00.000Z', earnsDespite: ['unsigned'] },
      ]),
    );
    expect(await schemes.ofMunicipalities(['ramallah'])).toHaveLength(1);
  });

  it('tell the version in force', async () => {
    const at = async (municipalityId: string, instant: string) =>
      (await schemes.inForceAt(municipalityId, Date.parse(instant)))?.version;
    expect(await at('beitillu', '2025-12-31T23:59:59Z')).toBeUndefined();
    expect(await at('beitillu', '2026-06-30T23:59:59Z')).toBe(1);
    expect(await at('beitillu', '2026-07-01T00:00:00Z')).toBe(2);
    expect(await at('jericho', '2026-07-01T00:00:00Z')).toBeUndefined();
  });
});
