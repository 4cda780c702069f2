import { type Tariff } from './tariff.js';

/**
 * The versions of a municipality's scheme, and which of them values what: at any instant, of those that had taken
 * effect by then, the one decided last. A version that takes effect before an older one replaces that one altogether;
 * this is how a council's retroactive decision reads.
 */
export class TariffHistory {
  /** By falling version and falling instant at once, as what a later decision replaced is left out. */
  private readonly newestFirst: readonly { readonly fromMs: number; readonly tariff: Tariff }[];

  constructor(tariffs: readonly Tariff[]) {
    const byFallingVersion = tariffs
      .map((tariff) => ({ fromMs: Date.parse(tariff.effectiveFrom), tariff }))
      .sort((a, b) => b.tariff.version - a.tariff.version);
    let earliestMs = Infinity;
    this.newestFirst = byFallingVersion.filter(({ fromMs }) => {
      const prevails = fromMs < earliestMs;
      earliestMs = Math.min(earliestMs, fromMs);
      return prevails;
    });
  }

  /**
   * @param instantMs milliseconds since 1970-01-01T00:00:00Z
   * @returns undefined before the first scheme took effect
   */
  inForceAt(instantMs: number): Tariff | undefined {
    return this.newestFirst.find(({ fromMs }) => fromMs <= instantMs)?.tariff;
  }

  /** Those that are in force at some time, the newest first: each until the one before it in this list takes effect. */
  get prevailing(): readonly Tariff[] {
    return this.newestFirst.map(({ tariff }) => tariff);
  }
}
