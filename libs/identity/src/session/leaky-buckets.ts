export interface BucketSize {
  /** How many attempts a key has before it must wait. */
  readonly capacity: number;
  /** How often one attempt leaks away, and so how long one has to wait at most. */
  readonly leakMs: number;
}

const KEYS_MAX = 10_000;

/**
 * Counts attempts by key and forgets them one by one. A key that is full waits for one leak, not for all: whoever keeps
 * it full cannot lock others out, only make them wait. At most KEYS_MAX keys are remembered, the latest used.
 */
export class LeakyBuckets {
  /** When the bucket of each key will be empty (the generic cell rate algorithm); one that is not here is empty. */
  private readonly emptyAtMs = new Map<string, number>();

  constructor(private readonly size: BucketSize) {}

  /** Milliseconds until this key may try again; 0 when it may now. */
  waitMs(key: string, nowMs: number): number {
    const { capacity, leakMs } = this.size;
    return Math.max(0, this.nextEmptyAtMs(key, nowMs) - nowMs - capacity * leakMs);
  }

  add(key: string, nowMs: number): void {
    const emptyAtMs = this.nextEmptyAtMs(key, nowMs);
    // Deleted first, so that the map stays in the order of last use.
    this.emptyAtMs.delete(key);
    this.emptyAtMs.set(key, emptyAtMs);
    this.forgetOldest();
  }

  /** Takes one attempt back that turned out to be rightful. */
  takeBack(key: string, nowMs: number): void {
    const emptyAtMs = (this.emptyAtMs.get(key) ?? nowMs) - this.size.leakMs;
    if (emptyAtMs > nowMs) this.emptyAtMs.set(key, emptyAtMs);
    else this.emptyAtMs.delete(key);
  }

  clear(key: string): void {
    this.emptyAtMs.delete(key);
  }

  get keyCount(): number {
    return this.emptyAtMs.size;
  }

  /** When the bucket would be empty with one attempt more. */
  private nextEmptyAtMs(key: string, nowMs: number): number {
    return Math.max(this.emptyAtMs.get(key) ?? nowMs, nowMs) + this.size.leakMs;
  }

  private forgetOldest(): void {
    if (this.emptyAtMs.size <= KEYS_MAX) return;
    const [oldest] = this.emptyAtMs.keys();
    if (oldest !== undefined) this.emptyAtMs.delete(oldest);
  }
}
