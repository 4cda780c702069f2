import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  /** A database of this test's own, empty, on the run's real PostgreSQL. */
  readonly url: string;
  /** Cuts whatever is still connected. Dropping it would cost a checkpoint each; it goes with the run's server. */
  readonly stop: () => Promise<void>;
}

export async function startTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  return { url: url.href, stop: () => administer(cut) };
}

function serverUrl(): string {
  const url = process.env['MIZAN_TEST_POSTGRES_URL'];
  if (url === undefined) throw new Error('Tests that need PostgreSQL run under `npm test` or `npm run jest`');
  return url;
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
