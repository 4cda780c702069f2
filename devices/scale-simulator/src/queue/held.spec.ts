import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageHash } from '#protocol';
import { type StoredReport } from '../message.js';
import { contentOf } from '../testing.js';
import { reportOf } from '../weighing.js';
import { afterCommit, afterReceipt, nextCommit, nothingHeld, reportsIn, type Held } from './held.js';

const writer = { scaleId: 'beitillu-01', key: null, reportsPerMessageMax: 3 };
const BOOT = '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10';

function stored(from: number, count: number): StoredReport[] {
  return Array.from({ length: count }, (_, index) => {
    const weighing = { card: 'A1', material: 'glass', grossGrams: 2_000, tareGrams: 0 };
    const stamp = {
      weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
      weighedAt: '2026-11-23T08:15:30.120Z',
      monotonicMs: 0,
    };
    return { bootId: BOOT, report: reportOf(weighing, stamp)(from + index) };
  });
}

/** Every number that is held: in messages, then as reports. */
function seqsIn({ messages, reports }: Held): number[] {
  const sealed = messages.flatMap(({ firstSeq, lastSeq }) =>
    Array.from({ length: lastSeq - firstSeq + 1 }, (_, index) => firstSeq + index),
  );
  return [...sealed, ...reports.map(({ report }) => report.seq)];
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('weigh' as const), count: fc.nat(5), room: fc.nat(3) }),
  fc.record({ kind: fc.constant('receipt' as const), ahead: fc.integer({ min: -4, max: 12 }) }),
);

describe('what the queue holds', () => {
  it('is exactly what no receipt covers, numbered without a gap, however weighings and receipts follow', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let held = nothingHeld(1);
        for (const one of steps) {
          if (one.kind === 'weigh') {
            held = afterCommit(held, nextCommit(held, stored(held.nextSeq, one.count), { writer, room: one.room }));
          } else {
            // A receipt can cover what was sent, and what was sent is sealed.
            const sealed = held.messages.at(-1)?.lastSeq ?? held.ackedSeq ?? 0;
            const ackedSeq = Math.min(sealed, (held.ackedSeq ?? 0) + one.ahead);
            if (ackedSeq > 0) held = afterReceipt(held, ackedSeq);
          }
          const first = seqsIn(held)[0] ?? held.nextSeq;
          expect(seqsIn(held)).toEqual(Array.from({ length: held.nextSeq - first }, (_, index) => first + index));
          expect(first).toBeLessThanOrEqual((held.ackedSeq ?? 0) + 1);
          expect(held.messages.every(({ lastSeq }) => lastSeq > (held.ackedSeq ?? 0))).toBe(true);
          expect(reportsIn(held)).toBe(seqsIn(held).length);
        }
      }),
    );
  });

  it('chains each message to the one before it', () => {
    const commit = nextCommit(nothingHeld(1), stored(1, 7), { writer, room: 9 });
    const texts = commit.messages.map(({ text }) => text);
    expect(texts.map((text) => contentOf(text).previous)).toEqual([
      null,
      messageHash(Buffer.from(texts[0] ?? '')),
      messageHash(Buffer.from(texts[1] ?? '')),
    ]);
    expect(commit.previous).toBe(messageHash(Buffer.from(texts[2] ?? '')));
  });

  it('keeps a message of which a receipt covers only a part', () => {
    const held = afterCommit(nothingHeld(1), nextCommit(nothingHeld(1), stored(1, 3), { writer, room: 1 }));
    expect(afterReceipt(held, 2).messages).toHaveLength(1);
    expect(afterReceipt(held, 3).messages).toHaveLength(0);
  });

  it('is not changed by a receipt that comes late', () => {
    const held = afterCommit(nothingHeld(1), nextCommit(nothingHeld(1), stored(1, 6), { writer, room: 2 }));
    const later = afterReceipt(held, 6);
    expect(afterReceipt(later, 3)).toBe(later);
    expect(afterReceipt(later, null)).toBe(later);
  });
});
