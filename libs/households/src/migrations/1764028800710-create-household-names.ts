import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Personal data: what no event may hold, so that it can be erased while every total still adds up. It is not derived
 * from the log and does not go when read models are thrown away.
 */
export class CreateHouseholdNames1764028800710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS personal');
    await runner.query(`
      CREATE TABLE personal.household (
        household_id uuid PRIMARY KEY,
        municipality_id text NOT NULL,
        name text NOT NULL,
        search_text text NOT NULL
      )`);
    await runner.query(`COMMENT ON COLUMN personal.household.search_text IS
      'The name as a search compares it: without case, marks and variants of letters (search-text.ts).'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE personal.household');
    await runner.query('DROP SCHEMA personal');
  }
}
