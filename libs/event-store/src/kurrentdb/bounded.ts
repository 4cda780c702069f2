/** Lets so many tasks run at the same time; the others begin in the order in which they came. */
export class Bounded {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly runningMax: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.runningMax) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await task();
    } finally {
      // Whoever waits longest takes over the place.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
