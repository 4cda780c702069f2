import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The two books of schemes, and what a row of each is known by. */
const KEYS = {
  reward_municipality: 'municipality_id',
  reward_scheme: 'municipality_id, version',
  credit_municipality: 'municipality_id',
  credit_scheme: 'municipality_id, version',
};

/**
 * Lets `credit-balance` be folded in partitions, each of which has a book of its own and values its own weighings. What
 * is there was folded by the only one, number 0.
 */
export class SplitCreditBalance1764028800802 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, key] of Object.entries(KEYS)) {
      await runner.query(`
        ALTER TABLE ${table}
          ADD COLUMN partition smallint NOT NULL DEFAULT 0,
          DROP CONSTRAINT ${table}_pkey,
          ADD PRIMARY KEY (${key}, partition)`);
    }
    await runner.query('ALTER TABLE credit_entry ADD COLUMN partition smallint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE credit_entry DROP COLUMN partition');
    for (const [table, key] of Object.entries(KEYS)) {
      await runner.query(`DELETE FROM ${table} WHERE partition > 0`);
      await runner.query(`
        ALTER TABLE ${table}
          DROP CONSTRAINT ${table}_pkey,
          DROP COLUMN partition,
          ADD PRIMARY KEY (${key})`);
    }
  }
}
