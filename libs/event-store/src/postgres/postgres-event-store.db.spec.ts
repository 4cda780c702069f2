import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../../../../test/support/eventually.js';
import { startTestDatabase } from '../../../../test/support/test-database.js';
import { shareOf } from '../append-shares.js';
import { StoreUnavailable } from '../event-store.errors.js';
import { START } from '../event-store.js';
import { prepareAppend } from '../prepared-append.js';
import { anAppend, anEvent, eventStoreContract } from '../testing.js';
import { appendStatement } from './append-statement.js';
import { PostgresEngine, migrateEventLog } from './postgres-engine.testing.js';
import { PostgresEventStore } from './postgres-event-store.js';

eventStoreContract('the log on PostgreSQL', () => PostgresEngine.open(), { gapless: true, canFail: true });

describe('the log on PostgreSQL', () => {
  let engine: PostgresEngine;

  beforeAll(async () => {
    engine = await PostgresEngine.open();
  });
  afterAll(async () => {
    await engine.close();
  });

  describe('transactions', () => {
    it('are shared by callers who come at the same time', async () => {
      const appends = Array.from({ length: 100 }, () => anAppend());
      await Promise.all(appends.map((append) => engine.store.append(append)));
      const [row] = await engine.query<{ transactions: number }>(
        'SELECT count(DISTINCT xmin::text)::int AS transactions FROM event_log.event WHERE stream = ANY ($1)',
        [appends.map(({ stream }) => stream)],
      );
      expect(row?.transactions).toBeLessThanOrEqual(2);
    });

    it('reach the disk before they are answered, even where the server would not wait', async () => {
      const client = new Client({ connectionString: engine.url, options: '-c synchronous_commit=off' });
      await client.connect();
      await client.query('BEGIN');
      await client.query(appendStatement([shareOf([prepareAppend(anAppend())])]));
      const { rows } = await client.query('SHOW synchronous_commit');
      await client.query('ROLLBACK');
      await client.end();
      expect(rows).toEqual([{ synchronous_commit: 'on' }]);
    });

    it('that could not see what they waited for are refused', async () => {
      const client = new Client({
        connectionString: engine.url,
        options: '-c default_transaction_isolation=serializable',
      });
      await client.connect();
      await expect(client.query(appendStatement([shareOf([prepareAppend(anAppend())])]))).rejects.toThrow(
        /READ COMMITTED/,
      );
      await client.end();
    });

    it('that one append makes fail are divided, so that its neighbours are recorded', async () => {
      await engine.query(
        `CREATE FUNCTION refuse_cursed() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'cursed' USING ERRCODE = 'data_exception'; END $$`,
      );
      await engine.query(
        `CREATE TRIGGER refuse_cursed BEFORE INSERT ON event_log.event
          FOR EACH ROW WHEN (NEW.type = 'Cursed') EXECUTE FUNCTION refuse_cursed()`,
      );
      const [before, after] = [anAppend(), anAppend()];
      const results = await Promise.allSettled([
        engine.store.append(before),
        engine.store.append(anAppend({ events: [anEvent({ type: 'Cursed' })] })),
        engine.store.append(after),
      ]);
      await engine.query('DROP FUNCTION refuse_cursed CASCADE');
      expect(results).toEqual([
        { status: 'fulfilled', value: expect.objectContaining({ outcome: 'appended' }) },
        { status: 'rejected', reason: expect.objectContaining({ code: '22000' }) },
        { status: 'fulfilled', value: expect.objectContaining({ outcome: 'appended' }) },
      ]);
      expect(await engine.store.append(before)).toMatchObject({ outcome: 'duplicate' });
    });
  });

  it('takes appends from processes of the version before this one', async () => {
    const older = await engine.query(
      `SELECT outcome FROM event_log.append('{1}', '{0}', '{0}', '{weighing-of-an-older-process}', '{-1}',
        '{00000000-0000-7000-8000-000000000001}', '{WasteWeighed}', '{1}', ARRAY['{}'::json], ARRAY['{}'::json], '{f}')`,
    );
    expect(older).toEqual([{ outcome: 'all-begun' }]);
    expect(await engine.store.readStream('weighing-of-an-older-process')).toHaveLength(1);
  });

  it('knows which server it is connected to', () => {
    expect(engine.store.capabilities).toEqual({
      engine: expect.stringMatching(/^PostgreSQL \d+\.\d+$/),
      atomicAppends: true,
      gaplessPositions: true,
    });
  });

  describe('the table', () => {
    it('has as many events as its last position says', async () => {
      await engine.store.append(anAppend());
      const [row] = await engine.query('SELECT max(position) = count(*) AS gapless FROM event_log.event');
      expect(row).toEqual({ gapless: true });
    });

    it.each(['UPDATE event_log.event SET stream = stream', 'DELETE FROM event_log.event', 'TRUNCATE event_log.event'])(
      'refuses %s',
      async (sql) => {
        await expect(engine.query(sql)).rejects.toThrow(/never edited/);
      },
    );

    it('finds the last position of every moment, as a scan would', async () => {
      await Promise.all(Array.from({ length: 300 }, () => engine.store.append(anAppend())));
      const moments = await engine.query<{ moment: Date; position: string }>(
        'SELECT recorded_at AS moment, max(position) AS position FROM event_log.event GROUP BY recorded_at',
      );
      expect(moments.length).toBeGreaterThan(1);
      for (const { moment, position } of moments) {
        expect(await engine.store.positionAt(moment.toISOString())).toBe(position);
      }
    });

    it('restored into another database goes on where it stopped, as does whoever follows it', async () => {
      const repeated = anAppend();
      await engine.store.append(repeated);
      const head = await engine.store.head();
      const columns = await engine.query<{ data_type: string }>(
        `SELECT data_type FROM information_schema.columns WHERE table_schema = 'event_log'`,
      );
      // Transaction ids mean nothing in another cluster.
      expect(columns.filter(({ data_type }) => data_type.includes('xid'))).toEqual([]);

      const copy = await startTestDatabase();
      await restore(engine, copy.url);
      const restored = await PostgresEventStore.open(copy.url);
      expect(await restored.readAll({ after: START, max: 10_000 })).toEqual(
        await engine.store.readAll({ after: START, max: 10_000 }),
      );
      expect(await restored.append(repeated)).toMatchObject({ outcome: 'duplicate', position: head });
      const next = String(BigInt(head) + 1n);
      expect(await restored.append(anAppend())).toMatchObject({ outcome: 'appended', position: next });
      expect(await restored.readAll({ after: head, max: 10 })).toHaveLength(1);
      const [one, other] = [anAppend(), anAppend()];
      expect(await restored.appendAtomically([one, other])).toMatchObject({ outcome: 'appended' });
      const [last] = await restored.readStream(other.stream);
      expect(await restored.positionAt(last?.recordedAt ?? '')).toBe(last?.position);
      await restored.close();
      await copy.stop();
    });
  });

  describe('a connection that is cut', () => {
    it('while it waits with an append has written nothing; the next attempt has another connection', async () => {
      const client = await engine.connect();
      await client.append(anAppend());
      const stalled = await engine.faults.stallWriter(anAppend());
      const append = anAppend();
      const answer = client.append(append);
      answer.catch(() => undefined);
      await eventually(async () => {
        const cut = await engine.query<{ done: boolean }>(
          `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
        );
        expect(cut).toEqual([{ done: true }]);
      });
      await expect(answer).rejects.toThrow(StoreUnavailable);
      await stalled.giveUp();
      expect(await client.append(append)).toMatchObject({ outcome: 'appended' });
    });

    it('while idle is replaced unnoticed', async () => {
      const client = await engine.connect();
      await client.append(anAppend());
      await cutAll(engine);
      await eventually(async () => {
        expect(await client.append(anAppend())).toMatchObject({ outcome: 'appended' });
      });
      expect(await client.head()).toBe(await engine.store.head());
    });

    it('while it listens comes back, and wakes whoever listens since something may have been missed', async () => {
      const client = await engine.connect();
      let wakes = 0;
      client.onAppended(() => (wakes += 1));
      await eventually(() => {
        expect(wakes).toBeGreaterThan(0);
      });
      await cutAll(engine);
      wakes = 0;
      await eventually(() => {
        expect(wakes).toBeGreaterThan(0);
      });
      wakes = 0;
      await engine.store.append(anAppend());
      await eventually(() => {
        expect(wakes).toBeGreaterThan(0);
      });
    });
  });

  describe('a client', () => {
    it('is told when its append takes too long, and loses nothing by repeating it', async () => {
      const client = await engine.connect({ appendMsMax: 200 });
      const stalled = await engine.faults.stallWriter(anAppend());
      const append = anAppend();
      await expect(client.append(append)).rejects.toThrow(StoreUnavailable);
      await stalled.commit();
      expect(await client.append(append)).toMatchObject({ outcome: 'appended' });
    });

    it('that closes waits for what is under way, and takes nothing more', async () => {
      const client = await engine.connect();
      const appends = Array.from({ length: 50 }, () => anAppend());
      const answers = Promise.all(appends.map((append) => client.append(append)));
      await client.close();
      expect((await answers).map(({ outcome }) => outcome)).toEqual(appends.map(() => 'appended'));
      await expect(client.append(anAppend())).rejects.toThrow(StoreUnavailable);
      await expect(client.head()).rejects.toThrow(StoreUnavailable);
    });

    it('cannot open what is not there', async () => {
      const nowhere = 'postgres://mizan@127.0.0.1:1/mizan';
      await expect(PostgresEventStore.open(nowhere)).rejects.toThrow(StoreUnavailable);
      const empty = await startTestDatabase();
      await expect(PostgresEventStore.open(empty.url)).rejects.toThrow(/event_log/);
      await empty.stop();
    });
  });
});

async function cutAll(engine: PostgresEngine): Promise<void> {
  await engine.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}

/** What pg_dump and a restore do: the rows as they are, in a cluster that knows nothing of their transactions. */
async function restore(from: PostgresEngine, url: string): Promise<void> {
  await migrateEventLog(url);
  const rows = await from.query<{ row: string }>('SELECT row_to_json(e)::text AS row FROM event_log.event AS e');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    'INSERT INTO event_log.event SELECT (json_populate_record(NULL::event_log.event, row)).* FROM unnest($1::json[]) AS row',
    [rows.map(({ row }) => row)],
  );
  await client.end();
}
