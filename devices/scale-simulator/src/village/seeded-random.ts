import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same numbers for ever. Not for secrets. */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seed any parts; each other combination is another, unrelated sequence */
  constructor(...seed: readonly (string | number)[]) {
    const digest = createHash('sha256').update(JSON.stringify(seed)).digest();
    this.a = digest.readInt32LE(0);
    this.b = digest.readInt32LE(4);
    this.c = digest.readInt32LE(8);
    this.d = digest.readInt32LE(12);
  }

  /** A number in [0, 1) with 32 random bits (sfc32, Chris Doty-Humphrey, PractRand). */
  next(): number {
    const sum = (this.a + this.b + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Most often near the mode, never outside. */
  triangular(low: number, mode: number, high: number): number {
    const part = this.next();
    const turn = (mode - low) / (high - low);
    return part < turn
      ? low + Math.sqrt(part * (high - low) * (mode - low))
      : high - Math.sqrt((1 - part) * (high - low) * (high - mode));
  }

  /** Normal distribution (Box and Muller). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<T>(items: readonly T[]): T {
    return this.pickWeighted(items, () => 1);
  }

  /**
   * Picks in proportion to the weights.
   * @throws RangeError when nothing has a weight above 0
   */
  pickWeighted<T>(items: readonly T[], weight: (item: T) => number): T {
    const total = items.reduce((sum, item) => sum + weight(item), 0);
    let rest = this.next() * total;
    for (const item of items) {
      rest -= weight(item);
      if (rest < 0) return item;
    }
    throw new RangeError('There is nothing to pick from');
  }
}
