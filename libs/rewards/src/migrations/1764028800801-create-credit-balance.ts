import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the `credit-balance` projection knows: a journal of every weighing and its value, and each household's sums. */
export class CreateCreditBalance1764028800801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createBook(runner);
    await createJournal(runner);
    await createBalances(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE household_credit');
    await runner.query('DROP TABLE credit_entry');
    await runner.query('DROP TABLE credit_scheme');
    await runner.query('DROP TABLE credit_municipality');
  }
}

async function createBook(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE credit_municipality (
      municipality_id text PRIMARY KEY,
      time_zone text NOT NULL,
      currency_decimals integer NOT NULL
    )`);
  await runner.query(`
    CREATE TABLE credit_scheme (
      municipality_id text NOT NULL,
      version integer NOT NULL,
      scheme_id text NOT NULL,
      effective_from timestamptz NOT NULL,
      document jsonb NOT NULL,
      PRIMARY KEY (municipality_id, version)
    )`);
}

async function createJournal(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE credit_entry (
      weighing_id uuid PRIMARY KEY,
      municipality_id text NOT NULL,
      household_id uuid,
      point_id text NOT NULL,
      material text NOT NULL,
      gross_grams bigint NOT NULL,
      tare_grams bigint NOT NULL,
      net_grams bigint NOT NULL,
      entry text NOT NULL,
      reasons text[] NOT NULL,
      weighed_at timestamptz(3) NOT NULL,
      recorded_at timestamptz NOT NULL,
      day date NOT NULL,
      scheme_version integer,
      micro_credits_per_gram bigint NOT NULL,
      micro_credits bigint NOT NULL,
      position bigint NOT NULL
    )`);
  await runner.query(`COMMENT ON TABLE credit_entry IS
    'One row per weighing, whether or not it earns and whether or not it is anybody''s.'`);
  await runner.query(`COMMENT ON COLUMN credit_entry.day IS 'Of weighed_at, in the time zone of the municipality.'`);
  await runner.query(
    `COMMENT ON COLUMN credit_entry.scheme_version IS 'That values it; null: from before any scheme.'`,
  );
  // A household's visits, the latest first, and what it earned on each day.
  await runner.query(`
    CREATE INDEX credit_entry_household ON credit_entry (household_id, weighed_at, position)
    WHERE household_id IS NOT NULL`);
}

async function createBalances(runner: QueryRunner): Promise<void> {
  // Its rows change all the time: room beside each lets them change without touching the index.
  await runner.query(`
    CREATE TABLE household_credit (
      municipality_id text NOT NULL,
      household_id uuid NOT NULL,
      year integer NOT NULL,
      material text NOT NULL,
      net_grams bigint NOT NULL,
      micro_credits bigint NOT NULL,
      weighings bigint NOT NULL,
      last_weighed_at timestamptz NOT NULL,
      PRIMARY KEY (municipality_id, household_id, year, material)
    ) WITH (fillfactor = 70)`);
  await runner.query(`COMMENT ON TABLE household_credit IS
    'The journal summed by household, year of the municipality''s calendar, and material.'`);
}
