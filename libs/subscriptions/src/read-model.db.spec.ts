import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dropReadModel, migrate } from '#platform';
import { MaterialTally, materialTallyMigrations } from './material-tally.testing.js';
import { subscriptionsReadModelMigrations } from './migrations/index.js';
import { ensureReadModel, missingTables } from './read-model.js';
import { openReadModel, type TestReadModel } from './testing.js';

describe('the read model at the start of a process', () => {
  let readModel: TestReadModel;
  const projections = [new MaterialTally()];
  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
  });
  afterEach(() => readModel.close());

  const ensure = (migrations = materialTallyMigrations as readonly (typeof materialTallyMigrations)[number][]) =>
    ensureReadModel(readModel.database, projections, {
      migrate: () =>
        migrate(readModel.url, { core: [], readModel: [...subscriptionsReadModelMigrations, ...migrations] }),
      drop: () => dropReadModel(readModel.database),
    });

  it('is left alone when nothing is missing', async () => {
    await readModel.database.query(`INSERT INTO material_tally VALUES ('beitillu', 'glass', 1, 1)`);
    expect(await ensure()).toEqual([]);
    expect(await readModel.rows('material_tally')).toHaveLength(1);
  });

  it.each(['material_tally', 'projection_checkpoint'])(
    'is made again as a whole when %s was dropped',
    async (table) => {
      await readModel.database.query(`INSERT INTO load_journal VALUES ('beitillu', gen_random_uuid(), 1)`);
      await readModel.database.query(`DROP TABLE ${table}`);
      expect(await missingTables(readModel.database, projections)).toEqual([table]);
      expect(await ensure()).toEqual([table]);
      expect(await missingTables(readModel.database, projections)).toEqual([]);
      expect(await readModel.rows('load_journal')).toEqual([]);
    },
  );

  it('is made again when its schema was dropped', async () => {
    await dropReadModel(readModel.database);
    expect(await ensure()).toEqual([]);
    expect(await missingTables(readModel.database, projections)).toEqual([]);
  });

  it('cannot be used when no migration makes a table', async () => {
    await dropReadModel(readModel.database);
    await expect(ensure([])).rejects.toThrow('material_tally, load_journal');
  });
});
