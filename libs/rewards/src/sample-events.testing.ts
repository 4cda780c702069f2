import { type SampleEvent } from '#subscriptions/testing';
import { type RewardScheme, type SchemePublished } from './events/index.js';

export const SCHEME: RewardScheme = {
  title: { ar: 'مكافآت', en: 'Rewards' },
  creditsPerKilogram: { plastic: '2.5', paper: '0.07' },
  earnsDespite: ['unsigned'],
  feeReductionPerCredit: '0.10',
  yearlyFee: '120.00',
  yearlyReductionMax: '60.00',
};

/** By default the first version for Beitillu, from the beginning of 2026 on. */
export function published(
  changes: Partial<Omit<SchemePublished['data'], 'scheme'>> = {},
  scheme: Partial<RewardScheme> = {},
): SampleEvent<SchemePublished> {
  const data = {
    municipalityId: 'beitillu',
    schemeId: 'rewards',
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    ...changes,
    scheme: { ...SCHEME, ...scheme },
  };
  return { type: 'SchemePublished', data, municipalityId: data.municipalityId };
}
