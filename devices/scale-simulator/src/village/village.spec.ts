import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { weighingReportV1 } from '#protocol';
import { startOfDayMs, weekdayOf } from './local-time.js';
import { Village, type VillagePlan } from './village.js';

const MATERIALS = ['organic', 'paper', 'metal', 'plastic', 'glass', 'textiles'];
const UNTIL_MS = Date.parse('2026-11-25T09:00:00.000Z');

/** Net grams in which a home brings a material, a small bag aside. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  paper: [500, 4_000],
  glass: [1_000, 6_000],
  organic: [1_000, 8_000],
  plastic: [200, 2_000],
  metal: [100, 2_000],
  textiles: [500, 5_000],
};

function plan(overrides: Partial<VillagePlan> = {}): VillagePlan {
  return {
    seed: 'beitillu',
    timeZone: 'Asia/Hebron',
    households: Array.from({ length: 100 }, (_, index) => ({
      kind: index < 88 ? ('home' as const) : ('shop' as const),
      persons: index < 88 ? 1 + (index % 7) : 0,
      cards: [`card-${index}`, `card-${index}-b`],
    })),
    scales: [
      { scaleId: 'beitillu-01', pointId: 'square', materials: MATERIALS },
      { scaleId: 'beitillu-02', pointId: 'school', materials: ['paper', 'plastic'] },
      { scaleId: 'beitillu-03', pointId: 'market', materials: MATERIALS },
      { scaleId: 'beitillu-04', pointId: 'square', materials: MATERIALS },
    ],
    divisionGrams: 20,
    minimumGrams: 400,
    ...overrides,
  };
}

const village = new Village(plan());
const history = village.history({ untilMs: UNTIL_MS, days: 60 });
const localDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Hebron', dateStyle: 'short' });
const midnights = new Map<string, number>();

/** Every weighing, with its local weekday and minute of the day. */
const all = [...history.values()].flat().map((weighing) => {
  const weighedAtMs = Date.parse(weighing.weighedAt);
  const day = localDay.format(weighedAtMs);
  const midnightMs = midnights.get(day) ?? startOfDayMs(day, 'Asia/Hebron');
  midnights.set(day, midnightMs);
  const isShop = weighing.card !== null && Number(weighing.card.split('-')[1]) >= 88;
  return { ...weighing, isShop, weekday: weekdayOf(day), minute: (weighedAtMs - midnightMs) / 60_000 };
});

describe('the past of a village', () => {
  it('is the same for the same plan, and another for another seed', () => {
    expect(new Village(plan()).history({ untilMs: UNTIL_MS, days: 60 })).toEqual(history);
    expect(new Village(plan({ seed: 'other' })).history({ untilMs: UNTIL_MS, days: 60 })).not.toEqual(history);
  });

  it('does not change when more days are asked for', () => {
    const longer = new Village(plan()).history({ untilMs: UNTIL_MS, days: 75 });
    for (const [scaleId, weighings] of history) {
      expect(longer.get(scaleId)?.slice(-weighings.length)).toEqual(weighings);
    }
  });

  it('is as large as that of a hundred households', () => {
    expect(all.length).toBeGreaterThan(2_500);
    expect(all.length).toBeLessThan(6_000);
    for (const weighings of history.values()) expect(weighings.length).toBeGreaterThan(100);
  });

  it('runs forward on each scale, within opening hours, up to the instant', () => {
    for (const weighings of history.values()) {
      const times = weighings.map(({ weighedAt }) => Date.parse(weighedAt));
      expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
      expect(times.at(-1)).toBeLessThan(UNTIL_MS);
      expect(times[0]).toBeGreaterThanOrEqual(startOfDayMs('2026-09-26', 'Asia/Hebron'));
    }
    expect(all.filter(({ minute }) => minute < 6 * 60 || minute >= 21.5 * 60)).toEqual([]);
  });

  it('has its peaks in the morning and late in the afternoon, by local time on both sides of the clock change', () => {
    const onSide = (isSummer: boolean) =>
      all.filter(({ weighedAt, weekday }) => weighedAt < '2026-10-24' === isSummer && weekday !== 5);
    for (const weighings of [onSide(true), onSide(false)]) {
      const share = (from: number, to: number) =>
        weighings.filter(({ minute }) => minute >= from * 60 && minute < to * 60).length / weighings.length;
      expect(share(7, 9)).toBeGreaterThan(1.5 * share(12, 14));
      expect(share(16, 18)).toBeGreaterThan(1.5 * share(12, 14));
    }
  });

  it('is quiet on Friday, above all during the prayer', () => {
    const on = (day: number) => all.filter(({ weekday }) => weekday === day);
    expect(on(5).length).toBeLessThan(0.7 * on(6).length);
    const noon = on(5).filter(({ minute }) => minute > 11 * 60 + 55 && minute < 13 * 60 + 20);
    expect(noon.length).toBeLessThan(0.05 * on(5).length);
  });

  it('has more paper and organic waste from shops on market days', () => {
    const trade = all.filter(({ isShop, material }) => isShop && ['paper', 'organic'].includes(material));
    const gramsOn = (...days: number[]) =>
      trade
        .filter(({ weekday }) => days.includes(weekday))
        .reduce((sum, { grossGrams, tareGrams }) => sum + grossGrams - tareGrams, 0) / days.length;
    expect(gramsOn(1, 4)).toBeGreaterThan(1.5 * gramsOn(0, 2, 3));
  });
});

describe('a weighing in the village', () => {
  it('is one that a scale may report', () => {
    const identity = { seq: 1, weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f', monotonicMs: 0 };
    const reports = all.map((weighing) => ({ ...identity, clock: 'ntp', entry: 'measured', ...weighing }));
    expect(reports.filter((report) => !weighingReportV1.safeParse(report).success)).toEqual([]);
  });

  it('shows whole divisions, and a tare below the gross weight', () => {
    const isOdd = (weighing: (typeof all)[number]) =>
      weighing.grossGrams % 20 !== 0 || weighing.tareGrams % 20 !== 0 || weighing.tareGrams >= weighing.grossGrams;
    expect(all.filter(isOdd)).toEqual([]);
  });

  it('is a load that a household would carry, unless it is a shop', () => {
    const isOdd = ({ material, grossGrams, tareGrams, card, isShop }: (typeof all)[number]) => {
      const [low, high] = RANGES[material] ?? [0, 0];
      const netGrams = grossGrams - tareGrams;
      return !isShop && grossGrams >= 400 && card !== null && (netGrams < low || netGrams > high);
    };
    expect(all.filter(isOdd)).toEqual([]);
  });

  it('is now and then one without a card, unstable or too light', () => {
    const part = (counts: (weighing: (typeof all)[number]) => boolean) => all.filter(counts).length / all.length;
    const oddities = [
      part(({ card }) => card === null),
      part(({ stable }) => stable === false),
      part(({ grossGrams }) => grossGrams < 400),
    ];
    for (const odd of oddities) {
      expect(odd).toBeGreaterThan(0.002);
      expect(odd).toBeLessThan(0.06);
    }
  });
});

describe('a visit', () => {
  const streams = fc.string({ maxLength: 8 });

  it('brings one to three different materials that the point takes, one after the other, with one card', () => {
    const materialsOf = new Map(plan().scales.map(({ scaleId, materials }) => [scaleId, materials]));
    fc.assert(
      fc.property(streams, (stream) => {
        const visits = village.visits(stream);
        for (let count = 0; count < 20; count += 1) {
          const { scaleId, weighings } = visits.next().value;
          const materials = weighings.map(({ weighing }) => weighing.material);
          expect(materials.length).toBeGreaterThanOrEqual(1);
          expect(materials.length).toBeLessThanOrEqual(3);
          expect(new Set(materials).size).toBe(materials.length);
          expect(materialsOf.get(scaleId)).toEqual(expect.arrayContaining(materials));
          expect(new Set(weighings.map(({ weighing }) => weighing.card)).size).toBe(1);
          const times = weighings.map(({ afterMs }) => afterMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times.at(-1)).toBeLessThanOrEqual(210_000);
        }
      }),
    );
  });

  it('is the same in the same stream, and another in another', () => {
    const first = (stream: string) => {
      const visits = village.visits(stream);
      return Array.from({ length: 5 }, () => visits.next().value);
    };
    expect(first('a')).toEqual(first('a'));
    expect(first('a')).not.toEqual(first('b'));
  });

  it('happens where there is a scale, however few there are', () => {
    const small = new Village(plan({ scales: [{ scaleId: 'only', pointId: 'school', materials: ['paper'] }] }));
    const visits = small.visits('a');
    for (let count = 0; count < 50; count += 1) {
      const { scaleId, weighings } = visits.next().value;
      expect(scaleId).toBe('only');
      expect(weighings.map(({ weighing }) => weighing.material)).toEqual(['paper']);
    }
  });
});
