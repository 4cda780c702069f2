import { comparePositions, type EventStore, type Position, type RecordedEvent } from '#event-store';
import { type Batch, readBatch } from './batch.js';

/** Of a projection that is behind: only what it handles, in large batches. */
export const CATCH_UP_EVENTS_MAX = 8_000;

/** Of the projections that are at the end of the log. */
export const FOLLOW_EVENTS_MAX = 500;

/** Pages of all events kept for projections that are a little slower than the one that read them. */
const PAGES_MAX = 4;

interface Page {
  readonly after: Position;
  readonly read: Promise<readonly RecordedEvent[]>;
}

/**
 * Reads for all projections of a process that follow the end of the log: what one has read the others take from memory.
 * A page once read stays true, because the log is never edited.
 */
export class SharedLogReader {
  readonly #pages: Page[] = [];

  constructor(private readonly store: EventStore) {}

  /** The next stretch after a position. The position must be before the end of the log, or the stretch is empty. */
  async read(after: Position, types: ReadonlySet<string>): Promise<Batch> {
    const events = await this.#pageAfter(after);
    return {
      events: events.filter(({ type }) => types.has(type)),
      through: events.at(-1)?.position ?? after,
      full: events.length >= FOLLOW_EVENTS_MAX,
    };
  }

  async #pageAfter(after: Position): Promise<readonly RecordedEvent[]> {
    const known = this.#pages.find((page) => page.after === after);
    if (known !== undefined) return known.read;
    const page = { after, read: this.store.readAll({ after, max: FOLLOW_EVENTS_MAX }) };
    this.#pages.push(page);
    if (this.#pages.length > PAGES_MAX) this.#pages.shift();
    // What holds nothing, or could not be read, must be read again.
    const events = await page.read.catch((error: unknown) => {
      this.#forget(page);
      throw error;
    });
    if (events.length === 0) this.#forget(page);
    return events;
  }

  #forget(page: Page): void {
    const place = this.#pages.indexOf(page);
    if (place >= 0) this.#pages.splice(place, 1);
  }
}

/**
 * Reads for one projection that is behind. While a batch is being folded the next one is already on its way; at most
 * two are in memory.
 */
export class CatchUpReader {
  #ahead: { readonly after: Position; readonly read: Promise<Batch> } | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly types: readonly string[],
  ) {}

  async read(after: Position): Promise<Batch> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const batch = await (ahead?.after === after ? ahead.read : this.#readAfter(after));
    if (batch.full) {
      const read = this.#readAfter(batch.through);
      // Its failure is told to whoever asks for it; nobody may.
      read.catch(() => undefined);
      this.#ahead = { after: batch.through, read };
    }
    return batch;
  }

  #readAfter(after: Position): Promise<Batch> {
    return readBatch(this.store, { after, max: CATCH_UP_EVENTS_MAX, types: this.types });
  }
}

/** How many positions lie between two places; events, on an engine whose positions have no gaps. Never negative. */
export function distance(from: Position, to: Position): number {
  return comparePositions(from, to) >= 0 ? 0 : Number(BigInt(to) - BigInt(from));
}
