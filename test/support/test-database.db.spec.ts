import { describe, expect, it } from '@jest/globals';
import { openDatabase } from '#platform';
import { startTestDatabase } from './test-database.js';

describe('the database of a test', () => {
  it('is a real, durable PostgreSQL of its own', async () => {
    const test = await startTestDatabase();
    const database = await openDatabase(test.url);
    const [row] = await database.query<Record<string, string>[]>(
      `SELECT current_setting('fsync') AS fsync, current_setting('server_version_num')::int / 10000 AS major`,
    );
    expect(row).toEqual({ fsync: 'on', major: 18 });
    await database.destroy();
    await test.stop();
  });
});
