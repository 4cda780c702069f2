/**
 * A reward scheme as a municipality publishes it: data, not code. Amounts are decimals in text, so that a councillor
 * reads what the council decided and nothing is lost in a float.
 */
export interface RewardScheme {
  readonly title: { readonly ar: string; readonly en: string };
  /** Credits per kilogram by material, at most three decimals: "2.5". A material that is not named earns nothing. */
  readonly creditsPerKilogram: Readonly<Record<string, string>>;
  /** Reasons (contract codes) in spite of which a weighing earns. Empty by default: then unsigned weighings earn nothing. */
  readonly earnsDespite: readonly string[];
  /** What a credit takes off the yearly fee, in the currency's major unit: "0.10". */
  readonly feeReductionPerCredit: string;
  /** The yearly fee of a home and the highest reduction of it, in the major unit. */
  readonly yearlyFee: string;
  readonly yearlyReductionMax: string;
}

/** From `effectiveFrom` on, weighings (by `weighedAt`) are valued by this version until a later one takes effect. */
export interface SchemePublished {
  readonly type: 'SchemePublished';
  readonly data: {
    readonly municipalityId: string;
    readonly schemeId: string;
    readonly version: number;
    /** ISO 8601 UTC, inclusive. */
    readonly effectiveFrom: string;
    readonly scheme: RewardScheme;
  };
}

export type SchemeEvent = SchemePublished;
