import { type LoggerService } from '@nestjs/common';
import { type DataSource } from 'typeorm';
import { comparePositions, START, type Position } from '#event-store';
import {
  type Checkpoint,
  claimCheckpoint,
  findCheckpoint,
  moveCheckpoint,
  stopAtCheckpoint,
} from '../checkpoint/checkpoint.js';
import { type Consumer } from '../consumer/consumer.js';
import { inTransaction, withConnection } from '../database/transaction.js';
import { isTransient } from '../database/transient.js';
import { type Leader, type Leadership } from '../leadership/leadership.js';
import { applyOrIsolate, type Batch, fold, without } from '../log/batch.js';
import { type LogHead } from '../log/log-head.js';
import { CatchUpReader, distance, type SharedLogReader } from '../log/log-reader.js';
import { type LogSource } from '../log/log-source.js';
import { parkedIn } from '../parking/parked-events.js';
import { type Partition } from '../projection.js';
import { rebuildProjection } from '../rebuild/rebuild-projection.js';
import { findStoppedRebuild, stopRebuild } from '../rebuild/stopped-rebuild.js';
import {
  CheckpointMoved,
  PoisonEvent,
  ReadModelAheadOfLog,
  reasonOf,
  RebuildUnderWay,
} from '../subscriptions.errors.js';
import { backoffMs } from '../waiting/backoff.js';
import { pause } from '../waiting/bell.js';

/** How often one and the same event must fail before it is to blame. */
const POISON_ATTEMPTS_MAX = 3;

/** How often an idle, stopped or waiting consumer looks whether its checkpoint was moved, reset or released. */
const RECHECK_MS = 2_000;

/** How long a process that lost a checkpoint to another one stands back. */
const STAND_BY_MS = 500;

/**
 * - `starting`: has not read its checkpoint yet
 * - `catching-up`: far from the end of the log
 * - `following`: at the end of the log
 * - `standing-by`: another process leads, or none yet
 * - `retrying`: something it needs cannot be reached; it tries again by itself
 * - `rebuilding`: its tables are of an older version and are being filled anew beside the ones that serve
 * - `superseded`: its tables are of a newer version; this process is of an older release and keeps its hands off
 * - `stopped`: it met an event that it cannot apply, and waits for a person
 */
export type ProjectionStatus =
  'starting' | 'catching-up' | 'following' | 'standing-by' | 'retrying' | 'rebuilding' | 'superseded' | 'stopped';

/** How a projection, or a partition of it, is doing in this process. */
export interface ProjectionState {
  readonly name: string;
  readonly partition: Partition;
  readonly version: number;
  readonly status: ProjectionStatus;
  readonly position: Position;
  /** Events in the log after its position, whether it handles them or not (an engine with gaps counts positions). */
  readonly lagEvents: number;
  /** For how long it has not been at the end of the log; 0 while it is. */
  readonly lagSeconds: number;
  /** Events that this process has folded into it. */
  readonly eventsApplied: number;
  /** Why it is stopped, or retrying; null otherwise. */
  readonly error: string | null;
  /** The event it stopped at. */
  readonly failedEventId: string | null;
  /** Who does the work while this process stands by; null otherwise, and when nobody does. */
  readonly leader: Leader | null;
}

export interface ProjectionLoopParts extends LogSource {
  readonly dataSource: DataSource;
  readonly head: LogHead;
  readonly shared: SharedLogReader;
  readonly leadership: Leadership;
  readonly log: Pick<LoggerService, 'log' | 'warn' | 'error'>;
}

/**
 * Keeps one consumer at the end of the log while this process leads it. It looks after itself: whatever cannot be
 * reached is tried again, and only an event that it cannot apply stops it.
 */
export class ProjectionLoop {
  readonly #types: ReadonlySet<string>;
  readonly #catchUp: CatchUpReader;
  #status: ProjectionStatus = 'starting';
  #position: Position = START;
  /** Of the checkpoint that serves, which an older version may have made. */
  #served: Pick<Checkpoint, 'name' | 'partition' | 'version'>;
  #parked: ReadonlySet<string> = new Set();
  #behind = true;
  #behindSinceMs: number | undefined = performance.now();
  #eventsApplied = 0;
  #error: string | null = null;
  #failures = 0;
  #suspect: { readonly eventId: string; readonly attempts: number } | undefined;
  #failedEventId: string | null = null;

  constructor(
    private readonly consumer: Consumer,
    private readonly parts: ProjectionLoopParts,
  ) {
    const { name, version, handles } = consumer.projection;
    this.#served = { name, partition: consumer.partition.number, version };
    this.#types = new Set(handles);
    this.#catchUp = new CatchUpReader(parts.store, handles);
  }

  state(): ProjectionState {
    const behindMs = this.#behindSinceMs === undefined ? 0 : performance.now() - this.#behindSinceMs;
    const { projection, partition, lease } = this.consumer;
    return {
      name: projection.name,
      partition,
      version: projection.version,
      status: this.#status,
      position: this.#position,
      lagEvents: distance(this.#position, this.parts.head.position),
      lagSeconds: behindMs / 1_000,
      eventsApplied: this.#eventsApplied,
      error: this.#error,
      failedEventId: this.#failedEventId,
      leader: this.#status === 'standing-by' ? this.parts.leadership.leaderOf(lease) : null,
    };
  }

  /** Runs until the signal aborts; a batch under way is finished first. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const term = this.parts.leadership.termOf(this.consumer.lease);
      if (term === undefined) {
        await this.#attempt((until) => this.#standBy(until), signal);
        continue;
      }
      const untilTermEnds = AbortSignal.any([signal, term]);
      while (!untilTermEnds.aborted) await this.#attempt((until) => this.#lead(until), untilTermEnds);
    }
  }

  /** Told by the runner that the log has become longer. */
  noteNews(): void {
    if (comparePositions(this.parts.head.position, this.#position) > 0) this.#behindSinceMs ??= performance.now();
  }

  async #attempt(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await work(signal);
    } catch (error) {
      await this.#recover(error, signal);
    }
  }

  /** Reads nothing of the log; only how far the leader is, so that this process can tell. */
  async #standBy(signal: AbortSignal): Promise<void> {
    const { dataSource, leadership } = this.parts;
    const { projection, partition, lease } = this.consumer;
    const checkpoint = await withConnection(dataSource, (session) => findCheckpoint(session, projection.name));
    const own = checkpoint?.partitions.find((one) => one.partition === partition.number);
    if (own !== undefined) this.#reached(own.position);
    this.#enter('standing-by');
    await leadership.won(lease, RECHECK_MS, signal);
  }

  /** Reads the checkpoint and moves it along with the log until it is time to read it again. */
  async #lead(signal: AbortSignal): Promise<void> {
    const { dataSource, head } = this.parts;
    const { name, version } = this.consumer.projection;
    const checkpoint = await claimCheckpoint(dataSource, this.consumer);
    this.#served = checkpoint;
    if (checkpoint.version !== version) return this.#settleVersion(checkpoint, signal);
    this.#parked = await withConnection(dataSource, (session) => parkedIn(session, name));
    if (checkpoint.position !== this.#position) this.#behind = true;
    this.#reached(checkpoint.position);
    await this.#refuseForeignLog();
    while (await head.beyond(this.#position, RECHECK_MS, signal)) {
      this.#status = this.#behind ? 'catching-up' : 'following';
      const batch = await this.#read();
      await applyOrIsolate(without(this.#parked, batch), (part) => this.#apply(part));
      this.#behind = batch.full;
      this.#succeeded();
    }
    if (!signal.aborted) this.#succeeded();
  }

  #read(): Promise<Batch> {
    return this.#behind ? this.#catchUp.read(this.#position) : this.parts.shared.read(this.#position, this.#types);
  }

  /** Rows and checkpoint commit together, or neither does. */
  async #apply({ events, through }: Batch): Promise<void> {
    const { dataSource, registry } = this.parts;
    const move = { from: this.#position, to: through };
    if (comparePositions(move.from, move.to) === 0) return;
    this.#eventsApplied += await inTransaction(dataSource, async (tx) => {
      if (!(await moveCheckpoint(tx, this.consumer, move))) throw new CheckpointMoved(this.consumer.label);
      return fold(this.consumer, registry, events, tx);
    });
    this.#reached(through);
  }

  #reached(position: Position): void {
    this.#position = position;
    const ahead = comparePositions(this.parts.head.position, position) <= 0;
    this.#behindSinceMs = ahead ? undefined : (this.#behindSinceMs ?? performance.now());
  }

  #succeeded(): void {
    if (this.#error !== null) this.parts.log.log(`${this.consumer.label} goes on at position ${this.#position}`);
    this.#enter(this.#behind ? 'catching-up' : 'following');
  }

  /** Nothing is wrong. */
  #enter(status: ProjectionStatus): void {
    this.#status = status;
    this.#error = null;
    this.#failedEventId = null;
    this.#failures = 0;
    this.#suspect = undefined;
  }

  async #refuseForeignLog(): Promise<void> {
    const { head } = this.parts;
    if (comparePositions(this.#position, head.position) <= 0) return;
    // Another process may have seen a longer log than we have so far.
    const position = await head.look();
    if (comparePositions(this.#position, position) > 0) {
      throw new ReadModelAheadOfLog(this.consumer.label, this.#position, position);
    }
  }

  async #settleVersion(checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
    const { projection } = this.consumer;
    const { name, version } = projection;
    this.#position = checkpoint.position;
    if (checkpoint.version > version) {
      if (this.#status !== 'superseded') {
        this.parts.log.warn(`${name} is served in version ${checkpoint.version}; this process has only ${version}`);
      }
      this.#status = 'superseded';
      return pause(RECHECK_MS, signal);
    }
    this.#status = 'rebuilding';
    this.parts.log.log(`${name} is being filled in version ${version} beside version ${checkpoint.version}`);
    await rebuildProjection(this.parts, projection, { signal });
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (error instanceof CheckpointMoved || error instanceof RebuildUnderWay) {
      this.#status = 'standing-by';
      return pause(STAND_BY_MS / 2 + (Math.random() * STAND_BY_MS) / 2, signal);
    }
    if (error instanceof PoisonEvent) return this.#suspectEvent(error, signal);
    this.#failures += 1;
    this.#status = 'retrying';
    const reason = reasonOf(error);
    if (reason !== this.#error) {
      const known = isTransient(error);
      this.parts.log[known ? 'warn' : 'error'](`${this.consumer.label} cannot go on for now: ${reason}`);
    }
    this.#error = reason;
    await pause(backoffMs(this.#failures), signal);
  }

  async #suspectEvent(poison: PoisonEvent, signal: AbortSignal): Promise<void> {
    const attempts = this.#suspect?.eventId === poison.eventId ? this.#suspect.attempts + 1 : 1;
    this.#suspect = { eventId: poison.eventId, attempts };
    this.#error = poison.message;
    if (attempts < POISON_ATTEMPTS_MAX) {
      this.#status = 'retrying';
      return pause(backoffMs(attempts), signal);
    }
    this.#suspect = undefined;
    await this.#stop(poison, signal);
  }

  /** Waits for a person: to release it (`retryProjection`), to park the event, or to rebuild it with a newer release. */
  async #stop(poison: PoisonEvent, signal: AbortSignal): Promise<void> {
    const { eventId, message, cause } = poison;
    this.#status = 'stopped';
    this.#failedEventId = eventId;
    this.parts.log.error(
      `${this.consumer.label} stopped: ${message}`,
      cause instanceof Error ? cause.stack : undefined,
    );
    const stop = this.#served.version === this.consumer.projection.version ? this.#stopHere() : this.#stopRebuild();
    const failure = { error: message, failedPosition: poison.position, failedEventId: eventId };
    let written = false;
    while (!signal.aborted) {
      try {
        written ||= await stop.write(failure);
        if (!written || !(await stop.holds())) return;
      } catch {
        // What the projection needs is away too; it stays stopped, and says so as soon as it can.
      }
      await pause(RECHECK_MS, signal);
    }
  }

  /** At the checkpoint that this process keeps. */
  #stopHere(): Stop {
    const { dataSource } = this.parts;
    const place = { ...this.#served, position: this.#position };
    return {
      write: (failure) => stopAtCheckpoint(dataSource, place, failure),
      holds: async () => {
        const served = await withConnection(dataSource, (session) => findCheckpoint(session, place.name));
        const own = served?.partitions.find(({ partition }) => partition === place.partition);
        return own?.status === 'stopped' && own.position === place.position;
      },
    };
  }

  /** Beside an older version, which serves and may go on. */
  #stopRebuild(): Stop {
    const { dataSource } = this.parts;
    const { projection } = this.consumer;
    return {
      write: async (failure) => {
        await withConnection(dataSource, (session) => stopRebuild(session, projection, failure));
        return true;
      },
      holds: () =>
        withConnection(
          dataSource,
          async (session) => (await findStoppedRebuild(session, projection.name)) !== undefined,
        ),
    };
  }
}

/** What says that a projection has stopped, to whoever looks. */
interface Stop {
  /** @returns false when it is not true any more */
  readonly write: (failure: Parameters<typeof stopAtCheckpoint>[2]) => Promise<boolean>;
  /** Until somebody releases it. */
  readonly holds: () => Promise<boolean>;
}
