import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { awaitDatabase, DatabaseUnavailable } from './await-database.js';

describe('a process that starts', () => {
  let database: TestDatabase;
  let door: Server;
  let notices: string[];
  const onNotice = (line: string) => void notices.push(line);

  beforeAll(async () => void (database = await startTestDatabase()));
  afterAll(() => database.stop());
  afterEach(async () => {
    door.close();
    await once(door, 'close');
  });

  /** The database behind a door, at which `answers` decides what becomes of each who knocks. */
  async function behind(answers: (knock: number, client: Socket) => void): Promise<string> {
    notices = [];
    let knocks = 0;
    door = createServer((client) => {
      client.on('error', () => undefined);
      answers((knocks += 1), client);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const url = new URL(database.url);
    url.port = String((door.address() as AddressInfo).port);
    return url.href;
  }

  it('goes on at once where PostgreSQL takes connections', async () => {
    await awaitDatabase(await behind((_, client) => letIn(client)), { onNotice });
    expect(notices).toEqual([]);
  });

  it('waits while PostgreSQL recovers, or nobody is there, and says once what for', async () => {
    const url = await behind((knock, client) => {
      if (knock === 1) refuse(client, '57P03', 'the database system is starting up');
      else if (knock === 2) client.destroy();
      else letIn(client);
    });
    await awaitDatabase(url, { onNotice });
    expect(notices).toEqual([`Waiting for PostgreSQL at ${new URL(url).host}: the database system is starting up`]);
  });

  it('gives up in time, and names no password', async () => {
    const url = await behind((_, client) => client.destroy());
    const named = new URL(url);
    named.password = 'secret';
    const waiting = awaitDatabase(named.href, { onNotice, waitMsMax: 0 });
    await expect(waiting).rejects.toThrow(DatabaseUnavailable);
    await expect(waiting).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:\d+ is not available: /);
  });

  it('does not wait for what stays as it is', async () => {
    const url = await behind((_, client) => refuse(client, '28P01', 'password authentication failed'));
    await expect(awaitDatabase(url, { onNotice })).rejects.toThrow('password authentication failed');
    expect(notices).toEqual([]);
  });

  function letIn(client: Socket): void {
    const { port, hostname } = new URL(database.url);
    const server = connect(Number(port), hostname);
    server.on('error', () => client.destroy());
    client.pipe(server).pipe(client);
  }
});

/** An ErrorResponse to whatever the client says first (PostgreSQL documentation, message formats). */
function refuse(client: Socket, sqlState: string, message: string): void {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(fields.length + 4, 1);
  client.once('data', () => client.end(Buffer.concat([header, fields])));
}
