import { describe, expect, it } from '@jest/globals';
import { type HouseholdWeighing } from '#api-client';
import { outcomeOf } from './outcome.js';
import { latestVisit } from './visit.js';

const weighing = (change: Partial<HouseholdWeighing>): HouseholdWeighing => ({
  weighingId: 'w',
  position: '1',
  pointId: 'square',
  material: 'glass',
  grossGrams: 2_350,
  tareGrams: 400,
  netGrams: 1_950,
  weighedAt: '2026-11-23T08:15:00.000Z',
  recordedAt: '2026-11-23T08:15:01.000Z',
  entry: 'measured',
  reasons: [],
  microCredits: '3900000',
  microCreditsPerGram: '2000',
  schemeVersion: 1,
  state: 'provisional',
  ...change,
});

describe('the latest visit', () => {
  it('is the bags that were weighed one after the other at one point', () => {
    const visit = latestVisit([
      weighing({ weighedAt: '2026-11-23T08:15:00.000Z' }),
      weighing({ weighedAt: '2026-11-23T08:05:00.000Z', netGrams: 50, microCredits: '100000' }),
      weighing({ weighedAt: '2026-11-22T08:05:00.000Z' }),
    ]);
    expect(visit).toMatchObject({ at: '2026-11-23T08:15:00.000Z', netGrams: 2_000, microCredits: 4_000_000n });
  });

  it('ends where another point begins', () => {
    const visit = latestVisit([weighing({}), weighing({ pointId: 'school' }), weighing({})]);
    expect(visit?.weighings).toHaveLength(1);
  });

  it('is none where nothing was weighed', () => {
    expect(latestVisit([])).toBeNull();
  });
});

describe('what became of a weighing', () => {
  it.each([
    ['earned', {}, { kind: 'earned', despite: [] }],
    ['earned in spite of a note', { reasons: ['unsigned'] }, { kind: 'earned', despite: ['unsigned'] }],
    ['refused', { microCredits: '0', reasons: ['unstable'] }, { kind: 'refused', reasons: ['unstable'] }],
    ['without a rate', { microCredits: '0', microCreditsPerGram: '0' }, { kind: 'no-rate' }],
    ['before any rules', { microCredits: '0', schemeVersion: null }, { kind: 'no-scheme' }],
  ] as const)('%s', (_, change, outcome) => {
    expect(outcomeOf(weighing(change as Partial<HouseholdWeighing>))).toEqual(outcome);
  });
});
