/** The process that leads a consumer. */
export interface Leader {
  /** `mizan <host>:<process id>`. */
  readonly application: string;
  /** The address it connects from; null over a local socket. */
  readonly address: string | null;
  /** The process of the PostgreSQL server that serves it (`pg_stat_activity.pid`). */
  readonly backendPid: number;
}

/**
 * Who runs which consumer, so that other processes need not read and fold in vain. Only that: two may believe that they
 * lead at the same time, and the compare-and-set of checkpoints is what keeps them apart.
 */
export abstract class Leadership {
  /** Takes part until the signal aborts, which also ends its terms. Never rejects. */
  abstract takePart(signal: AbortSignal): Promise<void>;

  /** Not aborted as long as this process leads; undefined while it does not. @param lease of a consumer */
  abstract termOf(lease: string): AbortSignal | undefined;

  /** As last seen; null when nobody leads. */
  abstract leaderOf(lease: string): Leader | null;

  /** Resolves when this process leads, at the latest after `timeoutMs` or when the signal aborts; it may come for nothing. */
  abstract won(lease: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
}
