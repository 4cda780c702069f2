import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the `published-schemes` projection knows: municipalities and each version of their scheme. */
export class CreatePublishedSchemes1764028800800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reward_municipality (
        municipality_id text PRIMARY KEY,
        time_zone text NOT NULL,
        currency_decimals integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE reward_scheme (
        municipality_id text NOT NULL,
        version integer NOT NULL,
        scheme_id text NOT NULL,
        effective_from timestamptz NOT NULL,
        document jsonb NOT NULL,
        PRIMARY KEY (municipality_id, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reward_scheme');
    await runner.query('DROP TABLE reward_municipality');
  }
}
