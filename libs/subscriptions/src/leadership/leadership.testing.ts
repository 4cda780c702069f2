import { Leadership } from './leadership.js';

/** What a process is that wakes up after another one took over: it believes that it leads. */
export class EverybodyLeads extends Leadership {
  readonly #term = new AbortController();

  override termOf(): AbortSignal {
    return this.#term.signal;
  }

  override leaderOf(): null {
    return null;
  }

  override won(): Promise<void> {
    return Promise.resolve();
  }

  override takePart(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }
}
