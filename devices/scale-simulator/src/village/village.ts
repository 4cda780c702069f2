import { type PastWeighing } from '../scale-folder.js';
import { type Weighing } from '../weighing.js';
import {
  arrivalMinute,
  dayFactor,
  isMarketDay,
  lightLoad,
  materialsBrought,
  usualLoad,
  type HouseholdKind,
} from './habits.js';
import { localDayOf, nextDay, startOfDayMs, weekdayOf } from './local-time.js';
import { SeededRandom } from './seeded-random.js';

const WITHOUT_CARD = 0.03;
const UNSTABLE = 0.008;
const TOO_LIGHT = 0.007;
const USUAL_POINT = 0.85;
const DAYS_PER_WEEK = 7;
const MINUTE_MS = 60_000;
/** Between two people on the same scale. */
const CHANGEOVER_MS = 25_000;

export interface VillageHousehold {
  readonly kind: HouseholdKind;
  readonly persons: number;
  /** At least one. */
  readonly cards: readonly string[];
}

export interface VillageScale {
  readonly scaleId: string;
  readonly pointId: string;
  /** What its point takes. */
  readonly materials: readonly string[];
}

export interface VillagePlan {
  /** The same seed, households and scales make the same village. */
  readonly seed: string;
  /** IANA name: people get up by local time. */
  readonly timeZone: string;
  readonly households: readonly VillageHousehold[];
  /** At least one. */
  readonly scales: readonly VillageScale[];
  readonly divisionGrams: number;
  readonly minimumGrams: number;
}

/** One person at one scale: a card, and one material after the other. */
export interface Visit {
  readonly scaleId: string;
  readonly weighings: readonly {
    /** After the beginning of the visit. */
    readonly afterMs: number;
    readonly weighing: Weighing;
  }[];
}

interface TimedVisit extends Visit {
  readonly startsAtMs: number;
}

interface Habit {
  readonly household: VillageHousehold;
  readonly visitsPerWeek: number;
  readonly usualPointId: string;
}

/**
 * How a village brings its waste, day by day: who comes when, where and with what. Everything follows from the plan,
 * so that a demo looks the same on every machine and a test can count on it.
 */
export class Village {
  private readonly habits: readonly Habit[];

  constructor(private readonly plan: VillagePlan) {
    const pointIds = [...new Set(plan.scales.map(({ pointId }) => pointId))];
    this.habits = plan.households.map((household, index) => {
      const random = new SeededRandom(plan.seed, 'habit', index);
      const visitsPerWeek =
        household.kind === 'shop' ? random.between(3, 6) : random.between(0.8, 1.8) + 0.25 * household.persons;
      return { household, visitsPerWeek, usualPointId: random.pick(pointIds) };
    });
  }

  /**
   * What each scale has weighed in the days before an instant, each in the order of its clock.
   * @param days whole local days before the one in which `untilMs` falls; that one counts up to the instant
   */
  history({ untilMs, days }: { untilMs: number; days: number }): ReadonlyMap<string, readonly PastWeighing[]> {
    const { timeZone, scales } = this.plan;
    const byScale = new Map<string, PastWeighing[]>(scales.map(({ scaleId }) => [scaleId, []]));
    const last = localDayOf(untilMs, timeZone);
    for (let day = nextDay(last, -days); day <= last; day = nextDay(day, 1)) {
      for (const { scaleId, startsAtMs, weighings } of this.visitsOn(day)) {
        for (const { afterMs, weighing } of weighings) {
          const weighedAtMs = startsAtMs + afterMs;
          if (weighedAtMs >= untilMs) continue;
          byScale.get(scaleId)?.push({ ...weighing, weighedAt: new Date(weighedAtMs).toISOString() });
        }
      }
    }
    return byScale;
  }

  /**
   * Who comes next, and next, without end; when they come is the caller's to say.
   * @param stream another name is another sequence
   */
  *visits(stream: string): Generator<Visit, never> {
    const random = new SeededRandom(this.plan.seed, 'visits', stream);
    for (;;) {
      const habit = random.pickWeighted(this.habits, ({ visitsPerWeek }) => visitsPerWeek);
      yield this.visit(habit, false, random);
    }
  }

  /** A scale serves one after the other: who comes while it is taken waits. */
  private visitsOn(day: string): readonly TimedVisit[] {
    const weekday = weekdayOf(day);
    const midnightMs = startOfDayMs(day, this.plan.timeZone);
    const arrivals = this.habits.flatMap((habit, index) => {
      const random = new SeededRandom(this.plan.seed, 'day', day, index);
      const { kind } = habit.household;
      if (!random.chance((habit.visitsPerWeek / DAYS_PER_WEEK) * dayFactor(kind, weekday))) return [];
      const startsAtMs = midnightMs + Math.round(arrivalMinute(kind, weekday, random) * MINUTE_MS);
      return [{ startsAtMs, ...this.visit(habit, isMarketDay(weekday), random) }];
    });

    const freeAtMs = new Map<string, number>();
    return arrivals
      .sort((a, b) => a.startsAtMs - b.startsAtMs)
      .map((visit) => {
        const startsAtMs = Math.max(visit.startsAtMs, freeAtMs.get(visit.scaleId) ?? 0);
        const lastsMs = visit.weighings.at(-1)?.afterMs ?? 0;
        freeAtMs.set(visit.scaleId, startsAtMs + lastsMs + CHANGEOVER_MS);
        return { ...visit, startsAtMs };
      });
  }

  private visit({ household, usualPointId }: Habit, isMarket: boolean, random: SeededRandom): Visit {
    const { scales, divisionGrams, minimumGrams } = this.plan;
    const { kind, cards } = household;
    const nearby = scales.filter(({ pointId }) => pointId === usualPointId);
    const { scaleId, materials } = random.pick(random.chance(USUAL_POINT) ? nearby : scales);
    const card = random.chance(WITHOUT_CARD) ? null : random.pick(cards);

    let afterMs = 0;
    const weighings = materialsBrought(kind, materials, isMarket, random).map((material) => {
      afterMs += Math.round(random.between(20_000, 70_000));
      const circumstances = { kind, isMarket, divisionGrams, minimumGrams };
      const load = random.chance(TOO_LIGHT)
        ? lightLoad(circumstances, random)
        : usualLoad(material, circumstances, random);
      return { afterMs, weighing: { card, material, ...load, stable: !random.chance(UNSTABLE) } };
    });
    return { scaleId, weighings };
  }
}
