import { type HouseholdWeighing } from '#api-client';

/** Several bags one after the other are one visit, as long as no more time than this lies between them. */
const PAUSE_MS_MAX = 20 * 60_000;

/** One time at a point: all its weighings, and what they came to. */
export interface Visit {
  readonly at: string;
  readonly pointId: string;
  readonly weighings: readonly HouseholdWeighing[];
  readonly netGrams: number;
  readonly microCredits: bigint;
}

/** The latest visit among weighings, newest first; null where there was none. */
export function latestVisit(weighings: readonly HouseholdWeighing[]): Visit | null {
  const [newest] = weighings;
  if (newest === undefined) return null;
  const together: HouseholdWeighing[] = [];
  let before = newest;
  for (const weighing of weighings) {
    const pause = Date.parse(before.weighedAt) - Date.parse(weighing.weighedAt);
    if (weighing.pointId !== newest.pointId || pause > PAUSE_MS_MAX) break;
    together.push(weighing);
    before = weighing;
  }
  return {
    at: newest.weighedAt,
    pointId: newest.pointId,
    weighings: together,
    netGrams: together.reduce((sum, { netGrams }) => sum + netGrams, 0),
    microCredits: together.reduce((sum, { microCredits }) => sum + BigInt(microCredits), 0n),
  };
}
