/** Something to wait for, with a limit. Ringing wakes everybody who waits; nobody waiting means nobody hears it. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves when it rings, when `timeoutMs` have passed or when the signal aborts. Never rejects. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
      signal?.addEventListener('abort', done);
    });
  }
}

/** Waits, but not past an abort. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Bell().wait(delayMs, signal);
}
