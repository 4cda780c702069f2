import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type QueryConfig } from 'pg';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { StoreUnavailable } from '../event-store.errors.js';
import { PostgresPipeline } from './postgres-pipeline.js';
import { PostgresPool } from './postgres-pool.js';

const STATEMENT_MS_MAX = 10_000;

let database: TestDatabase;

beforeAll(async () => void (database = await startTestDatabase()));
afterAll(() => database.stop());

interface Asked {
  readonly answer: number;
}

const asks =
  (connections: () => PostgresPool | PostgresPipeline) =>
  async (text: string, values?: unknown[]): Promise<number | undefined> => {
    const statement: QueryConfig = { text, ...(values && { values, name: 'named' }) };
    return (await connections().query<Asked & Record<string, unknown>>(statement))[0]?.answer;
  };

const KINDS = {
  'the only connection of a pool': (url: string) =>
    new PostgresPool(url, { connectionsMax: 1, statementMsMax: STATEMENT_MS_MAX }),
  'the connection of a pipeline': (url: string) => new PostgresPipeline(url, STATEMENT_MS_MAX),
};

describe.each(Object.entries(KINDS))('%s', (_, connect) => {
  let connections: PostgresPool | PostgresPipeline;
  const ask = asks(() => connections);
  const connection = () => ask('SELECT pg_backend_pid() AS answer');

  beforeAll(() => void (connections = connect(database.url)));
  afterAll(() => connections.end());

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

describe('a pipeline', () => {
  let pipeline: PostgresPipeline;
  const ask = asks(() => pipeline);

  beforeAll(() => void (pipeline = new PostgresPipeline(database.url, STATEMENT_MS_MAX)));
  afterAll(() => pipeline.end());

  it('answers each statement for itself, and one that is refused harms none behind it', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => ask('SELECT 10000 / $1::int AS answer', [n % 5])),
    );
    answers.forEach((answer, n) => {
      if (n % 5 > 0) expect(answer).toEqual({ status: 'fulfilled', value: Math.floor(10_000 / (n % 5)) });
      else expect(answer).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    });
  });

  it('tells everybody on a connection that is lost, and goes on with another', async () => {
    const ended = ask('SELECT pg_terminate_backend(pg_backend_pid())::int AS answer');
    const behind = [ask('SELECT 1 AS answer'), ask('SELECT 2 AS answer')];
    for (const lost of [ended, ...behind]) await expect(lost).rejects.toThrow(StoreUnavailable);
    expect(await ask('SELECT 3 AS answer')).toBe(3);
  });

  it('that cannot connect says so each time, and connects when it can', async () => {
    const nowhere = new PostgresPipeline('postgres://mizan@127.0.0.1:1/mizan', STATEMENT_MS_MAX);
    const asked = asks(() => nowhere);
    for (let n = 0; n < 2; n += 1) await expect(asked('SELECT 1 AS answer')).rejects.toThrow(StoreUnavailable);
    await nowhere.end();
    await expect(asked('SELECT 1 AS answer')).rejects.toThrow('closed');
  });
});
