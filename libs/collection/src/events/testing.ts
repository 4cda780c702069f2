import { type SampleEvent } from '#subscriptions/testing';
import { type MunicipalityEstablished, type ReportQuarantined, type WasteWeighed } from './index.js';

/** Facts about Beitillu as examples, for the tests of whoever listens to them. */

export function established(
  changes: Partial<MunicipalityEstablished['data']> = {},
): SampleEvent<MunicipalityEstablished> {
  const data = {
    municipalityId: 'beitillu',
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
    ...changes,
  };
  return { type: 'MunicipalityEstablished', data, municipalityId: data.municipalityId };
}

/** The id of the nth weighing. */
export function weighingId(number: number): string {
  return `01931d5e-7c1a-7cc3-9d6e-${String(number).padStart(12, '0')}`;
}

export const HOUSEHOLD = '01931d5e-0000-7000-8000-000000000001';
export const NEIGHBOUR = '01931d5e-0000-7000-8000-000000000002';

/** By default 1,950 g of plastic, brought to the school by the household in the morning of 2 March. */
export function weighed(
  number: number,
  changes: Partial<WasteWeighed['data']> = {},
  municipalityId = 'beitillu',
): SampleEvent<WasteWeighed> {
  const netGrams = changes.netGrams ?? 1_950;
  return {
    type: 'WasteWeighed',
    municipalityId,
    data: {
      weighingId: weighingId(number),
      scaleId: 'beitillu-01',
      seq: number,
      pointId: 'school',
      householdId: HOUSEHOLD,
      cardHash: 'card',
      material: 'plastic',
      grossGrams: netGrams + 400,
      tareGrams: 400,
      netGrams,
      entry: 'measured',
      reasons: [],
      alibiId: null,
      frame: null,
      weighedAt: '2026-03-02T08:15:30.120Z',
      clock: 'ntp',
      receivedAt: '2026-03-02T08:15:30.400Z',
      messageHash: 'hash',
      ...changes,
    },
  };
}

export function quarantined(
  number: number,
  changes: Partial<ReportQuarantined['data']> = {},
  municipalityId = 'beitillu',
): SampleEvent<ReportQuarantined> {
  return {
    type: 'ReportQuarantined',
    municipalityId,
    data: {
      quarantineId: `quarantine-${number}`,
      scaleId: 'beitillu-01',
      seq: number,
      weighingId: weighingId(number),
      reasons: ['content-differs'],
      details: [],
      topic: 'mizan/v1/scales/beitillu-01/weighings',
      receivedAt: '2026-03-02T08:15:30.400Z',
      messageHash: 'hash',
      ...changes,
    },
  };
}
