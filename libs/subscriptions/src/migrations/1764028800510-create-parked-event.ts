import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Events that a person has set aside for a projection. Not a part of the read model, although only projections read it:
 * who decided this, and why, is nowhere else, and a read model that is made again must leave out the same events.
 */
export class CreateParkedEvent1764028800510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS subscriptions');
    await runner.query(`
      CREATE TABLE subscriptions.parked_event (
        projection  text NOT NULL,
        event_id    uuid NOT NULL,
        position    numeric(40, 0) NOT NULL,
        version     integer NOT NULL,
        error       text NOT NULL,
        reason      text NOT NULL CHECK (char_length(reason) BETWEEN 10 AND 1000),
        parked_by   text NOT NULL,
        parked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        unparked_by text,
        unparked_at timestamptz,
        CHECK ((unparked_by IS NULL) = (unparked_at IS NULL))
      )`);
    await runner.query(`COMMENT ON COLUMN subscriptions.parked_event.version IS
      'Of the projection when it stopped at the event; later versions leave the event out too.'`);
    // Parked, taken back and parked again: each time is a row of its own.
    await runner.query(`
      CREATE UNIQUE INDEX parked_now ON subscriptions.parked_event (projection, event_id) WHERE unparked_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA subscriptions CASCADE');
  }
}
