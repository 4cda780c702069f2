import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** One row per projection of which a newer version could not be filled beside the one that serves. */
export class CreateStoppedRebuild1764028800503 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stopped_rebuild (
        projection      text PRIMARY KEY,
        version         integer NOT NULL CHECK (version > 0),
        error           text NOT NULL,
        failed_position numeric(40, 0) NOT NULL,
        failed_event_id uuid NOT NULL,
        stopped_at      timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stopped_rebuild');
  }
}
