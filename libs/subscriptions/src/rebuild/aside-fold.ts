import { comparePositions, START, type Position } from '#event-store';
import { type Consumer, consumersOf } from '../consumer/consumer.js';
import { applyOrIsolate, type Batch, fold, later, readBatch, without } from '../log/batch.js';
import { CATCH_UP_EVENTS_MAX, CatchUpReader } from '../log/log-reader.js';
import { type LogSource } from '../log/log-source.js';
import { type Projection, type Transaction } from '../projection.js';
import { CheckpointBeyondLog } from '../subscriptions.errors.js';
import { type AsideTables } from './aside-tables.js';

/** How a rebuild or a verification is getting on. */
export interface RebuildProgress {
  readonly name: string;
  readonly position: Position;
  /** Where it has to get to; the log may grow meanwhile. */
  readonly target: Position;
  readonly eventsApplied: number;
  readonly eventsPerSecond: number;
  /** From the share of the log behind it and the time that took; null until there is something to go by. */
  readonly secondsRemaining: number | null;
}

export interface RebuildOptions {
  /** Called after each batch. */
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Aborting leaves what serves as it is. */
  readonly signal?: AbortSignal;
}

/**
 * Folds the log, from its first event, into a set of tables beside those that serve: all partitions at one place, and
 * without the events that are parked.
 */
export class AsideFold {
  readonly #reader: CatchUpReader;
  readonly #consumers: readonly Consumer[];
  readonly #startedMs = performance.now();
  #position: Position = START;
  #eventsApplied = 0;

  constructor(
    private readonly source: LogSource,
    private readonly projection: Projection,
    private readonly aside: AsideTables,
    /** Ids of the events to leave out. */
    readonly parked: ReadonlySet<string>,
    private readonly options: RebuildOptions,
  ) {
    this.#reader = new CatchUpReader(source.store, projection.handles);
    this.#consumers = consumersOf(projection);
  }

  get position(): Position {
    return this.#position;
  }

  get eventsApplied(): number {
    return this.#eventsApplied;
  }

  /** Goes on to the end of the log. @throws PoisonEvent, the signal's reason */
  async toEndOfLog(): Promise<void> {
    for (let more = true; more;) more = (await this.#advance()).full;
  }

  /** Goes on to a position and not beyond it. @throws PoisonEvent, CheckpointBeyondLog, the signal's reason */
  async to(until: Position): Promise<void> {
    while (comparePositions(this.#position, until) < 0) this.#requireMore(await this.#advance(until), until);
  }

  /** What is left of the log, if it is little: for the moment in which nobody else may move. */
  async rest(): Promise<Batch> {
    const { store } = this.source;
    const { handles } = this.projection;
    return this.#withoutParked(
      await readBatch(store, { after: this.#position, max: CATCH_UP_EVENTS_MAX, types: handles }),
    );
  }

  /** Folds in a transaction of the caller's, in which tables are those of this set; `reached` once it has committed. */
  async foldIn(tx: Transaction, { events }: Batch): Promise<void> {
    for (const consumer of this.#consumers) await fold(consumer, this.source.registry, events, tx);
  }

  reached({ events, through }: Batch): void {
    this.#eventsApplied += events.length;
    this.#position = through;
  }

  /**
   * Goes on in a transaction of the caller's, each partition to a position of its own (in their order); then this fold
   * is of no more use.
   */
  async foldUpTo(tx: Transaction, ends: readonly Position[]): Promise<void> {
    const until = ends.reduce(later, START);
    while (comparePositions(this.#position, until) < 0) {
      this.options.signal?.throwIfAborted();
      const batch = this.#withoutParked(cutAt(await this.#reader.read(this.#position), until));
      for (const [place, consumer] of this.#consumers.entries()) {
        const { events } = cutAt(batch, ends[place] ?? START);
        await fold(consumer, this.source.registry, events, tx);
      }
      this.reached(batch);
      this.#requireMore(batch, until);
    }
  }

  /** A log that ends before the position would be read for ever. */
  #requireMore({ full, through }: Batch, until: Position): void {
    if (full || comparePositions(through, until) >= 0) return;
    throw new CheckpointBeyondLog(this.projection.name, until, through);
  }

  async #advance(until?: Position): Promise<Batch> {
    this.options.signal?.throwIfAborted();
    const read = await this.#reader.read(this.#position);
    const batch = this.#withoutParked(until === undefined ? read : cutAt(read, until));
    await applyOrIsolate(batch, async (part) => {
      if (part.events.length > 0) await this.aside.inTransaction((tx) => this.foldIn(tx, part));
      this.reached(part);
    });
    await this.#report(until);
    return batch;
  }

  #withoutParked(batch: Batch): Batch {
    return without(this.parked, batch);
  }

  async #report(until: Position | undefined): Promise<void> {
    const { onProgress } = this.options;
    if (onProgress === undefined) return;
    const target = until ?? (await this.source.store.head());
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const share = BigInt(target) === 0n ? 1 : Number(this.#position) / Number(target);
    onProgress({
      name: this.projection.name,
      position: this.#position,
      target,
      eventsApplied: this.#eventsApplied,
      eventsPerSecond: Math.round(this.#eventsApplied / Math.max(seconds, 0.001)),
      secondsRemaining: share > 0 ? Math.max(0, Math.round(seconds / share - seconds)) : null,
    });
  }
}

/** A stretch of the log that does not go beyond a position. */
function cutAt(batch: Batch, until: Position): Batch {
  if (comparePositions(batch.through, until) <= 0) return batch;
  const events = batch.events.filter(({ position }) => comparePositions(position, until) <= 0);
  return { events, through: until, full: false };
}
