interface Bucket {
  level: number;
  atMs: number;
}

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
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly size: BucketSize) {}

  /** Milliseconds until this key may try again; 0 when it may now. */
  waitMs(key: string, nowMs: number): number {
    const { capacity, leakMs } = this.size;
    const level = this.levelOf(key, nowMs);
    return level + 1 <= capacity ? 0 : Math.ceil((level + 1 - capacity) * leakMs);
  }

  add(key: string, nowMs: number): void {
    const level = this.levelOf(key, nowMs) + 1;
    // Deleted first, so that the map stays in the order of last use.
    this.buckets.delete(key);
    this.buckets.set(key, { level, atMs: nowMs });
    this.forgetOldest();
  }

  /** Takes one attempt back that turned out to be rightful. */
  takeBack(key: string, nowMs: number): void {
    const level = this.levelOf(key, nowMs) - 1;
    if (level > 0) this.buckets.set(key, { level, atMs: nowMs });
    else this.buckets.delete(key);
  }

  clear(key: string): void {
    this.buckets.delete(key);
  }

  get keyCount(): number {
    return this.buckets.size;
  }

  private levelOf(key: string, nowMs: number): number {
    const bucket = this.buckets.get(key);
    return bucket ? Math.max(0, bucket.level - (nowMs - bucket.atMs) / this.size.leakMs) : 0;
  }

  private forgetOldest(): void {
    if (this.buckets.size <= KEYS_MAX) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
