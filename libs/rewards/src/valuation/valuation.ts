import { floorDiv, MICRO_CREDITS_PER_CREDIT } from '#kernel';
import { type Tariff } from './tariff.js';

/** What a weighing has to say about its value. */
export interface Load {
  readonly material: string;
  readonly netGrams: number;
  /** Contract codes that speak against a reward. */
  readonly reasons: readonly string[];
}

/** What a load earns, and why: all that a household needs to check it by hand. */
export interface Valuation {
  /** The version that decided; null for a load from before the first scheme. */
  readonly schemeVersion: number | null;
  /** The scheme's rate for the material; 0 for a material that the scheme does not name. */
  readonly microCreditsPerGram: bigint;
  /** net grams × rate, or 0 where a reason prevents the reward. */
  readonly microCredits: bigint;
}

const BEFORE_ANY_SCHEME: Valuation = { schemeVersion: null, microCreditsPerGram: 0n, microCredits: 0n };

/**
 * Values one load under the tariff in force when it was weighed. Exact: nothing is rounded here, so that one load and
 * the same load in ten parts earn the same.
 */
export function valueOf({ material, netGrams, reasons }: Load, tariff: Tariff | undefined): Valuation {
  if (!tariff) return BEFORE_ANY_SCHEME;
  const microCreditsPerGram = tariff.microCreditsPerGram.get(material) ?? 0n;
  const microCredits = earns(reasons, tariff) ? microCreditsPerGram * BigInt(netGrams) : 0n;
  return { schemeVersion: tariff.version, microCreditsPerGram, microCredits };
}

/** Whether a weighing with these reasons against it earns all the same: only if the scheme forgives each of them. */
export function earns(reasons: readonly string[], { earnsDespite }: Tariff): boolean {
  return reasons.every((reason) => earnsDespite.has(reason));
}

/**
 * What a year's credits take off the year's fee, in minor units. This is the only place where rewards are rounded: once,
 * down, on the year's total. The highest reduction applies to the rounded amount and is never exceeded.
 */
export function feeReductionMinor(microCredits: bigint, tariff: Tariff): bigint {
  const { numerator, denominator } = tariff.reductionMinorPerCredit;
  const reductionMinor = floorDiv(microCredits * numerator, MICRO_CREDITS_PER_CREDIT * denominator);
  return reductionMinor < tariff.reductionMaxMinor ? reductionMinor : tariff.reductionMaxMinor;
}
