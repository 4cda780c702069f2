import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { migrate, openDatabase } from '#platform';
import { recorded, type SampleEvent } from '#subscriptions/testing';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { type HouseholdRegistered } from '../events/household.events.js';
import { HouseholdNames } from '../household-names/household-names.js';
import { HouseholdDirectoryReader } from '../household-register/household-directory.reader.js';
import { HouseholdRegisterProjection } from '../household-register/household-register.projection.js';
import { householdsMigrations, householdsReadModelMigrations } from '../migrations/index.js';
import { HouseholdListReader, type HouseholdSearch } from './household-list.reader.js';

/** In the order in which they were registered. */
const HOUSEHOLDS = [
  { id: '01931d5e-0000-7000-8000-000000000001', name: 'أحمد البرغوثي', municipalityId: 'beitillu' },
  { id: '01931d5e-0000-7000-8000-000000000002', name: 'فاطمة احمد', municipalityId: 'beitillu' },
  { id: '01931d5e-0000-7000-8000-000000000003', name: null, municipalityId: 'beitillu' },
  { id: '01931d5e-0000-7000-8000-000000000004', name: 'Émile Zayed & Sons', municipalityId: 'beitillu' },
  { id: '01931d5e-0000-7000-8000-000000000005', name: 'أحمد', municipalityId: 'elsewhere' },
] as const;
const [AHMAD, FATIMA, NAMELESS, EMILE, NEIGHBOUR] = HOUSEHOLDS;

const all = { search: '', order: 'name', after: undefined, max: 10 } as const;

describe('the list of households', () => {
  let test: TestDatabase;
  let database: DataSource;
  let list: HouseholdListReader;

  beforeAll(async () => {
    test = await startTestDatabase();
    await migrate(test.url, { core: householdsMigrations, readModel: householdsReadModelMigrations });
    database = await openDatabase(test.url);
    list = new HouseholdListReader(database);

    const names = new HouseholdNames(database);
    for (const { id, name, municipalityId } of HOUSEHOLDS)
      if (name !== null) await names.keep(municipalityId, id, name);
    const samples = HOUSEHOLDS.map(({ id, municipalityId }): SampleEvent<HouseholdRegistered> => ({
      type: 'HouseholdRegistered',
      data: { municipalityId, householdId: id, kind: 'home', persons: 4 },
    }));
    await new HouseholdRegisterProjection().project(recorded<HouseholdRegistered>(samples), database);
  });
  afterAll(async () => {
    await database.destroy();
    await test.stop();
  });

  const idsOf = async (search: Partial<HouseholdSearch>, municipalityId = 'beitillu') =>
    (await list.page(municipalityId, { ...all, ...search })).map(({ householdId }) => householdId);

  it('shows what is known of each', async () => {
    expect(await list.page('beitillu', { ...all, search: 'Zayed' })).toEqual([
      { householdId: EMILE.id, name: 'Émile Zayed & Sons', kind: 'home', persons: 4 },
    ]);
  });

  it('is ordered by name, with those that have none at the end, or begins with the newest', async () => {
    expect(await idsOf({})).toEqual([EMILE.id, AHMAD.id, FATIMA.id, NAMELESS.id]);
    expect(await idsOf({ order: 'newest' })).toEqual([EMILE.id, NAMELESS.id, FATIMA.id, AHMAD.id]);
  });

  it.each(['name', 'newest'] as const)('is the same page by page in the order %s', async (order) => {
    const whole = await idsOf({ order });
    const pages: string[] = [];
    for (let after: string | undefined; pages.length < whole.length; after = pages.at(-1)) {
      const page = await idsOf({ order, after, max: 1 });
      expect(page).toHaveLength(1);
      pages.push(...page);
    }
    expect(pages).toEqual(whole);
    expect(await idsOf({ order, after: whole.at(-1) })).toEqual([]);
  });

  it.each([
    ['the other spelling', 'احمد', [AHMAD.id, FATIMA.id]],
    ['vowels', 'أَحْمَد', [AHMAD.id, FATIMA.id]],
    ['ha for ta marbuta', 'فاطمه', [FATIMA.id]],
    ['words in any order', 'أحمد فاطمة', [FATIMA.id]],
    ['a part of a word', 'برغو', [AHMAD.id]],
    ['another case without accents', 'ZAYED emile', [EMILE.id]],
    ['the beginning of an id', '01931D5E-0000-7000-8000-000000000003', [NAMELESS.id]],
    ['a pattern', '%', [EMILE.id, AHMAD.id, FATIMA.id, NAMELESS.id]],
    ['nobody', 'سلمى', []],
  ])('is searched by %s', async (_, search, found) => {
    expect(await idsOf({ search })).toEqual(found);
  });

  it('shows no household of another municipality, by no search and after no place', async () => {
    expect(await idsOf({}, 'elsewhere')).toEqual([NEIGHBOUR.id]);
    expect(await idsOf({ search: NEIGHBOUR.id })).toEqual([]);
    expect(await idsOf({ after: NEIGHBOUR.id })).toEqual([]);
  });

  it('keeps a name that is there when another one is given with the same id', async () => {
    await new HouseholdNames(database).keep('elsewhere', AHMAD.id, 'Another');
    expect(await new HouseholdDirectoryReader(database).find('beitillu', AHMAD.id)).toEqual({ name: AHMAD.name });
  });

  it('looks a single household up within its municipality', async () => {
    const directory = new HouseholdDirectoryReader(database);
    expect(await directory.find('beitillu', NAMELESS.id)).toEqual({ name: null });
    expect(await directory.find('elsewhere', NAMELESS.id)).toBeNull();
  });
});
