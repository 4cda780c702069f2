import { Client } from 'pg';
import { backoffMs } from '../waiting/backoff.js';
import { Bell, pause } from '../waiting/bell.js';

/** A silent connection is not noticed to be dead; it is replaced after this time at the latest. */
const CONNECTION_MS_MAX = 3_600_000;

/**
 * Listens to notifications on a connection of its own, and connects again when that is lost. Nobody may rely on it: it
 * can be late, and while it is away nothing is heard.
 */
export class NotificationListener {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  /** @param heard called at each notification, and once whenever the connection stands (something may have been missed) */
  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly heard: () => void,
  ) {
    this.#done = this.#listen(this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #listen(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#connection(signal, () => (failures = 0));
      } catch {
        failures += 1;
        await pause(backoffMs(failures), signal);
      }
    }
  }

  async #connection(signal: AbortSignal, established: () => void): Promise<void> {
    const client = new Client({ connectionString: this.url, application_name: 'mizan listener', keepAlive: true });
    const lost = new Bell();
    client.on('error', () => lost.ring());
    client.on('end', () => lost.ring());
    client.on('notification', this.heard);
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
      established();
      this.heard();
      await lost.wait(CONNECTION_MS_MAX, signal);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
