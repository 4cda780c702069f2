import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The municipalities, what each collects, and where. */
export class CreateMunicipalityRegister1764028800210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE municipality (
        municipality_id text PRIMARY KEY,
        name_ar text NOT NULL,
        name_en text NOT NULL,
        time_zone text NOT NULL,
        currency_code text NOT NULL,
        currency_decimals integer NOT NULL
      )`);
    // `place` keeps the order in which the municipality named them.
    await runner.query(`
      CREATE TABLE material (
        municipality_id text NOT NULL,
        material text NOT NULL,
        name_ar text NOT NULL,
        name_en text NOT NULL,
        colour text NOT NULL,
        pictogram text NOT NULL,
        waste_code text NOT NULL,
        place integer NOT NULL,
        PRIMARY KEY (municipality_id, material)
      )`);
    await runner.query(`
      CREATE TABLE collection_point (
        municipality_id text NOT NULL,
        point_id text NOT NULL,
        name_ar text NOT NULL,
        name_en text NOT NULL,
        materials text[] NOT NULL,
        place integer NOT NULL,
        PRIMARY KEY (municipality_id, point_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE collection_point');
    await runner.query('DROP TABLE material');
    await runner.query('DROP TABLE municipality');
  }
}
