import { type LiveWeighing, liveWeighingsUrl } from '#api-client';
import { EventStreamParser } from './event-stream.js';

/** `live`: the stream speaks. `lost`: it does not, and we are trying again. */
export type Connection =
  { readonly phase: 'connecting' } | { readonly phase: 'live' } | { readonly phase: 'lost'; readonly heardAt: number };

interface Listeners {
  readonly onWeighing: (weighing: LiveWeighing) => void;
  /** Weighings were or may have been missed: what is shown must be asked for again. */
  readonly onReset: () => void;
  readonly onConnection: (connection: Connection) => void;
}

/** The api says something at least every 15 s; a stream that is silent for longer than two of those is dead. */
const SILENCE_MS_MAX = 35_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
const RETRY_MS_MAX = 10_000;

/**
 * Follows the weighings as they are recorded. It reads the stream itself instead of leaving it to EventSource: that
 * gives up after an answer that is not 200, hides the heartbeat by which a dead connection is told from a quiet
 * village, and cannot start after a position that came from somewhere else.
 */
export class LiveWeighings {
  private readonly stopped = new AbortController();
  private attempt: AbortController | null = null;
  private wake: (() => void) | null = null;
  private failures = 0;
  private heardAt = Date.now();

  private constructor(
    private lastEventId: string | null,
    private readonly listeners: Listeners,
  ) {}

  /**
   * Starts following, for as long as it takes.
   * @param after the log position of the last weighing that is known already
   * @returns what stops it
   */
  static follow(after: string | null, listeners: Listeners): () => void {
    const live = new LiveWeighings(after, listeners);
    const retryNow = (): void => live.wake?.();
    window.addEventListener('online', retryNow);
    void live.run();
    return () => {
      window.removeEventListener('online', retryNow);
      live.stopped.abort();
      live.attempt?.abort();
      live.wake?.();
    };
  }

  private async run(): Promise<void> {
    this.listeners.onConnection({ phase: 'connecting' });
    while (this.following()) {
      try {
        await this.listen();
      } catch {
        // Whatever it was, the answer is the same: say so, wait, try again from the last position.
      }
      if (!this.following()) return;
      this.listeners.onConnection({ phase: 'lost', heardAt: this.heardAt });
      await this.pause(RETRY_MS[this.failures] ?? RETRY_MS_MAX);
      this.failures += 1;
    }
  }

  private async listen(): Promise<void> {
    const attempt = new AbortController();
    this.attempt = attempt;
    let silence = setTimeout(() => attempt.abort(), SILENCE_MS_MAX);
    try {
      const response = await fetch(liveWeighingsUrl(), {
        signal: attempt.signal,
        cache: 'no-store',
        headers: {
          Accept: 'text/event-stream',
          ...(this.lastEventId === null ? {} : { 'Last-Event-ID': this.lastEventId }),
        },
      });
      if (!response.ok || response.body === null)
        throw new Error(`The live stream answered ${String(response.status)}.`);
      this.failures = 0;
      this.heard();
      this.listeners.onConnection({ phase: 'live' });
      // Without a position the stream begins now, and what was recorded since the page was loaded is in neither.
      if (this.lastEventId === null) this.listeners.onReset();
      const parser = new EventStreamParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => attempt.abort(), SILENCE_MS_MAX);
        this.heard();
        this.read(parser, piece.value);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  private read(parser: EventStreamParser, text: string): void {
    for (const event of parser.feed(text)) {
      if (event.id !== null) this.lastEventId = event.id;
      if (event.event === 'weighing') this.listeners.onWeighing(JSON.parse(event.data) as LiveWeighing);
      else if (event.event === 'reset') this.listeners.onReset();
    }
  }

  private following(): boolean {
    return !this.stopped.signal.aborted;
  }

  private heard(): void {
    this.heardAt = Date.now();
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
