import { StoreOverloaded, StoreUnavailable } from './event-store.errors.js';

/** What a caller brings: how much room it takes decides with whom it shares a commit. */
export interface Sized {
  readonly events: number;
  readonly bytes: number;
}

export interface GroupCommitLimits {
  /** A commit takes no more than this, unless a single caller brings more. */
  readonly batchEventsMax: number;
  readonly batchBytesMax: number;
  /** Commits under way at the same time. */
  readonly commitsMax: number;
  /** Fewer callers than this are not divided among the commits that could begin. */
  readonly callersPerCommitMin: number;
  /** Callers that may wait; one more is turned away. */
  readonly callersMax: number;
  readonly queuedBytesMax: number;
}

interface Caller<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets callers share commits: what arrives while earlier commits are under way goes together into the next one. A
 * caller's promise settles when its own commit has, which is how a slow engine slows its callers down; those who do not
 * wait fill the queue, which is bounded.
 */
export class GroupCommit<Item extends Sized, Result> {
  private readonly queue: Caller<Item, Result>[] = [];
  private queuedBytes = 0;
  private underWay = 0;
  private scheduled = false;
  private closed = false;
  private whenIdle: (() => void)[] = [];

  /** @param commit settles a batch, with one result for each item; rejects when nothing is known of any of them */
  constructor(
    private readonly commit: (batch: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: GroupCommitLimits,
  ) {}

  /** @throws StoreOverloaded when too much waits already, StoreUnavailable once closed, or what its commit failed with */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const { callersMax, queuedBytesMax } = this.limits;
      if (this.closed) {
        reject(new StoreUnavailable('The event store is closed'));
      } else if (this.queue.length >= callersMax || this.queuedBytes >= queuedBytesMax) {
        reject(new StoreOverloaded(`${this.queue.length} appends wait already`));
      } else {
        this.queue.push({ item, resolve, reject });
        this.queuedBytes += item.bytes;
        this.schedule();
      }
    });
  }

  /** Takes nothing more, and resolves when all that was taken is settled. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.underWay === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  /** Not at once: those who call in the same turn of the event loop go together. */
  private schedule(): void {
    if (this.scheduled || this.underWay >= this.limits.commitsMax) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.start();
    });
  }

  private start(): void {
    while (this.queue.length > 0 && this.underWay < this.limits.commitsMax) {
      const batch = this.take();
      this.underWay += 1;
      void this.settle(batch).finally(() => {
        this.underWay -= 1;
        if (this.queue.length > 0) this.schedule();
        else if (this.underWay === 0) for (const idle of this.whenIdle.splice(0)) idle();
      });
    }
  }

  /**
   * The callers that go into the next commit, those who wait longest first. They are divided among the commits that may
   * begin, so that the engine works on one while the callers of another hear their answers and bring the next: callers
   * in lock-step would all wait for the engine, and then the engine for them (a fifth faster with 64 on two cores).
   */
  private take(): readonly Caller<Item, Result>[] {
    const { batchEventsMax, batchBytesMax, commitsMax, callersPerCommitMin } = this.limits;
    const share = Math.max(callersPerCommitMin, Math.ceil(this.queue.length / (commitsMax - this.underWay)));
    let callers = 0;
    let [events, bytes] = [0, 0];
    for (const { item } of this.queue) {
      events += item.events;
      bytes += item.bytes;
      if (callers === share || (callers > 0 && (events > batchEventsMax || bytes > batchBytesMax))) break;
      callers += 1;
    }
    const batch = this.queue.splice(0, callers);
    for (const { item } of batch) this.queuedBytes -= item.bytes;
    return batch;
  }

  /** Never rejects. A failure that is not the engine's may be one caller's own: then each gets a commit to itself. */
  private async settle(batch: readonly Caller<Item, Result>[]): Promise<void> {
    try {
      const results = await this.commit(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined)
          reject(new Error(`The commit has ${results.length} results for ${batch.length} items`));
        else resolve(result);
      });
    } catch (error) {
      if (error instanceof StoreUnavailable || batch.length === 1) for (const { reject } of batch) reject(error);
      else for (const caller of batch) await this.settle([caller]);
    }
  }
}
