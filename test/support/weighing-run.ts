import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { type SimulatedScale, type Weighing } from '#scale-simulator';

/** A weighing that was planned beforehand, and what has to become of it. */
export interface PlannedWeighing {
  readonly weighing: Weighing;
  /** Whose card it is; null without a card or with one that nobody registered. */
  readonly householdId: string | null;
  /** Nothing speaks against a reward that the scheme does not overlook. */
  readonly earns: boolean;
  /** A tare above the gross weight cannot have happened: such a report waits for a person. */
  readonly isPossible: boolean;
}

export interface PlannedScale {
  readonly scaleId: string;
  readonly pointId: string;
  readonly isSigned: boolean;
  readonly weighings: readonly PlannedWeighing[];
}

export interface RunPlan {
  readonly seed: string;
  readonly scaleIds: readonly string[];
  /** Scales are spread over them. */
  readonly pointIds: readonly string[];
  readonly materials: readonly string[];
  readonly households: readonly { readonly householdId: string; readonly card: string }[];
  readonly weighings: number;
  /** Of the instruments, as they are registered. */
  readonly minimumGrams: number;
  readonly capacityGrams: number;
}

/** One scale in ten is a trial without a key. */
const UNSIGNED_EVERY = 10;
const GRAMS_MAX = 12_000;

/** What each scale is going to weigh. The same seed makes the same run; nothing of it is left to the clock. */
export function planRun(plan: RunPlan): readonly PlannedScale[] {
  const each = plan.weighings / plan.scaleIds.length;
  return plan.scaleIds.map((scaleId, index) => {
    const random = new SeededRandom(plan.seed, scaleId);
    return {
      scaleId,
      pointId: plan.pointIds[index % plan.pointIds.length]!,
      isSigned: index % UNSIGNED_EVERY !== UNSIGNED_EVERY - 1,
      weighings: Array.from({ length: each }, () => plannedWeighing(plan, random)),
    };
  });
}

function plannedWeighing(plan: RunPlan, random: SeededRandom): PlannedWeighing {
  const { minimumGrams, capacityGrams, households, materials } = plan;
  const household = random.chance(0.94) ? random.pick(households) : null;
  const isStranger = household === null && random.chance(0.5);
  const isImpossible = random.chance(0.005);
  const isHeavy = random.chance(0.01);
  const grossGrams = Math.floor(isHeavy ? capacityGrams + random.between(1, 500) : random.between(100, GRAMS_MAX));
  const tareGrams = Math.floor(isImpossible ? grossGrams + 1 + random.between(0, 50) : random.between(0, 90));
  const stable = !random.chance(0.02);
  const entry = random.chance(0.02) ? 'manual' : 'measured';
  return {
    weighing: {
      card: isStranger ? `stranger-${Math.floor(random.between(0, 20))}` : (household?.card ?? null),
      material: random.pick(materials),
      grossGrams,
      tareGrams,
      stable,
      entry,
    },
    householdId: household?.householdId ?? null,
    earns: stable && entry === 'measured' && grossGrams >= minimumGrams && grossGrams <= capacityGrams,
    isPossible: !isImpossible,
  };
}

/** What a run has to end in, added up weighing by weighing. */
export interface Totals {
  /** Micro-credits and number of weighings, of households that brought anything. */
  readonly households: Readonly<Record<string, { readonly microCredits: string; readonly weighings: number }>>;
  /** Grams and number of weighings, by point and material, for example `school glass`. */
  readonly stocks: Readonly<Record<string, { readonly grams: string; readonly weighings: number }>>;
}

/**
 * Adds up by hand: a loop over what was weighed that shares no line with the product.
 * @param microCreditsPerGram of a material, for the weighing with this index on its scale
 */
export function addUp(
  scales: readonly PlannedScale[],
  microCreditsPerGram: (material: string, index: number) => bigint,
): Totals {
  const households = new Map<string, { credits: bigint; weighings: number }>();
  const stocks = new Map<string, { grams: bigint; weighings: number }>();
  for (const { pointId, weighings } of scales) {
    weighings.forEach(({ weighing, householdId, earns, isPossible }, index) => {
      if (!isPossible) return;
      const net = BigInt(weighing.grossGrams - weighing.tareGrams);
      const stock = stocks.get(`${pointId} ${weighing.material}`) ?? { grams: 0n, weighings: 0 };
      stocks.set(`${pointId} ${weighing.material}`, { grams: stock.grams + net, weighings: stock.weighings + 1 });
      if (householdId === null) return;
      const credits = earns ? net * microCreditsPerGram(weighing.material, index) : 0n;
      const household = households.get(householdId) ?? { credits: 0n, weighings: 0 };
      households.set(householdId, {
        credits: household.credits + credits,
        weighings: household.weighings + 1,
      });
    });
  }
  return {
    households: Object.fromEntries(
      [...households].map(([id, { credits, weighings }]) => [id, { microCredits: String(credits), weighings }]),
    ),
    stocks: Object.fromEntries(
      [...stocks].map(([place, { grams, weighings }]) => [place, { grams: String(grams), weighings }]),
    ),
  };
}

/** Numbers of weighings that go onto the scale together, as people at several platforms of one indicator do. */
const TOGETHER_MAX = 8;

/**
 * Weighs what is planned, from the given one on, in bursts of a few, until all is durable on the scale.
 * @param before is told the index of each weighing just before it is taken
 */
export async function weighPlanned(
  scale: SimulatedScale,
  { scaleId, weighings }: PlannedScale,
  { from = 0, before = () => undefined }: { from?: number; before?: (index: number) => void } = {},
): Promise<void> {
  const random = new SeededRandom('bursts', scaleId);
  for (let index = from; index < weighings.length;) {
    const together = weighings.slice(index, index + 1 + Math.floor(random.between(0, TOGETHER_MAX)));
    await Promise.all(
      together.map(({ weighing }, offset) => {
        before(index + offset);
        return scale.weigh(weighing);
      }),
    );
    index += together.length;
  }
}
