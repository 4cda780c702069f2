import { setMaxListeners } from 'node:events';
import {
  type BeforeApplicationShutdown,
  Logger,
  type LoggerService,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type DataSource } from 'typeorm';
import { consumersOf } from '../consumer/consumer.js';
import { urlOf } from '../database/url-of.js';
import { type Leadership } from '../leadership/leadership.js';
import { PostgresLeadership } from '../leadership/postgres-leadership.js';
import { LogHead } from '../log/log-head.js';
import { SharedLogReader } from '../log/log-reader.js';
import { type LogSource } from '../log/log-source.js';
import { type Projection } from '../projection.js';
import { reasonOf } from '../subscriptions.errors.js';
import { pause } from '../waiting/bell.js';
import { supervise } from '../waiting/supervise.js';
import { ProjectionLoop, type ProjectionState } from './projection-loop.js';

/** A database that no longer answers must not keep a process from ending. */
const STOP_MS_MAX = 10_000;

export interface ProjectionRunnerParts extends LogSource {
  readonly dataSource: DataSource;
  readonly projections: readonly Projection[];
  /** PostgreSQL's by default. */
  readonly leadership?: Leadership;
  readonly log?: Pick<LoggerService, 'log' | 'warn' | 'error'>;
}

/**
 * Keeps the projections of a process at the end of the log, each on its own: one that stops or lags does not hold up
 * the others. Any number of processes may run the same projections: they share them, and take over from one that dies.
 * Checkpoints moved by compare-and-set see to it that each event counts once, whoever believes to lead.
 */
export class ProjectionRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #head: LogHead;
  readonly #loops: readonly ProjectionLoop[];
  readonly #leadership: Leadership;
  readonly #log: Pick<LoggerService, 'log' | 'warn' | 'error'>;
  #running: { readonly stop: AbortController; readonly done: Promise<unknown> } | undefined;

  constructor({
    store,
    registry,
    dataSource,
    projections,
    log = new Logger(ProjectionRunner.name),
    leadership,
  }: ProjectionRunnerParts) {
    const names = projections.map(({ name }) => name);
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new RangeError(`There are two projections named ${twice}`);
    this.#log = log;
    this.#head = new LogHead(store, {
      onMoved: () => this.#loops.forEach((loop) => loop.noteNews()),
      onReachable: (error) => this.#noteReachable(error),
    });
    const consumers = projections.flatMap(consumersOf);
    const leases = consumers.map(({ lease }) => lease);
    this.#leadership = leadership ?? new PostgresLeadership(urlOf(dataSource), leases, log);
    const shared = new SharedLogReader(store);
    const parts = { store, registry, dataSource, log, shared, head: this.#head, leadership: this.#leadership };
    this.#loops = consumers.map((consumer) => new ProjectionLoop(consumer, parts));
  }

  /** Starts following the log; does nothing when it already does. */
  start(): void {
    if (this.#running !== undefined) return;
    const [stop, leave] = [new AbortController(), new AbortController()];
    // Each loop waits on it, and so does the watch over the log: as many as there are, and no leak.
    setMaxListeners(0, stop.signal);
    const supervised = (work: (signal: AbortSignal) => Promise<void>, { signal }: AbortController) =>
      supervise(work, signal, (error) => {
        this.#log.error(`The projection runner goes on after a defect: ${reasonOf(error)}`);
      });
    const loops = Promise.all(this.#loops.map((loop) => supervised((signal) => loop.run(signal), stop)));
    const done = Promise.all([
      supervised((signal) => this.#head.watch(signal), stop),
      supervised((signal) => this.#leadership.takePart(signal), leave),
      // Whoever takes over need not wait for a batch that is still under way.
      loops.then(() => leave.abort()),
    ]);
    this.#running = { stop, done };
  }

  /** Resolves when the batches under way are finished; what is left of the log waits for the next start. */
  async stop(): Promise<void> {
    if (this.#running === undefined) return;
    const { stop, done } = this.#running;
    this.#running = undefined;
    stop.abort();
    const givenUp = new AbortController();
    const stopped = done.then(() => true);
    const inTime = await Promise.race([stopped, pause(STOP_MS_MAX, givenUp.signal).then(() => false)]);
    givenUp.abort();
    if (!inTime) this.#log.warn(`Projections did not stop within ${STOP_MS_MAX} ms; their batches are rolled back`);
  }

  /** How each projection is doing in this process, for health, metrics and whoever asks. */
  state(): readonly ProjectionState[] {
    return this.#loops.map((loop) => loop.state());
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  #noteReachable(error: unknown): void {
    if (error === null) this.#log.log('The event log can be read again');
    else this.#log.warn(`The event log cannot be read for now: ${reasonOf(error)}`);
  }
}
