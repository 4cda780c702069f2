import { describe, expect, it } from '@jest/globals';
import { validate } from 'uuid';
import { ROLES } from '#identity';
import { ACCOUNTS, DEMO_CARD, HOUSEHOLDS, MATERIALS, POINTS, SCHEME, UNSIGNED_SCALE } from './demo-village.js';

const materials = MATERIALS.map(({ material }) => material);

describe('the village of the demo', () => {
  it('has a hundred households, some of them shops, each an id of its own that stays', () => {
    const ids = HOUSEHOLDS.map(({ householdId }) => householdId);
    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => validate(id))).toBe(true);
    expect(ids[0]).toBe('019b76da-a800-7000-8000-0075ac77da1b');
    expect(HOUSEHOLDS.filter(({ kind }) => kind === 'shop')).toHaveLength(12);
    expect(HOUSEHOLDS.every(({ kind, persons }) => (kind === 'shop' ? persons === 0 : persons > 0))).toBe(true);
  });

  it('gives every household a name and one or two cards, and no card twice', () => {
    const cards = HOUSEHOLDS.flatMap((household) => household.cards);
    expect(new Set(cards).size).toBe(cards.length);
    expect(HOUSEHOLDS.every((household) => [1, 2].includes(household.cards.length))).toBe(true);
    expect(HOUSEHOLDS.filter(({ name }) => name.trim().split(' ').length < 2)).toEqual([]);
    expect(HOUSEHOLDS[0]?.cards).toContain(DEMO_CARD);
  });

  it('weighs at points that take materials it collects, by hand at one that takes all of them', () => {
    for (const point of POINTS) expect(materials).toEqual(expect.arrayContaining([...point.materials]));
    const byHand = POINTS.find(({ pointId }) => pointId === UNSIGNED_SCALE.pointId);
    expect(byHand?.materials).toEqual(materials);
  });

  it('rewards what it collects, also on the scale that is there to be tried', () => {
    expect(Object.keys(SCHEME.creditsPerKilogram).sort()).toEqual([...materials].sort());
    expect(SCHEME.earnsDespite).toEqual(['unsigned']);
  });

  it('can be entered in every role', () => {
    expect(ACCOUNTS.map(({ role }) => role).sort()).toEqual([...ROLES].sort());
  });
});
