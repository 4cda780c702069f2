import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { type Partitioning, Projection, type Recorded, type Transaction } from './projection.js';
import { type SampleEvent } from './testing.js';

export interface LoadWeighed {
  readonly type: 'LoadWeighed';
  readonly data: { readonly material: string; readonly grams: number };
}

export interface LoadVoided {
  readonly type: 'LoadVoided';
  readonly data: { readonly material: string; readonly grams: number };
}

export type LoadEvent = LoadWeighed | LoadVoided;

class CreateMaterialTally1764028800501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE material_tally (
        municipality_id text NOT NULL,
        material        text NOT NULL CONSTRAINT materials_have_names CHECK (material <> ''),
        grams           bigint NOT NULL DEFAULT 0,
        loads           integer NOT NULL,
        CONSTRAINT one_row_a_material PRIMARY KEY (municipality_id, material)
      )`);
    await runner.query('CREATE INDEX heaviest_first ON material_tally (grams DESC) WHERE loads > 0');
    await runner.query(`
      CREATE TABLE load_journal (municipality_id text NOT NULL, event_id uuid PRIMARY KEY, grams bigint NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE material_tally, load_journal');
  }
}

export const materialTallyMigrations = [CreateMaterialTally1764028800501] as const;

/**
 * A projection for tests: the sums count an event twice when it is applied twice. The journal does not mind, so that
 * nothing but the checkpoint protects the sums.
 */
export class MaterialTally extends Projection<LoadEvent> {
  readonly name: string = 'material-tally';
  readonly version: number = 1;
  readonly tables = ['material_tally', 'load_journal'];
  readonly handles = ['LoadWeighed', 'LoadVoided'] as const;

  async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
    const weighed = batch.map((event) => ({
      municipality: event.metadata.municipalityId,
      material: event.data.material,
      grams: event.type === 'LoadWeighed' ? event.data.grams : -event.data.grams,
      loads: event.type === 'LoadWeighed' ? 1 : -1,
    }));
    await tx.query(
      `INSERT INTO load_journal SELECT * FROM unnest($1::text[], $2::uuid[], $3::bigint[]) ON CONFLICT DO NOTHING`,
      [weighed.map((one) => one.municipality), batch.map(({ id }) => id), weighed.map((one) => one.grams)],
    );
    await tx.query(
      `INSERT INTO material_tally AS tally (municipality_id, material, grams, loads)
       SELECT municipality, material, sum(grams), sum(loads)
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[]) AS weighed (municipality, material, grams, loads)
       GROUP BY municipality, material ORDER BY municipality, material
       ON CONFLICT (municipality_id, material) DO UPDATE
       SET grams = tally.grams + excluded.grams, loads = tally.loads + excluded.loads`,
      [
        weighed.map((one) => one.municipality),
        weighed.map((one) => one.material),
        weighed.map((one) => one.grams),
        weighed.map((one) => one.loads),
      ],
    );
  }
}

/** An event that no version of the tally can fold: the table refuses it. */
export const POISON: SampleEvent<LoadEvent> = { type: 'LoadWeighed', data: { material: '', grams: 1 } };

export function load(material: string, grams: number): SampleEvent<LoadEvent> {
  return { type: 'LoadWeighed', data: { material, grams } };
}

export function voided(material: string, grams: number): SampleEvent<LoadEvent> {
  return { type: 'LoadVoided', data: { material, grams } };
}

/** The same, with the materials folded apart. */
export class SplitTally extends MaterialTally {
  override readonly partitioning: Partitioning<LoadEvent>;

  constructor(partitions: number) {
    super();
    this.partitioning = { partitions, keyOf: ({ data }) => data.material };
  }
}
