import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../event-store.errors.js';
import { type KurrentDbClient } from './kurrentdb-client.js';
import { KurrentDbConnection } from './kurrentdb-connection.js';
import { KurrentDbAccessDenied } from './kurrentdb.errors.js';

const LIMITS = { attemptMsMax: 10_000 };
const RIDE_MS = 60_000;

const lost = Object.assign(new Error('14 UNAVAILABLE: gone'), { code: 14 });

/** A connection whose clients are numbered, and which of them were let go. */
function connect(rideMsMax = RIDE_MS) {
  const clients: KurrentDbClient[] = [];
  const disposed: number[] = [];
  const newClient = () => {
    const number = clients.length;
    const client = { dispose: () => Promise.resolve(disposed.push(number)) } as unknown as KurrentDbClient;
    clients.push(client);
    return client;
  };
  const connection = new KurrentDbConnection({ hosts: 'one:2113', newClient }, rideMsMax);
  const numberOf = (client: KurrentDbClient) => clients.indexOf(client);
  return { connection, disposed, numberOf };
}

describe('a connection to KurrentDB', () => {
  it('uses one client for all calls, and another once a call has failed for want of the server', async () => {
    const { connection, disposed, numberOf } = connect();
    const used: number[] = [];
    const work = (client: KurrentDbClient) => {
      used.push(numberOf(client));
      return used.length < 4 && used.length > 1 ? Promise.reject(lost) : Promise.resolve('answer');
    };
    expect(await connection.call(work, LIMITS)).toBe('answer');
    expect(await connection.call(work, LIMITS)).toBe('answer');
    expect(used).toEqual([0, 0, 1, 2]);
    expect(disposed).toEqual([0, 1]);
  });

  it('keeps the client that has brought an answer, though it was that time is up', async () => {
    const { connection, disposed } = connect();
    let calls = 0;
    const timeIsUp = Object.assign(new Error(''), { type: 'deadline-exceeded' });
    await connection.call(() => ((calls += 1) === 1 ? Promise.reject(timeIsUp) : Promise.resolve()), LIMITS);
    expect([calls, disposed]).toEqual([2, []]);
  });

  it('does not wait for an answer for ever', async () => {
    const { connection, disposed } = connect(0);
    const call = connection.call(() => new Promise<never>(() => undefined), { attemptMsMax: 5 });
    await expect(call).rejects.toThrow('KurrentDB at one:2113 is not available: no answer within 5 ms');
    await expect(call).rejects.toThrow(StoreUnavailable);
    expect(disposed).toEqual([0]);
  });

  it('passes on at once what repeating does not change', async () => {
    const { connection } = connect();
    const refused = Object.assign(new Error(''), { type: 'wrong-expected-version' });
    await expect(connection.call(() => Promise.reject(refused), LIMITS)).rejects.toBe(refused);
    const denied = Object.assign(new Error(''), { type: 'access-denied' });
    await expect(connection.call(() => Promise.reject(denied), LIMITS)).rejects.toThrow(KurrentDbAccessDenied);
  });

  it('that is closed is used no more', async () => {
    const { connection, disposed } = connect();
    await connection.call(() => Promise.resolve(), LIMITS);
    connection.close();
    expect(disposed).toEqual([0]);
    await expect(connection.call(() => Promise.resolve(), LIMITS)).rejects.toThrow(StoreUnavailable);
  });
});
