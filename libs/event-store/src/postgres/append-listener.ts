import { Client } from 'pg';

const CONNECT_MS_MAX = 5_000;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 10_000;

/**
 * Hears PostgreSQL's notifications of new events on a connection of its own, which it brings back for as long as
 * anybody listens. Whoever listens is also woken when the connection is back, since nobody knows what was missed.
 */
export class AppendListener {
  private readonly listeners = new Set<() => void>();
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;

  constructor(private readonly url: string) {}

  add(wake: () => void): () => void {
    const listener = () => wake();
    this.listeners.add(listener);
    if (!this.client && !this.retry && !this.closed) this.connect();
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private connect(): void {
    this.retry = undefined;
    const client = new Client({
      connectionString: this.url,
      application_name: 'mizan event log listener',
      connectionTimeoutMillis: CONNECT_MS_MAX,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', () => this.wake());
    client.on('error', () => undefined);
    // A connection that is lost, or never came about, ends; this is the one place that deals with it.
    client.once('end', () => this.reconnectLater(client));
    this.listen(client).catch(() => client.end().catch(() => undefined));
  }

  private async listen(client: Client): Promise<void> {
    await client.connect();
    await client.query('LISTEN event_appended');
    this.failures = 0;
    this.wake();
  }

  private reconnectLater(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (this.closed) return;
    this.failures += 1;
    const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (this.failures - 1));
    // Jitter: not every process of an installation comes back in the same instant.
    this.retry = setTimeout(() => this.connect(), backoffMs * (0.5 + Math.random() / 2));
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }
}
