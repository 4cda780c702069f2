import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type DataSource } from 'typeorm';
import { comparePositions, type Position } from '#event-store';
import { checkpoints, type ProjectionCheckpoint, READ_MODEL_ADVANCED } from '../checkpoint/checkpoint.js';
import { urlOf } from '../database/url-of.js';
import { type Projection } from '../projection.js';
import { type BehindProjection, ReadModelBehind, reasonOf } from '../subscriptions.errors.js';
import { Bell, pause } from '../waiting/bell.js';
import { NotificationListener } from './notification-listener.js';
import { surveyProjections, type SurveyedProjection } from './projection-survey.js';

/** How often to look while somebody waits, in case the hint got lost. */
const WAIT_POLL_MS = 100;

/** How often to look while somebody only wants to be told. */
const FOLLOW_POLL_MS = 500;

const WAIT_MS_MAX = 60_000;

const LOG = new Logger('ReadModelProgress');

export interface WaitOptions {
  /** At most a minute. */
  readonly timeoutMs: number;
  /** Names of the projections that the answer will be read from; all of them when absent. */
  readonly projections?: readonly string[];
  readonly signal?: AbortSignal;
}

/** How far the read model is, for processes that read it: whichever process writes it. */
export class ReadModelProgress implements OnApplicationShutdown {
  readonly #names: readonly string[];
  readonly #advanced = new Bell();
  /** Counts hints: one that came while the checkpoints were being read must not be slept through. */
  #hints = 0;
  readonly #followers = new Set<() => void>();
  #listener: NotificationListener | undefined;
  #looking: Promise<readonly ProjectionCheckpoint[]> | undefined;
  #following: AbortController | undefined;

  constructor(
    private readonly dataSource: DataSource,
    projections: readonly Pick<Projection, 'name'>[],
    private readonly waitPollMs = WAIT_POLL_MS,
  ) {
    this.#names = projections.map(({ name }) => name);
  }

  /** How far each projection is; those that have not started yet are left out. */
  async state(): Promise<readonly ProjectionCheckpoint[]> {
    const all = await this.#look();
    return all.filter(({ name }) => this.#names.includes(name));
  }

  /** The same with who leads and what is left out: for operators, as it asks more of the database. */
  async survey(): Promise<readonly SurveyedProjection[]> {
    const all = await surveyProjections(this.dataSource);
    return all.filter(({ name }) => this.#names.includes(name));
  }

  /**
   * Resolves once everything up to a position can be read: by all partitions of a projection that is split.
   * @throws ReadModelBehind when that takes longer than it may, or when a projection that it needs has stopped
   */
  async waitFor(position: Position, { timeoutMs, projections = this.#names, signal }: WaitOptions): Promise<void> {
    const unknown = projections.find((name) => !this.#names.includes(name));
    if (unknown !== undefined) throw new RangeError(`There is no projection ${unknown}`);
    this.#listen();
    const deadline = performance.now() + Math.min(timeoutMs, WAIT_MS_MAX);
    for (;;) {
      const hints = this.#hints;
      const behind = behindOf(await this.#look(), projections, position);
      if (behind.length === 0) return;
      const leftMs = deadline - performance.now();
      const hopeless = behind.some(({ status }) => status === 'stopped');
      if (hopeless || leftMs <= 0 || signal?.aborted === true) throw new ReadModelBehind(position, behind);
      if (hints === this.#hints) await this.#advanced.wait(Math.min(leftMs, this.waitPollMs), signal);
    }
  }

  /**
   * Calls `listener` soon after some projection has advanced. A hint like any other: it may come twice, or for nothing.
   * @returns a function that stops it
   */
  onAdvanced(listener: () => void): () => void {
    this.#followers.add(listener);
    this.#listen();
    if (this.#following === undefined) {
      this.#following = new AbortController();
      void this.#follow(this.#following.signal);
    }
    return () => {
      this.#followers.delete(listener);
      if (this.#followers.size > 0) return;
      this.#following?.abort();
      this.#following = undefined;
    };
  }

  async close(): Promise<void> {
    this.#following?.abort();
    this.#followers.clear();
    await this.#listener?.close();
    this.#listener = undefined;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** One query serves everybody who asks at the same time. */
  #look(): Promise<readonly ProjectionCheckpoint[]> {
    this.#looking ??= checkpoints(this.dataSource).finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  #listen(): void {
    this.#listener ??= new NotificationListener(urlOf(this.dataSource), READ_MODEL_ADVANCED, () => this.#hint());
  }

  #hint(): void {
    this.#hints += 1;
    this.#advanced.ring();
    for (const tell of this.#followers) tellSafely(tell);
  }

  /** Sees what the notifications have missed. */
  async #follow(signal: AbortSignal): Promise<void> {
    let seen = '';
    while (!signal.aborted) {
      const now = await this.state().then(
        (state) =>
          state
            .flatMap(({ partitions }) => partitions)
            .map(({ name, partition, version, position }) => `${name} ${partition} ${version} ${position}`)
            .join(),
        // The database is away; whoever reads from it will say so.
        () => seen,
      );
      if (now !== seen) this.#hint();
      seen = now;
      await pause(FOLLOW_POLL_MS, signal);
    }
  }
}

/** What goes wrong with one who is told must not end the process, nor keep the others from being told. */
function tellSafely(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    LOG.error(`Somebody who follows the read model failed: ${reasonOf(error)}`);
  }
}

function behindOf(
  all: readonly ProjectionCheckpoint[],
  names: readonly string[],
  position: Position,
): readonly BehindProjection[] {
  return names.flatMap((name): readonly BehindProjection[] => {
    const checkpoint = all.find((one) => one.name === name);
    if (checkpoint === undefined) return [{ name, position: null, status: 'not-started' }];
    if (comparePositions(checkpoint.position, position) >= 0) return [];
    return [{ name, position: checkpoint.position, status: checkpoint.status }];
  });
}
