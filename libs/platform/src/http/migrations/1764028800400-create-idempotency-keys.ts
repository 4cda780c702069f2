import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** First answers of commands, for those who did not hear them. */
export class CreateIdempotencyKeys1764028800400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA IF NOT EXISTS api;

      CREATE TABLE api.idempotency_key (
        account_id uuid NOT NULL,
        key text NOT NULL,
        -- What the key stands for: SHA-256 of method, address and body.
        request_hash bytea NOT NULL,
        first_seen_at timestamptz NOT NULL,
        -- Null while the first request is being answered.
        answer jsonb,
        PRIMARY KEY (account_id, key)
      );

      CREATE INDEX idempotency_key_by_age ON api.idempotency_key (first_seen_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api.idempotency_key');
  }
}
