import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The scales as they are registered, one row each. */
export class CreateScaleRegister1764028800600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE scale_register (
        scale_id text PRIMARY KEY,
        municipality_id text NOT NULL,
        point_id text NOT NULL,
        trust text NOT NULL CHECK (trust IN ('signed', 'unsigned')),
        kid text,
        public_key jsonb,
        capacity_grams bigint NOT NULL,
        minimum_grams bigint NOT NULL,
        interval_grams bigint NOT NULL,
        verified_until timestamptz NOT NULL,
        first_seq bigint,
        CHECK ((trust = 'signed') = (kid IS NOT NULL AND public_key IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX scale_register_municipality ON scale_register (municipality_id, scale_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE scale_register');
  }
}
