import { describe, expect, it } from '@jest/globals';
import { type ScaleState } from '#api-client';
import { missingReports, scalesInNeed, verificationOf } from './verification.js';

const NOW = Date.parse('2026-11-23T08:00:00.000Z');
const scale = (change: Partial<ScaleState>): ScaleState => ({
  scaleId: 'beitillu-01',
  pointId: 'square',
  trust: 'signed',
  verifiedUntil: '2028-01-01T00:00:00.000Z',
  ackedSeq: '4711',
  missing: [],
  lastSeenAt: null,
  status: 'online',
  ...change,
});

describe('a scale’s verification', () => {
  it.each([
    ['2026-11-23T08:00:00.000Z', 'expired'],
    ['2026-12-23T08:00:00.000Z', 'ends-soon'],
    ['2026-12-24T08:00:00.000Z', 'valid'],
  ] as const)('until %s is %s', (verifiedUntil, verification) => {
    expect(verificationOf({ verifiedUntil }, NOW)).toBe(verification);
  });
});

describe('scales in need', () => {
  it('are those with a deadline, a gap or silence, the earliest deadline first', () => {
    const needy = scalesInNeed(
      [
        scale({ scaleId: 'well' }),
        scale({ scaleId: 'gap', missing: [{ from: '4', to: '6' }] }),
        scale({ scaleId: 'silent', status: 'offline', verifiedUntil: '2027-06-01T00:00:00.000Z' }),
        scale({ scaleId: 'expired', verifiedUntil: '2026-01-01T00:00:00.000Z' }),
      ],
      NOW,
    );
    expect(needy.map(({ scaleId }) => scaleId)).toEqual(['expired', 'silent', 'gap']);
  });

  it('miss as many reports as their gaps are long', () => {
    expect(
      missingReports({
        missing: [
          { from: '4', to: '6' },
          { from: '9', to: '9' },
        ],
      }),
    ).toBe(4n);
  });
});
