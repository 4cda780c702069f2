import { hostname } from 'node:os';
import { type LoggerService } from '@nestjs/common';
import { Client } from 'pg';
import { reasonOf } from '../subscriptions.errors.js';
import { backoffMs } from '../waiting/backoff.js';
import { Bell, pause } from '../waiting/bell.js';
import { HELD_LEASES, type HeldLease, LEASE_LOCKS, MEMBER_LOCKS, MEMBERS } from './lease-locks.js';
import { type Leader, Leadership } from './leadership.js';

/** How often a process looks for leases to take, and shows that it is alive. */
const LOOK_MS_MAX = 500;

/**
 * A process that has not been heard of for so long is taken for dead by the server: it ends the session, and with it the
 * locks. This is what replaces one that hangs, or whose machine or network is gone; it does not rest on TCP's patience.
 */
const SILENCE_MS_MAX = 5_000;

/** PostgreSQL cuts the name of a connection at 63 bytes; the process id behind the host must still fit. */
const HOST_LENGTH_MAX = 48;

/**
 * Leadership by session-level advisory locks on one connection of this process. The server gives them back when the
 * connection ends, at once when the process is killed. Who runs the same consumers shares them evenly: each process
 * takes no more than its share, and gives away what it has beyond it when another one joins.
 */
export class PostgresLeadership extends Leadership {
  readonly #terms = new Map<string, AbortController>();
  readonly #won = new Bell();
  /** Those who run other consumers, as during a change of release, share with nobody. */
  readonly #group: string;
  #leaders: ReadonlyMap<string, Leader> = new Map();

  constructor(
    private readonly url: string,
    private readonly leases: readonly string[],
    private readonly log: Pick<LoggerService, 'log' | 'warn'>,
  ) {
    super();
    this.#group = leases.toSorted().join();
  }

  override termOf(lease: string): AbortSignal | undefined {
    return this.#terms.get(lease)?.signal;
  }

  override leaderOf(lease: string): Leader | null {
    return this.#leaders.get(lease) ?? null;
  }

  override async won(lease: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#terms.has(lease)) await this.#won.wait(timeoutMs, signal);
  }

  override async takePart(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#session(signal, () => {
          if (failures > 0) this.log.log('Can see again who leads which projection');
          failures = 0;
        });
      } catch (error) {
        failures += 1;
        if (failures === 1) this.log.warn(`Cannot see who leads which projection: ${reasonOf(error)}`);
        await pause(backoffMs(failures), signal);
      }
    }
  }

  /** Takes part on one connection, until that is lost or the signal aborts. */
  async #session(signal: AbortSignal, established: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: `mizan ${hostname().slice(0, HOST_LENGTH_MAX)}:${process.pid}`,
      connectionTimeoutMillis: SILENCE_MS_MAX,
      query_timeout: SILENCE_MS_MAX,
    });
    const end = new AbortController();
    client.on('error', (error) => {
      // At once, and not only when the next look fails: from here on somebody else may lead.
      this.#endTerms();
      end.abort(error);
    });
    const stop = () => end.abort();
    signal.addEventListener('abort', stop);
    try {
      await client.connect();
      await client.query(
        `SELECT set_config('idle_session_timeout', '${SILENCE_MS_MAX}', false),
                pg_try_advisory_lock_shared(${MEMBER_LOCKS}, hashtext($1))`,
        [this.#group],
      );
      while (!end.signal.aborted) {
        await this.#look(client);
        established();
        await pause((LOOK_MS_MAX * (1 + Math.random())) / 2, end.signal);
      }
      if (!signal.aborted) end.signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', stop);
      this.#endTerms();
      await client.end().catch(() => undefined);
    }
  }

  async #look(client: Client): Promise<void> {
    const { rows: held } = await client.query<HeldLease>(HELD_LEASES, [this.leases]);
    const { rows } = await client.query<{ members: number }>(MEMBERS, [this.#group]);
    this.#leaders = new Map(held.map(({ lease, ...leader }) => [lease, leader]));
    const share = Math.ceil(this.leases.length / Math.max(1, rows[0]?.members ?? 1));
    await this.#giveAway(client, [...this.#terms.keys()].slice(share));
    const free = this.leases.filter((lease) => !this.#leaders.has(lease));
    await this.#take(client, free.slice(0, Math.max(0, share - this.#terms.size)));
  }

  async #giveAway(client: Client, leases: readonly string[]): Promise<void> {
    if (leases.length === 0) return;
    for (const lease of leases) {
      this.#terms.get(lease)?.abort();
      this.#terms.delete(lease);
    }
    await client.query(`SELECT pg_advisory_unlock(${LEASE_LOCKS}, hashtext(lease)) FROM unnest($1::text[]) AS lease`, [
      leases,
    ]);
  }

  async #take(client: Client, leases: readonly string[]): Promise<void> {
    if (leases.length === 0) return;
    const { rows: taken } = await client.query<{ lease: string }>(
      `SELECT lease FROM unnest($1::text[]) AS lease WHERE pg_try_advisory_lock(${LEASE_LOCKS}, hashtext(lease))`,
      [leases],
    );
    for (const { lease } of taken) this.#terms.set(lease, new AbortController());
    if (taken.length > 0) this.#won.ring();
  }

  #endTerms(): void {
    for (const term of this.#terms.values()) term.abort();
    this.#terms.clear();
    this.#leaders = new Map();
  }
}
