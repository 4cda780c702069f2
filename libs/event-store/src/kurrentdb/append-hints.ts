import { type AllStreamSubscription } from '@kurrent/kurrentdb-client';
import { backoffMs } from '#kernel';
import { type LogNames } from './event-mapping.js';
import { type KurrentDbConnection } from './kurrentdb-connection.js';

const CONFIRM_MS_MAX = 10_000;

/**
 * Hears of new events over one subscription, which it brings back for as long as anybody listens: a subscription of the
 * client never comes back by itself. Whoever listens is also woken when it is back, since nobody knows what was missed.
 */
export class AppendHints {
  private readonly listeners = new Set<() => void>();
  private subscription: AllStreamSubscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly connection: KurrentDbConnection,
    private readonly names: LogNames,
  ) {}

  add(wake: () => void): () => void {
    const listener = () => wake();
    this.listeners.add(listener);
    if (!this.subscription && !this.timer && !this.closed) this.subscribe();
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
    clearTimeout(this.timer);
    this.subscription?.destroy();
    this.connection.close();
  }

  private subscribe(): void {
    const client = this.connection.current();
    const subscription = client.subscribeToAll({
      fromPosition: 'end',
      filter: { filterOn: 'streamName', prefixes: [this.names.prefix], checkpointInterval: 1_000 },
    });
    this.subscription = subscription;
    this.timer = setTimeout(() => subscription.destroy(), CONFIRM_MS_MAX);
    subscription.on('data', () => this.wake());
    subscription.once('confirmation', () => {
      clearTimeout(this.timer);
      this.failures = 0;
      this.wake();
    });
    const lost = () => {
      if (this.subscription !== subscription) return;
      this.subscription = undefined;
      clearTimeout(this.timer);
      this.connection.retire(client);
      subscription.destroy();
      this.subscribeLater();
    };
    // A lost subscription says `error`, and neither `end` nor `close`; more errors may follow, also once it is destroyed.
    subscription.on('error', lost);
    subscription.once('end', lost);
    subscription.once('close', lost);
  }

  private subscribeLater(): void {
    if (this.closed) return;
    this.failures += 1;
    this.timer = setTimeout(() => this.subscribe(), backoffMs(this.failures));
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }
}
