import { describe, expect, it } from '@jest/globals';
import { RewardConditions, type RewardCondition } from '../record-weighing/reward-conditions.js';
import { Rewardability, type JudgedWeighing } from './rewardability.js';

class FixedConditions extends RewardConditions {
  readonly asked: (readonly string[])[] = [];

  ofMunicipalities(municipalityIds: readonly string[]): Promise<readonly RewardCondition[]> {
    this.asked.push(municipalityIds);
    return Promise.resolve([
      { municipalityId: 'beitillu', effectiveFrom: '2026-01-01T00:00:00.000Z', earnsDespite: ['unsigned'] },
      { municipalityId: 'beitillu', effectiveFrom: '2026-07-01T00:00:00.000Z', earnsDespite: ['manual-entry'] },
      { municipalityId: 'ramallah', effectiveFrom: '2026-01-01T00:00:00.000Z', earnsDespite: [] },
    ]);
  }
}

function weighing(reasons: readonly string[], weighedAt = '2026-03-02T08:15:30Z', municipalityId = 'beitillu') {
  return { municipalityId, weighedAtMs: Date.parse(weighedAt), reasons } satisfies JudgedWeighing;
}

describe('whether a weighing earns', () => {
  it.each([
    ['nothing speaks against it', weighing([]), true],
    ['nothing speaks against it, before there was a scheme', weighing([], '2025-01-01T00:00:00Z'), true],
    ['the scheme forgives the only reason', weighing(['unsigned']), true],
    ['it does not forgive one of them', weighing(['unsigned', 'unstable']), false],
    ['the version in force then did not forgive it', weighing(['manual-entry']), false],
    ['the version in force then forgave it', weighing(['manual-entry'], '2026-07-01T00:00:00Z'), true],
    ['there was no scheme yet to forgive it', weighing(['unsigned'], '2025-12-31T23:59:59Z'), false],
    ['only another municipality forgives it', weighing(['unsigned'], undefined, 'ramallah'), false],
  ])('%s', async (_, judged, rewardable) => {
    expect(await new Rewardability(new FixedConditions()).of([judged])).toEqual([rewardable]);
  });

  it('asks for the schemes of a page at once, and not at all where nothing is doubtful', async () => {
    const conditions = new FixedConditions();
    const rewardability = new Rewardability(conditions);
    await rewardability.of([weighing([]), weighing([])]);
    expect(conditions.asked).toEqual([]);
    await rewardability.of([weighing(['unsigned']), weighing(['unstable']), weighing(['x'], undefined, 'ramallah')]);
    expect(conditions.asked).toEqual([['beitillu', 'ramallah']]);
  });
});
