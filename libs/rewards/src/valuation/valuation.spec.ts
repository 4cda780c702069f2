import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RewardScheme } from '../events/index.js';
import { TariffHistory } from './tariff-history.js';
import { tariffOf } from './tariff.js';
import { earns, feeReductionMinor, type Load, valueOf } from './valuation.js';

const SCHEME: RewardScheme = {
  title: { ar: 'مكافآت', en: 'Rewards' },
  creditsPerKilogram: { plastic: '2.5', paper: '0.07', glass: '0.001', organic: '0' },
  earnsDespite: ['unsigned'],
  feeReductionPerCredit: '0.10',
  yearlyFee: '120.00',
  yearlyReductionMax: '60.00',
};

function tariff(scheme: Partial<RewardScheme> = {}, version = 1, effectiveFrom = '2026-01-01T00:00:00.000Z') {
  return tariffOf({ schemeId: 'scheme-1', version, effectiveFrom, scheme: { ...SCHEME, ...scheme } }, 2);
}

function load(over: Partial<Load> = {}): Load {
  return { material: 'plastic', netGrams: 1_950, reasons: [], ...over };
}

function earned(loads: readonly Load[]): bigint {
  return loads.reduce((sum, each) => sum + valueOf(each, tariff()).microCredits, 0n);
}

describe('what a load earns', () => {
  it.each([
    ['1,950 g of plastic at 2.5 credits a kilogram: 4.875 credits', load(), 4_875_000n],
    ['1 g of paper at 0.07: 0.00007 credits', load({ material: 'paper', netGrams: 1 }), 70n],
    ['1 g of glass at the finest rate: one micro-credit', load({ material: 'glass', netGrams: 1 }), 1n],
    ['a material with the rate 0', load({ material: 'organic' }), 0n],
    ['a material the scheme does not name', load({ material: 'textiles' }), 0n],
    ['an empty load', load({ netGrams: 0 }), 0n],
    ['a reason that the scheme forgives', load({ reasons: ['unsigned'] }), 4_875_000n],
    ['a reason that it does not forgive', load({ reasons: ['unsigned', 'unstable'] }), 0n],
  ])('%s', (_, weighed, microCredits) => {
    expect(valueOf(weighed, tariff()).microCredits).toBe(microCredits);
  });

  it('names the version and the rate even where a reason prevents the reward', () => {
    expect(valueOf(load({ reasons: ['unstable'] }), tariff({}, 3))).toEqual({
      schemeVersion: 3,
      microCreditsPerGram: 2_500n,
      microCredits: 0n,
    });
  });

  it('is nothing, under no version, before the first scheme', () => {
    expect(valueOf(load(), undefined)).toEqual({ schemeVersion: null, microCreditsPerGram: 0n, microCredits: 0n });
  });

  it('earns without reasons, and despite reasons only if each is forgiven', () => {
    expect(earns([], tariff({ earnsDespite: [] }))).toBe(true);
    expect(earns(['unsigned'], tariff({ earnsDespite: [] }))).toBe(false);
    expect(earns(['unsigned', 'manual-entry'], tariff())).toBe(false);
  });
});

const anyLoad = fc.record({
  material: fc.constantFrom('plastic', 'paper', 'glass', 'organic', 'textiles'),
  netGrams: fc.integer({ min: 0, max: 1_000_000 }),
  reasons: fc.subarray(['unsigned', 'unstable', 'manual-entry']),
});

describe('many loads', () => {
  it('earn the same however a load is split', () => {
    fc.assert(
      fc.property(anyLoad, fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 9 }), (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => cut % (whole.netGrams + 1)), whole.netGrams].sort((a, b) => a - b);
        const parts = edges.slice(1).map((edge, i) => ({ ...whole, netGrams: edge - (edges[i] ?? 0) }));
        expect(earned(parts)).toBe(earned([whole]));
      }),
    );
  });

  it('earn the same in any order, and the same when they are added up again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyLoad, fc.nat())), (keyed) => {
        const shuffled = [...keyed].sort(([, a], [, b]) => a - b);
        const total = earned(keyed.map(([each]) => each));
        expect(earned(shuffled.map(([each]) => each))).toBe(total);
        expect(earned(keyed.map(([each]) => each))).toBe(total);
      }),
    );
  });
});

describe('the reduction of the fee', () => {
  it.each([
    ['nothing for nothing', {}, 0n, 0n],
    ['10 agorot a credit: 4.875 credits take off 48 agorot, rounded down', {}, 4_875_000n, 48n],
    ['the last micro-credit below the next agora', {}, 99_999n, 0n],
    ['the first one that reaches it', {}, 100_000n, 1n],
    ['the highest reduction exactly', {}, 600_000_000n, 6_000n],
    ['no more than the highest reduction', {}, 600_100_000n, 6_000n],
    ['a third of an agora each, as near as six places say it', { feeReductionPerCredit: '0.003333' }, 3_000_000n, 0n],
    ['a highest reduction of nothing', { yearlyReductionMax: '0' }, 5_000_000_000n, 0n],
  ])('%s', (_, scheme, microCredits, reductionMinor) => {
    expect(feeReductionMinor(microCredits, tariff(scheme))).toBe(reductionMinor);
  });

  it('counts in the minor unit of a currency with three decimals', () => {
    const dinars = { ...SCHEME, feeReductionPerCredit: '0.015', yearlyReductionMax: '9.500' };
    const jod = tariffOf({ schemeId: 's', version: 1, effectiveFrom: '2026-01-01T00:00:00Z', scheme: dinars }, 3);
    expect(feeReductionMinor(100_000_000n, jod)).toBe(1_500n);
    expect(feeReductionMinor(10_000_000_000n, jod)).toBe(9_500n);
  });

  it('never passes the cap, never falls with more credits, and never exceeds the exact value', () => {
    const credits = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(credits, credits, fc.integer({ min: 0, max: 999_999 }), (one, more, millionths) => {
        const feeReductionPerCredit = `0.${String(millionths).padStart(6, '0')}`;
        const under = tariff({ feeReductionPerCredit });
        const reduction = feeReductionMinor(one, under);
        expect(reduction).toBeLessThanOrEqual(under.reductionMaxMinor);
        expect(feeReductionMinor(one + more, under)).toBeGreaterThanOrEqual(reduction);
        expect(reduction * 10n ** 12n).toBeLessThanOrEqual(one * BigInt(millionths) * 100n);
      }),
    );
  });
});

describe('the version in force', () => {
  const history = new TariffHistory([
    tariff({}, 1, '2026-01-01T00:00:00.000Z'),
    tariff({}, 2, '2026-07-01T00:00:00.000Z'),
  ]);

  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00.000Z', 1],
    ['2026-06-30T23:59:59.999Z', 1],
    ['2026-07-01T00:00:00Z', 2],
    ['2027-01-01T00:00:00Z', 2],
  ])('at %s is %s', (instant, version) => {
    expect(history.inForceAt(Date.parse(instant))?.version).toBe(version);
  });

  it('is a later, retroactive version wherever that one reaches', () => {
    const retroactive = new TariffHistory([
      tariff({}, 3, '2026-03-01T00:00:00.000Z'),
      tariff({}, 1, '2026-01-01T00:00:00.000Z'),
      tariff({}, 2, '2026-07-01T00:00:00.000Z'),
    ]);
    expect(retroactive.inForceAt(Date.parse('2026-02-28T00:00:00Z'))?.version).toBe(1);
    expect(retroactive.inForceAt(Date.parse('2026-03-01T00:00:00Z'))?.version).toBe(3);
    expect(retroactive.inForceAt(Date.parse('2026-08-01T00:00:00Z'))?.version).toBe(3);
  });
});

describe('reading a scheme as arithmetic', () => {
  it('keeps what a credit is worth as an exact fraction in lowest terms', () => {
    expect(tariff({ feeReductionPerCredit: '0.10' }).reductionMinorPerCredit).toEqual({
      numerator: 10n,
      denominator: 1n,
    });
    expect(tariff({ feeReductionPerCredit: '0.0025' }).reductionMinorPerCredit).toEqual({
      numerator: 1n,
      denominator: 4n,
    });
    expect(tariff({ feeReductionPerCredit: '0' }).reductionMinorPerCredit).toEqual({ numerator: 0n, denominator: 1n });
  });

  it('refuses an amount that the currency cannot say', () => {
    expect(() => tariff({ yearlyFee: '120.005' })).toThrow(RangeError);
  });
});
