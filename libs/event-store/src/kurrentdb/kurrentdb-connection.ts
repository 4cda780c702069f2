import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '#kernel';
import { StoreUnavailable } from '../event-store.errors.js';
import { type ClientFactory, type KurrentDbClient } from './kurrentdb-client.js';
import { isAnswer, isOfType, isTransient, KurrentDbAccessDenied, reasonOf, Unanswered } from './kurrentdb.errors.js';

/** Enough for a cluster to choose another leader. */
export const RIDE_MS_MAX = 10_000;
const BACKOFF_MS_MAX = 1_000;

export interface CallLimits {
  /** How long one attempt may take. The client's own deadlines do not hold against a server that hangs. */
  readonly attemptMsMax: number;
  /** How long the call is repeated while the server is away, other than the connection's calls are. */
  readonly rideMsMax?: number;
  /** When it is not repeated any more, on the clock of `performance.now()`. */
  readonly until?: number;
  /** Hears why an attempt failed, before the next. */
  readonly onRetry?: (reason: string) => void;
}

/**
 * A client for one kind of calls, replaced as soon as one of them fails for want of a server. A client is not used
 * again after that: its reads may never come back, it remembers failures of its own start, and its writes that still
 * wait are rejected where nobody listens, which would end the process (client 1.3.1).
 */
export class KurrentDbConnection {
  private client: KurrentDbClient | undefined;
  private closed = false;

  /** @param rideMsMax how long a call is repeated while the server is away or changes its leader */
  constructor(
    private readonly factory: ClientFactory,
    private readonly rideMsMax: number,
  ) {}

  /**
   * Makes a call that may be repeated, and repeats it until it is answered.
   * @throws StoreUnavailable when the time is up, KurrentDbAccessDenied, and whatever else the call fails with
   */
  async call<T>(work: (client: KurrentDbClient) => Promise<T>, limits: CallLimits): Promise<T> {
    const { attemptMsMax, rideMsMax = this.rideMsMax, until = Infinity, onRetry } = limits;
    const end = Math.min(until, performance.now() + rideMsMax);
    for (let failures = 1; ; failures += 1) {
      const client = this.current();
      try {
        return await within(attemptMsMax, work(client));
      } catch (error) {
        if (isOfType(error, 'access-denied')) throw new KurrentDbAccessDenied(this.factory.hosts);
        if (!isTransient(error)) throw error;
        if (!isAnswer(error)) this.retire(client);
        const waitMs = Math.min(BACKOFF_MS_MAX, backoffMs(failures));
        if (this.closed || performance.now() + waitMs >= end) {
          throw new StoreUnavailable(`KurrentDB at ${this.factory.hosts} is not available: ${reasonOf(error)}`, {
            cause: error,
          });
        }
        onRetry?.(reasonOf(error));
        await pause(waitMs);
      }
    }
  }

  /** The client of the moment. @throws StoreUnavailable once closed */
  current(): KurrentDbClient {
    if (this.closed) throw new StoreUnavailable('The event store is closed');
    this.client ??= this.factory.newClient();
    return this.client;
  }

  /** Others may have replaced the client already. */
  retire(client: KurrentDbClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    void client.dispose().catch(() => undefined);
  }

  close(): void {
    this.closed = true;
    if (this.client) this.retire(this.client);
  }
}

/** @throws Unanswered when the time is up; what becomes of the work afterwards is of no interest to anybody */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered(ms)), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
