import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** People who sign in. Their names stand here, where they can be erased, and never in an event. */
export class CreateAccountsAndSessions1764028800300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA IF NOT EXISTS identity;

      CREATE TABLE identity.account (
        account_id uuid PRIMARY KEY,
        -- As it is compared: in lower case, in Unicode's composed form.
        login text NOT NULL UNIQUE,
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('household', 'operator', 'clerk', 'recycler')),
        municipality_id text NOT NULL,
        household_id text,
        -- Argon2id in PHC format, which names its own parameters.
        password_hash text NOT NULL,
        -- Its password is public: it is refused and removed where the demo is off.
        is_demo boolean NOT NULL,
        CHECK ((role = 'household') = (household_id IS NOT NULL))
      );

      CREATE TABLE identity.session (
        -- SHA-256 of the token in the cookie: whoever reads this table can sign in as nobody.
        token_hash bytea PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        started_at timestamptz NOT NULL,
        used_at timestamptz NOT NULL
      );

      CREATE INDEX session_by_account ON identity.session (account_id, used_at);
      CREATE INDEX session_by_use ON identity.session (used_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.session, identity.account');
  }
}
