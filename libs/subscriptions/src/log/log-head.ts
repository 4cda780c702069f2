import { comparePositions, type EventStore, START, type Position } from '#event-store';
import { backoffMs } from '../waiting/backoff.js';
import { Bell, pause } from '../waiting/bell.js';

/** The truth about the end of the log is asked for at least this often; hints come in between. */
const POLL_MS = 500;

/** A burst of appends is folded in a few large batches rather than in many small ones. */
const LOOK_INTERVAL_MS_MIN = 20;

export interface LogHeadListener {
  readonly onMoved: () => void;
  /** Told when the log could not be asked (with the reason), and when it could be again (with null). */
  readonly onReachable: (error: unknown) => void;
}

/**
 * The end of the log as last seen. One question to the store serves all projections of a process: while nothing is
 * appended they ask nothing.
 */
export class LogHead {
  readonly #moved = new Bell();
  readonly #hint = new Bell();
  #hinted = false;
  #position: Position = START;
  #looks = 0;
  #newestLook = 0;

  constructor(
    private readonly store: EventStore,
    private readonly listener: LogHeadListener,
  ) {}

  get position(): Position {
    return this.#position;
  }

  /** Keeps looking until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const stopListening = this.store.onAppended(() => {
      this.#hinted = true;
      this.#hint.ring();
    });
    try {
      await this.#keepLooking(signal);
    } finally {
      stopListening();
    }
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      this.#hinted = false;
      try {
        await this.look();
        if (failures > 0) this.listener.onReachable(null);
        failures = 0;
        await this.#nextOccasion(signal);
      } catch (error) {
        failures += 1;
        if (failures === 1) this.listener.onReachable(error);
        await pause(backoffMs(failures), signal);
      }
    }
  }

  /** Asks the store now. */
  async look(): Promise<Position> {
    this.#looks += 1;
    const turn = this.#looks;
    const head = await this.store.head();
    // Answers can overtake each other; an older one says nothing any more.
    if (turn < this.#newestLook) return head;
    this.#newestLook = turn;
    // Not only forwards: a log restored from a backup is shorter, and that must be seen.
    if (comparePositions(head, this.#position) !== 0) {
      this.#position = head;
      this.listener.onMoved();
      this.#moved.ring();
    }
    return head;
  }

  /** Waits until the log is longer than `place`, at most for `timeoutMs`. @returns whether it is */
  async beyond(place: Position, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (comparePositions(this.#position, place) <= 0) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || signal.aborted) return false;
      await this.#moved.wait(leftMs, signal);
    }
    return !signal.aborted;
  }

  async #nextOccasion(signal: AbortSignal): Promise<void> {
    await pause(LOOK_INTERVAL_MS_MIN, signal);
    if (!this.#hinted) await this.#hint.wait(POLL_MS - LOOK_INTERVAL_MS_MIN, signal);
  }
}
