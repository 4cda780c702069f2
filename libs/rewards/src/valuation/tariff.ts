import { parseDecimal } from '#kernel';
import { type RewardScheme, type SchemePublished } from '../events/index.js';

/** Places of a rate in credits per kilogram. With three, a gram earns a whole number of micro-credits. */
export const RATE_DECIMALS = 3;

/** Places of what a credit takes off the fee, in the currency's major unit: finer than any currency's minor unit. */
export const REDUCTION_DECIMALS = 6;

/** An exact quotient in lowest terms; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** One version of a scheme, within its municipality. */
export type Publication = Omit<SchemePublished['data'], 'municipalityId'>;

/** A published scheme as arithmetic: what the decimals of its document say, in the integers that Mizan counts in. */
export interface Tariff {
  readonly schemeId: string;
  readonly version: number;
  /** ISO 8601 UTC, inclusive. */
  readonly effectiveFrom: string;
  readonly title: RewardScheme['title'];
  readonly microCreditsPerGram: ReadonlyMap<string, bigint>;
  readonly earnsDespite: ReadonlySet<string>;
  readonly reductionMinorPerCredit: Fraction;
  readonly feeMinor: bigint;
  readonly reductionMaxMinor: bigint;
}

/**
 * Reads a published scheme in the currency of its municipality.
 * @throws RangeError if an amount has more places than the currency. A scheme is refused before it is published with
 * such an amount, so that this means a damaged log.
 */
export function tariffOf({ schemeId, version, effectiveFrom, scheme }: Publication, currencyDecimals: number): Tariff {
  return {
    schemeId,
    version,
    effectiveFrom,
    title: scheme.title,
    microCreditsPerGram: new Map(
      Object.entries(scheme.creditsPerKilogram).map(([material, rate]) => [material, microCreditsPerGramOf(rate)]),
    ),
    earnsDespite: new Set(scheme.earnsDespite),
    reductionMinorPerCredit: lowestTerms(
      parseDecimal(scheme.feeReductionPerCredit, REDUCTION_DECIMALS) * 10n ** BigInt(currencyDecimals),
      10n ** BigInt(REDUCTION_DECIMALS),
    ),
    feeMinor: parseDecimal(scheme.yearlyFee, currencyDecimals),
    reductionMaxMinor: parseDecimal(scheme.yearlyReductionMax, currencyDecimals),
  };
}

/** Credits per kilogram are thousandths of a credit per gram: with three places, as many micro-credits as thousandths. */
function microCreditsPerGramOf(creditsPerKilogram: string): bigint {
  return parseDecimal(creditsPerKilogram, RATE_DECIMALS);
}

function lowestTerms(numerator: bigint, denominator: bigint): Fraction {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
