import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../../../../test/support/eventually.js';
import { DataFolderInUse, EmbeddedPostgres } from './embedded-postgres.js';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  beforeEach(async () => {
    // Private to its owner and with a space in its name: both have kept such servers from starting.
    folder = await mkdtemp(path.join(tmpdir(), 'mizan data '));
    dataDir = path.join(folder, 'data');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const serverPid = async () =>
    Number.parseInt(await readFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8'), 10);

  const query = async (url: string, sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('keeps its data over a restart and leaves no process behind', async () => {
    const first = await EmbeddedPostgres.start({ dataDir });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await serverPid();
    await first.stop();
    // It has ended; its number is free as soon as Node has taken note.
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));

    const second = await EmbeddedPostgres.start({ dataDir });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('recovers by itself when the server was killed', async () => {
    const first = await EmbeddedPostgres.start({ dataDir });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(await serverPid(), 'SIGKILL');

    const second = await EmbeddedPostgres.start({ dataDir });
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('is not fooled by a process id that another program has by now', async () => {
    await (await EmbeddedPostgres.start({ dataDir })).stop();
    await writeFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), `${process.pid}\n`);

    const again = await EmbeddedPostgres.start({ dataDir });
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await again.stop();
  });

  it('finishes a first start that was killed half way', async () => {
    await mkdir(path.join(dataDir, 'postgres/cluster.new'), { recursive: true });
    await writeFile(path.join(dataDir, 'postgres/cluster.new/PG_VERSION'), '18');

    const server = await EmbeddedPostgres.start({ dataDir });
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('belongs to one Mizan at a time', async () => {
    const server = await EmbeddedPostgres.start({ dataDir });
    await expect(EmbeddedPostgres.start({ dataDir })).rejects.toThrow(DataFolderInUse);
    expect(await EmbeddedPostgres.locate({ dataDir })).toBe(server.url);
    await server.stop();
    expect(await EmbeddedPostgres.locate({ dataDir })).toBeUndefined();
  });

  it('refuses a data folder of another major version and says what to do', async () => {
    await mkdir(path.join(dataDir, 'postgres/cluster'), { recursive: true });
    await writeFile(path.join(dataDir, 'postgres/cluster/PG_VERSION'), '17\n');
    await expect(EmbeddedPostgres.start({ dataDir })).rejects.toThrow('written by PostgreSQL 17');
  });
});
