import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The households as they are registered, and the cards that stand for them. */
export class CreateHouseholdRegister1764028800700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE household_register (
        household_id uuid PRIMARY KEY,
        municipality_id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('home', 'shop')),
        persons integer NOT NULL CHECK (persons >= 0),
        position bigint NOT NULL
      )`);
    await runner.query('CREATE INDEX household_register_newest ON household_register (municipality_id, position)');
    await runner.query(`
      CREATE TABLE card_register (
        card_hash text PRIMARY KEY,
        municipality_id text NOT NULL,
        household_id uuid NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE card_register');
    await runner.query('DROP TABLE household_register');
  }
}
