import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the `stock-level` projection knows: how much of each material lies at each point, and what came on which day. */
export class CreateStockLevel1764028800900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock_municipality (
        municipality_id text PRIMARY KEY,
        time_zone text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE material_stock (
        municipality_id text NOT NULL,
        point_id text NOT NULL,
        material text NOT NULL,
        grams bigint NOT NULL,
        weighings bigint NOT NULL,
        last_weighed_at timestamptz NOT NULL,
        PRIMARY KEY (municipality_id, point_id, material)
      )`);
    // By day first: every question is about the last days of all points or of one.
    await runner.query(`
      CREATE TABLE material_stock_daily (
        municipality_id text NOT NULL,
        day date NOT NULL,
        point_id text NOT NULL,
        material text NOT NULL,
        grams bigint NOT NULL,
        weighings bigint NOT NULL,
        PRIMARY KEY (municipality_id, day, point_id, material)
      )`);
    await runner.query(`COMMENT ON COLUMN material_stock_daily.day IS
      'On which it was weighed, in the time zone of the municipality.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE material_stock_daily');
    await runner.query('DROP TABLE material_stock');
    await runner.query('DROP TABLE stock_municipality');
  }
}
