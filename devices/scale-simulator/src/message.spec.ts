import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PAYLOAD_BYTES_MAX, readWeighingReports, verifyMessage } from '#protocol';
import { fittingReports, sealMessage, type StoredReport } from './message.js';
import { reportOf } from './weighing.js';

const BOOT = '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10';
const OTHER_BOOT = '1f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c11';
const pair = generateKeyPairSync('ed25519');
const key = { kid: 'scale-key', privateKey: pair.privateKey };
const signed = { scaleId: 'beitillu-01', key, reportsPerMessageMax: 100 };
const unsigned = { ...signed, key: null };

function stored(seq: number, bootId = BOOT, card = '04A1B2C3D4E5F6'): StoredReport {
  const weighing = { card, material: 'plastic', grossGrams: 2_350, tareGrams: 400 };
  const stamp = {
    weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    weighedAt: '2026-11-23T08:15:30.120Z',
    monotonicMs: 82_311,
  };
  return { bootId, report: reportOf(weighing, stamp)(seq) };
}

describe('a message', () => {
  it('says what the contract gives as its example', () => {
    const { text } = sealMessage(unsigned, [stored(4711)], null);
    expect(JSON.parse(text)).toEqual({
      schema: 'mizan/weighing-reports/1',
      scaleId: 'beitillu-01',
      bootId: BOOT,
      previous: null,
      reports: [
        {
          seq: 4711,
          weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
          weighedAt: '2026-11-23T08:15:30.120Z',
          clock: 'ntp',
          monotonicMs: 82311,
          card: '04A1B2C3D4E5F6',
          material: 'plastic',
          grossGrams: 2350,
          tareGrams: 400,
          stable: true,
          entry: 'measured',
          alibiId: '00000-004711',
          frame: 'ST,GS,    2.35,kg',
        },
      ],
    });
  });

  it('is signed with the key of the scale', () => {
    const { text } = sealMessage(signed, [stored(1), stored(2)], 'hash-of-the-one-before');
    const opened = verifyMessage(Buffer.from(text), { kid: 'scale-key', publicKey: pair.publicKey });
    const read = opened.verified ? readWeighingReports(opened.payload) : undefined;
    expect(read).toMatchObject({ readable: true, previous: 'hash-of-the-one-before' });
  });

  it('holds no more reports than it may', () => {
    const many = Array.from({ length: 150 }, (_, index) => stored(index + 1));
    expect(fittingReports(signed, many)).toBe(100);
    expect(fittingReports({ ...signed, reportsPerMessageMax: 7 }, many)).toBe(7);
    expect(fittingReports(signed, [])).toBe(0);
  });

  it('holds reports of one boot', () => {
    expect(fittingReports(signed, [stored(1), stored(2), stored(3, OTHER_BOOT)])).toBe(2);
  });

  it('stays within the size that the protocol allows, in bytes and not in letters', () => {
    const wide = Array.from({ length: 100 }, (_, index) => stored(index + 1, BOOT, 'ب'.repeat(128).slice(0, 128)));
    const wider = wide.map(({ bootId, report }) => ({ bootId, report: { ...report, frame: 'ب'.repeat(256) } }));
    const count = fittingReports(unsigned, wider);
    expect(count).toBeLessThan(100);
    expect(Buffer.byteLength(sealMessage(unsigned, wider.slice(0, count), null).text)).toBeLessThan(PAYLOAD_BYTES_MAX);
    expect(Buffer.byteLength(JSON.stringify(wider[0]?.report)) * (count + 1)).toBeGreaterThan(PAYLOAD_BYTES_MAX * 0.97);
  });
});

describe('the line of the indicator', () => {
  it.each([
    [2_350, true, 'ST,GS,    2.35,kg'],
    [20, true, 'ST,GS,    0.02,kg'],
    [0, true, 'ST,GS,    0.00,kg'],
    [12_345, false, 'US,GS,  12.345,kg'],
    [5, true, 'ST,GS,   0.005,kg'],
    [100_000, true, 'ST,GS,  100.00,kg'],
  ])('shows %i g (stable: %s) as "%s"', (grossGrams, stable, frame) => {
    const weighing = { card: null, material: 'glass', grossGrams, tareGrams: 0, stable };
    expect(reportOf(weighing, { weighingId: '', weighedAt: '', monotonicMs: 0 })(1).frame).toBe(frame);
  });

  it('is not there for a weight that a person wrote down', () => {
    const weighing = { card: null, material: 'glass', grossGrams: 1_000, tareGrams: 0, entry: 'manual' } as const;
    expect(reportOf(weighing, { weighingId: '', weighedAt: '', monotonicMs: 0 })(1).frame).toBeNull();
  });
});
