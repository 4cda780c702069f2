import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { specificationOf } from '#kernel/testing';
import { REASONS } from '#protocol';
import { type WasteWeighed } from '../events/weighing.events.js';
import {
  weighingDecider,
  type RecordWeighing,
  type ReportedWeighing,
  type ScaleAtWeighing,
} from './weighing.decider.js';
import { ImplausibleReport } from './weighing.errors.js';

const weighing = specificationOf(weighingDecider);

const REPORT: ReportedWeighing = {
  seq: 4711,
  weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
  weighedAt: '2026-11-23T08:15:30.120Z',
  clock: 'ntp',
  material: 'plastic',
  grossGrams: 2_350,
  tareGrams: 400,
  stable: true,
  entry: 'measured',
  alibiId: '00012-004711',
  frame: 'ST,GS,    2.35,kg',
};

const SCALE: ScaleAtWeighing = {
  scaleId: 'beitillu-01',
  pointId: 'school',
  signed: true,
  capacityGrams: 60_000,
  minimumGrams: 400,
  verifiedUntil: '2027-12-31T23:59:59.000Z',
};

interface Change {
  readonly report?: Partial<ReportedWeighing>;
  readonly scale?: Partial<ScaleAtWeighing>;
  readonly command?: Partial<RecordWeighing>;
}

const recording = ({ report, scale, command }: Change = {}): RecordWeighing => ({
  type: 'RecordWeighing',
  report: { ...REPORT, ...report },
  scale: { ...SCALE, ...scale },
  card: { cardHash: 'card-hash', householdId: 'household-1' },
  materialListed: true,
  receivedAt: '2026-11-23T08:15:30.410Z',
  messageHash: 'message-hash',
  ...command,
});

const weighed = (data: Partial<WasteWeighed['data']> = {}): WasteWeighed => ({
  type: 'WasteWeighed',
  data: {
    weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    scaleId: 'beitillu-01',
    seq: 4711,
    pointId: 'school',
    householdId: 'household-1',
    cardHash: 'card-hash',
    material: 'plastic',
    grossGrams: 2_350,
    tareGrams: 400,
    netGrams: 1_950,
    entry: 'measured',
    reasons: [],
    alibiId: '00012-004711',
    frame: 'ST,GS,    2.35,kg',
    weighedAt: '2026-11-23T08:15:30.120Z',
    clock: 'ntp',
    receivedAt: '2026-11-23T08:15:30.410Z',
    messageHash: 'message-hash',
    ...data,
  },
});

describe('recording a weighing', () => {
  it('records the net weight and whose it was', () => {
    weighing.given().when(recording()).then(weighed());
  });

  it('changes nothing the second time', () => {
    weighing.given(weighed()).when(recording()).thenNothing();
  });

  it('records waste without a card, which speaks against nothing', () => {
    weighing
      .given()
      .when(recording({ command: { card: null } }))
      .then(weighed({ householdId: null, cardHash: null }));
  });

  it('keeps the hash of a card that nobody has registered', () => {
    weighing
      .given()
      .when(recording({ command: { card: { cardHash: 'stranger', householdId: null } } }))
      .then(weighed({ householdId: null, cardHash: 'stranger', reasons: ['unknown-card'] }));
  });

  it('records an empty container', () => {
    weighing
      .given()
      .when(recording({ report: { grossGrams: 400, tareGrams: 400 } }))
      .then(weighed({ grossGrams: 400, tareGrams: 400, netGrams: 0 }));
  });
});

describe('a weighing that may not earn', () => {
  it.each<[string, Change, Partial<WasteWeighed['data']>]>([
    ['unsigned', { scale: { signed: false } }, {}],
    ['verification-expired', { scale: { verifiedUntil: '2026-11-23T08:15:30.119Z' } }, {}],
    ['unstable', { report: { stable: false } }, {}],
    ['manual-entry', { report: { entry: 'manual' } }, { entry: 'manual' }],
    ['below-minimum', { scale: { minimumGrams: 2_351 } }, {}],
    ['over-capacity', { scale: { capacityGrams: 2_349 } }, {}],
    ['unknown-material', { command: { materialListed: false } }, {}],
    ['unknown-card', { command: { card: { cardHash: 'card-hash', householdId: null } } }, { householdId: null }],
  ])('is recorded all the same, and carries the reason %s', (reason, change, data) => {
    weighing
      .given()
      .when(recording(change))
      .then(weighed({ ...data, reasons: [reason] }));
    expect(REASONS).toContain(reason);
  });

  it('carries every reason there is', () => {
    const change: Change = {
      report: { stable: false, entry: 'manual', grossGrams: 100, tareGrams: 0 },
      scale: { signed: false, verifiedUntil: '2020-01-01T00:00:00.000Z' },
      command: { materialListed: false, card: { cardHash: 'stranger', householdId: null } },
    };
    weighing
      .given()
      .when(recording(change))
      .then(
        weighed({
          grossGrams: 100,
          tareGrams: 0,
          netGrams: 100,
          entry: 'manual',
          householdId: null,
          cardHash: 'stranger',
          reasons: [
            'unsigned',
            'verification-expired',
            'unstable',
            'manual-entry',
            'below-minimum',
            'unknown-material',
            'unknown-card',
          ],
        }),
      );
  });

  it.each<[string, Change]>([
    ['at Min', { scale: { minimumGrams: 2_350 } }],
    ['at Max', { scale: { capacityGrams: 2_350 } }],
    ['in the last instant of the verification', { scale: { verifiedUntil: REPORT.weighedAt } }],
  ])('is not one %s', (_, change) => {
    weighing.given().when(recording(change)).then(weighed());
  });
});

describe('a report that cannot be what happened', () => {
  const refusedFor = (change: Change) => {
    try {
      weighingDecider.decide(recording(change), weighingDecider.initialState);
      return [];
    } catch (error) {
      if (error instanceof ImplausibleReport) return error.reasons;
      throw error;
    }
  };

  it.each<[string, Change]>([
    ['tare-exceeds-gross', { report: { grossGrams: 399 } }],
    ['clock-implausible', { report: { weighedAt: '2026-11-24T08:15:30.411Z' } }],
    ['clock-implausible', { report: { weighedAt: '2025-10-19T08:15:30.409Z' } }],
    ['clock-implausible', { report: { weighedAt: '1970-01-01T00:00:00.000Z' } }],
  ])('is refused for %s', (reason, change) => {
    weighing.given().when(recording(change)).thenRefused(ImplausibleReport);
    expect(refusedFor(change)).toEqual([reason]);
    expect(REASONS).toContain(reason);
  });

  it('is refused for every reason there is', () => {
    const both = { report: { grossGrams: 0, weighedAt: '2030-01-01T00:00:00.000Z' } };
    expect(refusedFor(both)).toEqual(['tare-exceeds-gross', 'clock-implausible']);
  });

  it.each(['2026-11-24T08:15:30.410Z', '2025-10-19T08:15:30.410Z'])('is not one that says %s', (weighedAt) => {
    weighing
      .given()
      .when(recording({ report: { weighedAt } }))
      .then(weighed({ weighedAt }));
  });
});

describe('net', () => {
  it('is gross less tare and never negative, whatever the numbers', () => {
    const grams = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(grams, grams, (grossGrams, tareGrams) => {
        fc.pre(grossGrams >= tareGrams);
        const command = recording({ report: { grossGrams, tareGrams } });
        const [event] = weighingDecider.decide(command, weighingDecider.initialState);
        expect(event?.data.netGrams).toBe(grossGrams - tareGrams);
        expect(event?.data.netGrams).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
