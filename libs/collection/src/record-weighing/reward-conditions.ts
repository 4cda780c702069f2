/** What one version of a municipality's reward scheme overlooks. */
export interface RewardCondition {
  readonly municipalityId: string;
  /** ISO 8601 UTC, inclusive; in force until a later one of the same municipality takes effect. */
  readonly effectiveFrom: string;
  /** Reasons (contract codes) in spite of which a weighing earns. */
  readonly earnsDespite: readonly string[];
}

/**
 * Which reasons prevent a reward: the scheme's choice, asked only to tell a scale `recorded` or `not-rewardable`.
 * A port: schemes belong to another context, and whoever composes the process binds it.
 */
export abstract class RewardConditions {
  /** Every published version of the named municipalities, in any order. One query, however many are asked for. */
  abstract ofMunicipalities(municipalityIds: readonly string[]): Promise<readonly RewardCondition[]>;
}
