import { type OnApplicationShutdown } from '@nestjs/common';
import { type DataSource } from 'typeorm';
import { comparePositions, type Position } from '#event-store';
import { type Checkpoint, checkpoints, READ_MODEL_ADVANCED } from '../checkpoint/checkpoint.js';
import { type Projection } from '../projection.js';
import { type BehindProjection, ReadModelBehind } from '../subscriptions.errors.js';
import { Bell, pause } from '../waiting/bell.js';
import { NotificationListener } from './notification-listener.js';

/** How often to look while somebody waits, in case the hint got lost. */
const WAIT_POLL_MS = 100;

/** How often to look while somebody only wants to be told. */
const FOLLOW_POLL_MS = 500;

const WAIT_MS_MAX = 60_000;

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
  #looking: Promise<readonly Checkpoint[]> | undefined;
  #following: AbortController | undefined;

  constructor(
    private readonly dataSource: DataSource,
    projections: readonly Pick<Projection, 'name'>[],
  ) {
    this.#names = projections.map(({ name }) => name);
  }

  /** How far each projection is; those that have not started yet are left out. */
  async state(): Promise<readonly Checkpoint[]> {
    const all = await this.#look();
    return all.filter(({ name }) => this.#names.includes(name));
  }

  /**
   * Resolves once everything up to a position can be read.
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
      if (hints === this.#hints) await this.#advanced.wait(Math.min(leftMs, WAIT_POLL_MS), signal);
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
  #look(): Promise<readonly Checkpoint[]> {
    this.#looking ??= checkpoints(this.dataSource).finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  #listen(): void {
    const { options } = this.dataSource;
    if (options.type !== 'postgres' || options.url === undefined) throw new Error('The read model lies in PostgreSQL');
    this.#listener ??= new NotificationListener(options.url, READ_MODEL_ADVANCED, () => this.#hint());
  }

  #hint(): void {
    this.#hints += 1;
    this.#advanced.ring();
    for (const tell of this.#followers) tell();
  }

  /** Sees what the notifications have missed. */
  async #follow(signal: AbortSignal): Promise<void> {
    let seen = '';
    while (!signal.aborted) {
      const now = await this.state().then(
        (state) => state.map(({ name, version, position }) => `${name} ${version} ${position}`).join(),
        // The database is away; whoever reads from it will say so.
        () => seen,
      );
      if (now !== seen) this.#hint();
      seen = now;
      await pause(FOLLOW_POLL_MS, signal);
    }
  }
}

function behindOf(
  all: readonly Checkpoint[],
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
