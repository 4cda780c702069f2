import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '#kernel';
import { readPublication, type SchemePublication } from './scheme-publication.js';

const DOCUMENT = {
  title: { ar: 'مكافآت', en: 'Rewards' },
  creditsPerKilogram: { plastic: '2.5', paper: '0.07' },
  earnsDespite: ['unsigned'],
  feeReductionPerCredit: '0.10',
  yearlyFee: '120.00',
  yearlyReductionMax: '60',
};

const PUBLICATION: SchemePublication = {
  schemeId: 'rewards',
  version: 1,
  effectiveFrom: '2026-01-01T00:00:00Z',
  scheme: DOCUMENT,
};

const SHEKELS = { currencyDecimals: 2, materials: new Set(['plastic', 'paper']) };

function faultsOf(publication: object, context = SHEKELS): readonly string[] {
  try {
    readPublication({ ...PUBLICATION, ...publication }, context);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error;
    return error.faults.map(({ field, code }) => `${field} ${code}`);
  }
}

function faultsOfDocument(changes: object, context = SHEKELS): readonly string[] {
  return faultsOf({ scheme: { ...DOCUMENT, ...changes } }, context);
}

describe('reading the publication of a scheme', () => {
  it('keeps the document as it is written and gives the instant its milliseconds', () => {
    expect(readPublication(PUBLICATION, SHEKELS)).toEqual({
      schemeId: 'rewards',
      version: 1,
      effectiveFrom: '2026-01-01T00:00:00.000Z',
      scheme: DOCUMENT,
    });
  });

  it('reads amounts with the decimals of the currency', () => {
    const fils = { yearlyFee: '12.500', yearlyReductionMax: '6.125' };
    expect(faultsOfDocument(fils, { ...SHEKELS, currencyDecimals: 3 })).toEqual([]);
    expect(faultsOfDocument(fils)).toEqual([
      'scheme.yearlyFee not-an-amount',
      'scheme.yearlyReductionMax not-an-amount',
    ]);
  });

  it.each<[string, object]>([
    ['title.ar wrong-length', { title: { ar: ' ', en: 'Rewards' } }],
    ['title.fr unknown-field', { title: { ...DOCUMENT.title, fr: 'Primes' } }],
    ['creditsPerKilogram.plastik unknown-material', { creditsPerKilogram: { plastik: '2.5' } }],
    ['creditsPerKilogram.plastic not-an-amount', { creditsPerKilogram: { plastic: '2.5001' } }],
    ['creditsPerKilogram.plastic not-an-amount', { creditsPerKilogram: { plastic: '-1' } }],
    ['creditsPerKilogram.plastic not-an-amount', { creditsPerKilogram: { plastic: '1000.001' } }],
    ['creditsPerKilogram.plastic not-text', { creditsPerKilogram: { plastic: 2.5 } }],
    ['earnsDespite.0 unknown-reason', { earnsDespite: ['unsinged'] }],
    ['earnsDespite named-twice', { earnsDespite: ['unsigned', 'unsigned'] }],
    ['feeReductionPerCredit not-an-amount', { feeReductionPerCredit: '0,10' }],
    ['yearlyFee required', { yearlyFee: undefined }],
    ['yearlyReductionMax more-than-the-fee', { yearlyReductionMax: '120.01' }],
    ['yearlyReductionMaximum unknown-field', { yearlyReductionMaximum: '60' }],
  ])('is refused because of %s', (fault, changes) => {
    expect(faultsOfDocument(changes)).toEqual([`scheme.${fault}`]);
  });

  it.each<[string, object]>([
    ['schemeId not-an-id', { schemeId: 'Rewards 2026' }],
    ['version out-of-range', { version: 0 }],
    ['effectiveFrom not-a-time', { effectiveFrom: '1 January' }],
    ['effectiveFrom not-a-time', { effectiveFrom: '2026-01-01T00:00:00+02:00' }],
    ['scheme required', { scheme: undefined }],
    ['scheme not-an-object', { scheme: 'rewards' }],
  ])('is refused because of %s', (fault, changes) => {
    expect(faultsOf(changes)).toEqual([fault]);
  });

  it('names every wrong field at once', () => {
    const wrong = { title: { en: 'Rewards' }, earnsDespite: ['x'], yearlyFee: 'free', note: 'x' };
    expect(faultsOf({ version: 1.5, scheme: { ...DOCUMENT, ...wrong } })).toEqual([
      'version out-of-range',
      'scheme.title.ar required',
      'scheme.earnsDespite.0 unknown-reason',
      'scheme.yearlyFee not-an-amount',
      'scheme.note unknown-field',
    ]);
  });
});
