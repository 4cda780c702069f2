import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { START, type Position } from '#event-store';
import { type ReadModelProgress } from '#subscriptions';
import { type MunicipalWeighing, type WeighingHistoryReader } from '../weighing-history/weighing-history.reader.js';

const PAGE_WEIGHINGS = 500;

/** More than this at once is not a busy morning but a read model being filled again: nobody watches that live. */
const PAGES_MAX = 10;

const RETRY_MS = 500;

/** What a follower tells. */
export interface FollowerEvents {
  /** Weighings that are new, in the order of the log. */
  readonly arrived: (weighings: readonly MunicipalWeighing[]) => void;
  /** So many are new that they are not read; it goes on after the position. */
  readonly skipped: (position: Position) => void;
}

/** Reads each weighing once, soon after it can be read, from the newest one at its start until it is closed. */
export class WeighingFollower {
  /** Resolves once `tip` stands; rejects when the history cannot be read, and then follows nothing. */
  readonly ready: Promise<void>;
  private readonly log = new Logger(WeighingFollower.name);
  private readonly closed = new AbortController();
  private newest: Position = START;
  private hinted = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly history: WeighingHistoryReader,
    private readonly progress: ReadModelProgress,
    private readonly events: FollowerEvents,
  ) {
    this.ready = this.start();
  }

  /** Everything up to here has been told. */
  get tip(): Position {
    return this.newest;
  }

  close(): void {
    this.closed.abort();
    this.hint();
  }

  private get isClosed(): boolean {
    return this.closed.signal.aborted;
  }

  private async start(): Promise<void> {
    this.newest = await this.history.newestPosition();
    void this.follow();
  }

  private async follow(): Promise<void> {
    const stopListening = this.progress.onAdvanced(() => this.hint());
    while (!this.isClosed) {
      // A hint that comes while it reads makes it read once more.
      this.hinted = false;
      if (await this.readWhatIsNew()) await this.nextHint();
      else await pause(RETRY_MS, undefined, { signal: this.closed.signal }).catch(() => undefined);
    }
    stopListening();
  }

  /** @returns false when the history could not be read; whoever follows stays connected, and it is tried again */
  private async readWhatIsNew(): Promise<boolean> {
    try {
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const weighings = await this.history.after(this.newest, PAGE_WEIGHINGS);
        if (this.isClosed) return true;
        const last = weighings.at(-1);
        if (last) {
          this.newest = last.weighing.position;
          this.events.arrived(weighings);
        }
        if (weighings.length < PAGE_WEIGHINGS) return true;
      }
      this.newest = await this.history.newestPosition();
      if (!this.isClosed) this.events.skipped(this.newest);
      return true;
    } catch (error) {
      this.log.warn(`Weighings cannot be read just now: ${String(error)}`);
      return false;
    }
  }

  private hint(): void {
    this.hinted = true;
    this.wake();
  }

  private async nextHint(): Promise<void> {
    if (!this.hinted) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
