import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the projections `weighing-history`, `point-board` and `quarantine` know. */
export class CreateWeighingHistory1764028800230 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createWeighings(runner);
    await createPointBoard(runner);
    await createQuarantine(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quarantined_report');
    await runner.query('DROP TABLE point_day');
    await runner.query('DROP TABLE point_board');
    await runner.query('DROP TABLE weighing');
  }
}

async function createWeighings(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE weighing (
      position bigint PRIMARY KEY,
      municipality_id text NOT NULL,
      weighing_id uuid NOT NULL,
      scale_id text NOT NULL,
      seq bigint NOT NULL,
      point_id text NOT NULL,
      household_id text,
      material text NOT NULL,
      gross_grams bigint NOT NULL,
      tare_grams bigint NOT NULL,
      net_grams bigint NOT NULL,
      entry text NOT NULL,
      reasons text[] NOT NULL,
      weighed_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL
    )`);
  await runner.query(`COMMENT ON COLUMN weighing.position IS
    'Of its event in the log: the order in which lists show it and live streams send it.'`);
  // Lists are read from their newest end: of a municipality, of one of its points, of one material.
  await runner.query('CREATE INDEX weighing_municipality ON weighing (municipality_id, position)');
  await runner.query('CREATE INDEX weighing_point ON weighing (municipality_id, point_id, position)');
  await runner.query('CREATE INDEX weighing_material ON weighing (municipality_id, material, position)');
}

async function createPointBoard(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE point_board (
      municipality_id text PRIMARY KEY,
      time_zone text NOT NULL,
      position bigint NOT NULL
    )`);
  await runner.query(`COMMENT ON COLUMN point_board.position IS
    'Of the last event that the days of its points count.'`);
  await runner.query(`
    CREATE TABLE point_day (
      municipality_id text NOT NULL,
      day date NOT NULL,
      point_id text NOT NULL,
      net_grams bigint NOT NULL,
      weighings bigint NOT NULL,
      PRIMARY KEY (municipality_id, day, point_id)
    )`);
}

async function createQuarantine(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE quarantined_report (
      position bigint PRIMARY KEY,
      municipality_id text NOT NULL,
      quarantine_id text NOT NULL,
      scale_id text NOT NULL,
      seq bigint,
      weighing_id text,
      reasons text[] NOT NULL,
      details text[] NOT NULL,
      topic text NOT NULL,
      received_at timestamptz NOT NULL,
      message_hash text NOT NULL
    )`);
  await runner.query('CREATE INDEX quarantined_report_municipality ON quarantined_report (municipality_id, position)');
}
