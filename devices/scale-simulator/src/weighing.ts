import { type WeighingReportV1 } from '#protocol';

/** Something on the scale: what the indicator shows when the person presses "weigh". */
export interface Weighing {
  /** What the card reader read, null for a weighing without a card. */
  readonly card: string | null;
  readonly material: string;
  readonly grossGrams: number;
  readonly tareGrams: number;
  /** True by default. */
  readonly stable?: boolean;
  /** `measured` by default. */
  readonly entry?: 'measured' | 'manual';
}

/** What the scale itself adds: its claim of the time, and the identity it gives the weighing for ever. */
export interface Stamp {
  readonly weighingId: string;
  /** ISO 8601 UTC. */
  readonly weighedAt: string;
  readonly monotonicMs: number;
}

/** How the scale tells a weighing once its number is known. */
export function reportOf(weighing: Weighing, stamp: Stamp): (seq: number) => WeighingReportV1 {
  const { card, material, grossGrams, tareGrams, stable = true, entry = 'measured' } = weighing;
  return (seq) => ({
    seq,
    ...stamp,
    clock: 'ntp',
    card,
    material,
    grossGrams,
    tareGrams,
    stable,
    entry,
    alibiId: alibiId(seq),
    frame: entry === 'measured' ? indicatorFrame(grossGrams, stable) : null,
  });
}

/** Id in the indicator's approved storage: rewrite number and record number, as Dini Argeo indicators print it. */
function alibiId(seq: number): string {
  const RECORDS = 1_000_000;
  const rewrites = Math.floor(seq / RECORDS);
  return `${String(rewrites).padStart(5, '0')}-${String(seq % RECORDS).padStart(6, '0')}`;
}

/** The indicator's line for a gross weight, written from the integer: `ST,GS,    2.35,kg`. */
function indicatorFrame(grossGrams: number, stable: boolean): string {
  const decimals = grossGrams % 10 === 0 ? 2 : 3;
  const digits = String(grossGrams / 10 ** (3 - decimals)).padStart(decimals + 1, '0');
  const kilograms = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return `${stable ? 'ST' : 'US'},GS,${kilograms.padStart(8)},kg`;
}
