import { describe, expect, it } from '@jest/globals';
import { type Stock } from '#api-client';
import { inOrder, type StockNames } from './stock-order.js';

const names: StockNames = {
  material: (code) => code,
  point: (pointId) => pointId,
  compare: (one, other) => one.localeCompare(other, 'en'),
};
const stock = (material: string, pointId: string, grams: string): Stock => ({
  material,
  pointId,
  grams,
  weighings: 1,
  lastWeighedAt: '2026-11-23T08:15:30.120Z',
  grams7Days: grams,
  grams30Days: grams,
});
const STOCKS = [
  stock('paper', 'square', '9007199254740993'),
  stock('glass', 'school', '9007199254740992'),
  stock('glass', 'coop', '9007199254740992'),
];
const rows = (stocks: readonly Stock[]) => stocks.map(({ material, pointId }) => `${material} ${pointId}`);

describe('stocks in order', () => {
  it('are compared exactly, and equals keep a steady order', () => {
    expect(rows(inOrder(STOCKS, 'grams', 'desc', names))).toEqual(['paper square', 'glass coop', 'glass school']);
    expect(rows(inOrder([...STOCKS].reverse(), 'grams', 'asc', names))).toEqual([
      'glass coop',
      'glass school',
      'paper square',
    ]);
  });

  it('are sorted by name as they are read', () => {
    expect(rows(inOrder(STOCKS, 'point', 'asc', names))).toEqual(['glass coop', 'glass school', 'paper square']);
  });
});
