import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { StoreUnavailable } from '../event-store.errors.js';
import { PostgresPool } from './postgres-pool.js';

describe('the only connection of a pool', () => {
  let database: TestDatabase;
  let pool: PostgresPool;

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = new PostgresPool(database.url, { connectionsMax: 1, statementMsMax: 10_000 });
  });
  afterAll(async () => {
    await pool.end();
    await database.stop();
  });

  const ask = async (text: string) => (await pool.query<{ answer: number }>({ text }))[0]?.answer;
  const connection = () => ask('SELECT pg_backend_pid() AS answer');

  it('is kept after a statement that the server refuses', async () => {
    const before = await connection();
    await expect(ask('SELECT 1 / 0 AS answer')).rejects.toMatchObject({ code: '22012' });
    expect(await connection()).toBe(before);
  });

  it('is replaced once the server has ended it, before it is asked again', async () => {
    const before = await connection();
    // In the same turn as the server's last word, when the connection has not closed yet.
    const next = ask('SELECT pg_terminate_backend(pg_backend_pid())::int AS answer').catch((error: unknown) => {
      expect(error).toBeInstanceOf(StoreUnavailable);
      return connection();
    });
    expect(await next).not.toBe(before);
  });
});
