import { type HouseholdWeighing } from '#api-client';

/** What became of a weighing, and why. */
export type Outcome =
  | { readonly kind: 'earned'; readonly despite: readonly string[] }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** The material was not in the rules, or earns nothing by them. */
  | { readonly kind: 'no-rate' }
  /** No rules were in force when it was weighed. */
  | { readonly kind: 'no-scheme' };

/** Reads the outcome from what the api says about a weighing. */
export function outcomeOf(weighing: HouseholdWeighing): Outcome {
  if (BigInt(weighing.microCredits) > 0n) return { kind: 'earned', despite: weighing.reasons };
  if (weighing.schemeVersion === null) return { kind: 'no-scheme' };
  if (weighing.reasons.length > 0) return { kind: 'refused', reasons: weighing.reasons };
  return { kind: 'no-rate' };
}
