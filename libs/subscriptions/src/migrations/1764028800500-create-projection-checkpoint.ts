import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** One row per projection: how far it has folded the log, and why it stopped where it did. */
export class CreateProjectionCheckpoint1764028800500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A position is an opaque integer of the log's engine; numeric holds that of any of them.
    await runner.query(`
      CREATE TABLE projection_checkpoint (
        name            text PRIMARY KEY,
        version         integer NOT NULL CHECK (version > 0),
        position        numeric(40, 0) NOT NULL CHECK (position >= 0),
        status          text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped')),
        error           text,
        failed_position numeric(40, 0),
        failed_event_id uuid,
        updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        CHECK ((status = 'stopped') = (error IS NOT NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE projection_checkpoint');
  }
}
