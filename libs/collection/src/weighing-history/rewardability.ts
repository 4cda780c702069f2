import { Injectable } from '@nestjs/common';
import { RewardConditions, type RewardCondition } from '../record-weighing/reward-conditions.js';

/** What decides whether a weighing may earn. */
export interface JudgedWeighing {
  readonly municipalityId: string;
  readonly weighedAtMs: number;
  /** Contract codes that speak against a reward. */
  readonly reasons: readonly string[];
}

/**
 * Whether weighings earn. The event says what speaks against it and never changes; what the scheme makes of that is
 * asked for each time it is shown, because a scheme may be published for weighings that are there already.
 */
@Injectable()
export class Rewardability {
  constructor(private readonly conditions: RewardConditions) {}

  /** One answer for each weighing, in their order; at most one query for all. */
  async of(weighings: readonly JudgedWeighing[]): Promise<readonly boolean[]> {
    // Most weighings have nothing against them, and then no scheme needs to be asked.
    const doubtful = weighings.filter(({ reasons }) => reasons.length > 0);
    const municipalityIds = [...new Set(doubtful.map(({ municipalityId }) => municipalityId))];
    const conditions = municipalityIds.length > 0 ? await this.conditions.ofMunicipalities(municipalityIds) : [];
    return weighings.map((weighing) => isForgiven(weighing, conditions));
  }
}

function isForgiven({ municipalityId, weighedAtMs, reasons }: JudgedWeighing, conditions: readonly RewardCondition[]) {
  if (reasons.length === 0) return true;
  const [inForce] = conditions
    .map((condition) => ({ ...condition, fromMs: Date.parse(condition.effectiveFrom) }))
    .filter((condition) => condition.municipalityId === municipalityId && condition.fromMs <= weighedAtMs)
    .sort((a, b) => b.fromMs - a.fromMs);
  return inForce !== undefined && reasons.every((reason) => inForce.earnsDespite.includes(reason));
}
