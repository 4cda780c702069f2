import { type Stock } from '#api-client';
import { type Order, type StockSort } from '../shell/choices.js';

/** Names are sorted as they are read, in the reader's language. */
export interface StockNames {
  readonly material: (code: string) => string;
  readonly point: (pointId: string) => string;
  readonly compare: (one: string, other: string) => number;
}

/** Stocks in the order that was asked for; equals keep their material and point order, so that rows do not jump. */
export function inOrder(stocks: readonly Stock[], by: StockSort, order: Order, names: StockNames): readonly Stock[] {
  const sign = order === 'asc' ? 1 : -1;
  return [...stocks].sort(
    (one, other) =>
      sign * compareBy(one, other, by, names) ||
      compareBy(one, other, 'material', names) ||
      compareBy(one, other, 'point', names),
  );
}

function compareBy(one: Stock, other: Stock, by: StockSort, names: StockNames): number {
  switch (by) {
    case 'material':
      return names.compare(names.material(one.material), names.material(other.material));
    case 'point':
      return names.compare(names.point(one.pointId), names.point(other.pointId));
    case 'grams':
      return compareAmounts(one.grams, other.grams);
    case 'week':
      return compareAmounts(one.grams7Days, other.grams7Days);
    case 'month':
      return compareAmounts(one.grams30Days, other.grams30Days);
    case 'last':
      return names.compare(one.lastWeighedAt, other.lastWeighedAt);
  }
}

function compareAmounts(one: string, other: string): number {
  const difference = BigInt(one) - BigInt(other);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
