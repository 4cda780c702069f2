import { describe, it } from '@jest/globals';
import { specificationOf } from '#kernel/testing';
import { type SchemePublished } from '../events/index.js';
import { schemeDecider, type PublishScheme } from './scheme.decider.js';
import { AnotherSchemeInForce, SchemeVersionConflict } from './scheme.errors.js';

const scheme = specificationOf(schemeDecider);

const FIRST: SchemePublished['data'] = {
  municipalityId: 'beitillu',
  schemeId: 'rewards',
  version: 1,
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  scheme: {
    title: { ar: 'مكافآت', en: 'Rewards' },
    creditsPerKilogram: { plastic: '2.5' },
    earnsDespite: [],
    feeReductionPerCredit: '0.10',
    yearlyFee: '120',
    yearlyReductionMax: '60',
  },
};

function publishing(changes: Partial<PublishScheme> = {}): PublishScheme {
  return { type: 'PublishScheme', ...FIRST, ...changes };
}

function published(changes: Partial<SchemePublished['data']> = {}): SchemePublished {
  return { type: 'SchemePublished', data: { ...FIRST, ...changes } };
}

describe('publishing a scheme', () => {
  it('remembers its first version', () => {
    scheme.given().when(publishing()).then(published());
  });

  it('remembers the version after the newest one, with what it changes', () => {
    const second = { version: 2, scheme: { ...FIRST.scheme, creditsPerKilogram: { plastic: '3' } } };
    scheme.given(published()).when(publishing(second)).then(published(second));
  });

  it('may take effect before the version that it follows: a retroactive decision', () => {
    const second = { version: 2, effectiveFrom: '2025-07-01T00:00:00.000Z' };
    scheme.given(published()).when(publishing(second)).then(published(second));
  });

  it('changes nothing when the newest version is published again', () => {
    scheme.given(published()).when(publishing()).thenNothing();
  });

  it.each([
    ['a version that is published with other content', { version: 2, effectiveFrom: '2027-01-01T00:00:00.000Z' }],
    ['an older version', { version: 1 }],
    ['a version that leaves one out', { version: 4 }],
  ])('refuses %s', (_, changes) => {
    scheme
      .given(published(), published({ version: 2 }))
      .when(publishing(changes))
      .thenRefused(SchemeVersionConflict);
  });

  it('refuses to begin with another version than the first', () => {
    scheme
      .given()
      .when(publishing({ version: 2 }))
      .thenRefused(SchemeVersionConflict);
  });

  it('refuses a second scheme beside the first', () => {
    scheme
      .given(published())
      .when(publishing({ schemeId: 'other', version: 2 }))
      .thenRefused(AnotherSchemeInForce);
  });
});
