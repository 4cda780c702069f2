import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startTestDatabase } from '../../../test/support/test-database.js';
import { StoreUnavailable } from './event-store.errors.js';
import { LogElsewhere, requireLogOn } from './log-elsewhere.js';
import { migrateEventLog } from './postgres/postgres-engine.testing.js';
import { PostgresEventStore } from './postgres/postgres-event-store.js';
import { anAppend } from './testing.js';

const CLAIM = `INSERT INTO event_log.claimed_event
  SELECT gen_random_uuid(), 's', 0, 'f', gen_random_uuid(), 0, 0, now(), now(), 5`;

describe('an installation', () => {
  it('that has no events yet may begin on either engine', async () => {
    const { url, stop } = await startTestDatabase();
    await requireLogOn('kurrentdb', url);
    await migrateEventLog(url);
    await requireLogOn('kurrentdb', url);
    await requireLogOn('postgres', url);
    await stop();
  });

  it('stays on PostgreSQL', async () => {
    const { url, stop } = await startTestDatabase();
    await migrateEventLog(url);
    const store = await PostgresEventStore.open(url);
    await store.append(anAppend());
    await store.close();
    await requireLogOn('postgres', url);
    await expect(requireLogOn('kurrentdb', url)).rejects.toEqual(new LogElsewhere('kurrentdb', 'postgres'));
    await stop();
  });

  it('stays on KurrentDB', async () => {
    const { url, stop } = await startTestDatabase();
    await migrateEventLog(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(CLAIM);
    await client.end();
    await requireLogOn('kurrentdb', url);
    await expect(requireLogOn('postgres', url)).rejects.toEqual(new LogElsewhere('postgres', 'kurrentdb'));
    await stop();
  });

  it('whose database is away is unavailable', async () => {
    await expect(requireLogOn('postgres', 'postgres://mizan@127.0.0.1:1/mizan')).rejects.toThrow(StoreUnavailable);
  });
});
