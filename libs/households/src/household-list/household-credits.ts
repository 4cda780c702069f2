/** What a household has earned in the current year, in sum. */
export interface EarnedCredits {
  readonly householdId: string;
  readonly microCredits: bigint;
  /** What that takes off its fee, in the minor unit of the municipality's currency. */
  readonly reductionMinor: bigint;
  readonly weighings: number;
  /** ISO 8601 UTC. */
  readonly lastWeighedAt: string | null;
}

/** What households have earned. A port: rewards belong to another context, and the process binds it. */
export abstract class HouseholdCredits {
  /** Those of the named households that ever weighed anything, in any order, however many are asked for. */
  abstract of(municipalityId: string, householdIds: readonly string[]): Promise<readonly EarnedCredits[]>;
}
