const PERIOD_MS = 100;

/** One timer for everything in a process that looks at the time now and then: fifty scales cost no more than one. */
export class Ticker {
  private readonly listeners = new Set<(nowMs: number) => void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly periodMs = PERIOD_MS) {}

  /**
   * Calls the listener once a period with a time that never goes back.
   * @returns a function that stops it
   */
  subscribe(listener: (nowMs: number) => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => {
      const nowMs = performance.now();
      for (const tick of this.listeners) tick(nowMs);
    }, this.periodMs);

    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }
}

export const processTicker = new Ticker();
