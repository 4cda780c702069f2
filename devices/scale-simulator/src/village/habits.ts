import { type SeededRandom } from './seeded-random.js';

/** Grams of one delivery, net: the least, the usual, the most. */
interface Load {
  readonly low: number;
  readonly usual: number;
  readonly high: number;
}

const LOADS: Readonly<Record<string, Load>> = {
  paper: { low: 500, usual: 1_600, high: 4_000 },
  glass: { low: 1_000, usual: 2_400, high: 6_000 },
  organic: { low: 1_000, usual: 3_000, high: 8_000 },
  plastic: { low: 200, usual: 700, high: 2_000 },
  metal: { low: 100, usual: 600, high: 2_000 },
  textiles: { low: 500, usual: 1_800, high: 5_000 },
};
const OTHER_LOAD: Load = { low: 200, usual: 1_000, high: 4_000 };

/** What the waste comes in, and what that weighs. */
const CONTAINER_GRAMS: Readonly<Record<string, readonly number[]>> = {
  paper: [0, 60, 1_200],
  glass: [1_200, 1_600],
  organic: [20, 480, 700],
  plastic: [20, 60, 1_200],
  metal: [20, 60, 480],
  textiles: [20, 60],
};
const BAG_GRAMS = 20;
const CRATE_GRAMS = 1_200;

export type HouseholdKind = 'home' | 'shop';

/** How often each material is brought, as parts of a whole. */
const SHARES: Readonly<Record<HouseholdKind, Readonly<Record<string, number>>>> = {
  home: { organic: 34, plastic: 22, paper: 18, glass: 11, metal: 9, textiles: 6 },
  shop: { paper: 40, organic: 28, plastic: 18, glass: 7, metal: 6, textiles: 1 },
};

/** A weekday as `Date.getUTCDay` counts: Sunday is 0. */
const [MONDAY, THURSDAY, FRIDAY, SATURDAY] = [1, 4, 5, 6];

export function isMarketDay(weekday: number): boolean {
  return weekday === MONDAY || weekday === THURSDAY;
}

/** How a weekday compares with an average one. On Friday shops are shut and families stay in until the afternoon. */
export function dayFactor(kind: HouseholdKind, weekday: number): number {
  if (kind === 'shop') return weekday === FRIDAY ? 0.15 : isMarketDay(weekday) ? 1.6 : 0.9;
  if (weekday === FRIDAY) return 0.45;
  return weekday === SATURDAY ? 1.25 : 1.05;
}

/** Points are open, in minutes of the local day. */
export const OPENS_MINUTE = 6 * 60;
export const CLOSES_MINUTE = 21 * 60;

interface Peak {
  /** Minutes of the local day. */
  readonly mean: number;
  readonly deviation: number;
  readonly share: number;
}

const PEAKS: Readonly<Record<HouseholdKind, readonly Peak[]>> = {
  home: [
    { mean: 8 * 60, deviation: 60, share: 5 },
    { mean: 17 * 60, deviation: 75, share: 6 },
  ],
  shop: [
    { mean: 10 * 60, deviation: 70, share: 2 },
    { mean: 18 * 60 + 30, deviation: 50, share: 3 },
  ],
};
const FRIDAY_PEAKS: readonly Peak[] = [
  { mean: 9 * 60, deviation: 50, share: 1 },
  { mean: 16 * 60 + 30, deviation: 80, share: 4 },
];
const FRIDAY_PRAYER = { from: 11 * 60 + 30, to: 13 * 60 + 30 };

/** When in the day somebody comes, in minutes of the local day: before work or school, or late in the afternoon. */
export function arrivalMinute(kind: HouseholdKind, weekday: number, random: SeededRandom): number {
  const peaks = weekday === FRIDAY ? FRIDAY_PEAKS : PEAKS[kind];
  const { mean, deviation } = random.pickWeighted(peaks, ({ share }) => share);
  const minute = Math.min(CLOSES_MINUTE - 30, Math.max(OPENS_MINUTE, random.normal(mean, deviation)));
  const isPrayer = weekday === FRIDAY && minute >= FRIDAY_PRAYER.from && minute < FRIDAY_PRAYER.to;
  return isPrayer ? minute + (FRIDAY_PRAYER.to - FRIDAY_PRAYER.from) : minute;
}

/** One, two or three of the materials that the point takes, the likely ones first. */
export function materialsBrought(
  kind: HouseholdKind,
  accepted: readonly string[],
  isMarket: boolean,
  random: SeededRandom,
): readonly string[] {
  const count = Math.min(
    accepted.length,
    random.pickWeighted([1, 2, 3], (n) => [0, 42, 38, 20][n] ?? 0),
  );
  const share = (material: string) => {
    const usual = SHARES[kind][material] ?? 4;
    return kind === 'shop' && isMarket && isTradeWaste(material) ? usual * 1.6 : usual;
  };
  const brought: string[] = [];
  while (brought.length < count) {
    const others = accepted.filter((material) => !brought.includes(material));
    brought.push(random.pickWeighted(others, share));
  }
  return brought;
}

export interface LoadOnScale {
  readonly grossGrams: number;
  readonly tareGrams: number;
}

/** A load in its container, in whole divisions of the scale and not below what the scale may weigh. */
export function usualLoad(
  material: string,
  { kind, isMarket, divisionGrams, minimumGrams }: LoadCircumstances,
  random: SeededRandom,
): LoadOnScale {
  const { low, usual, high } = LOADS[material] ?? OTHER_LOAD;
  const trade = kind === 'shop' && isTradeWaste(material) ? (isMarket ? 2 : 1.4) : 1;
  const netGrams = toDivisions(random.triangular(low, usual, high * trade), divisionGrams);
  const container = random.pick(CONTAINER_GRAMS[material] ?? [BAG_GRAMS]);
  // What is too light for the scale is brought in a crate: that is how people learn to do it.
  const tareGrams = toDivisions(netGrams + container < minimumGrams ? CRATE_GRAMS : container, divisionGrams);
  return { grossGrams: netGrams + tareGrams, tareGrams };
}

/** Somebody who has not learnt it: a small bag that the scale may not weigh. */
export function lightLoad(
  { divisionGrams, minimumGrams }: Pick<LoadCircumstances, 'divisionGrams' | 'minimumGrams'>,
  random: SeededRandom,
): LoadOnScale {
  const grossMaxGrams = minimumGrams - divisionGrams;
  const grossGrams = toDivisions(random.between(2 * divisionGrams, grossMaxGrams), divisionGrams);
  return { grossGrams: Math.min(grossGrams, grossMaxGrams), tareGrams: 0 };
}

export interface LoadCircumstances {
  readonly kind: HouseholdKind;
  readonly isMarket: boolean;
  /** The scale shows multiples of this. */
  readonly divisionGrams: number;
  /** Below this a weighing does not count (Min, OIML R 76-1). */
  readonly minimumGrams: number;
}

/** Cardboard and leaves: what a market leaves behind. */
function isTradeWaste(material: string): boolean {
  return material === 'paper' || material === 'organic';
}

function toDivisions(grams: number, divisionGrams: number): number {
  return Math.round(grams / divisionGrams) * divisionGrams;
}
