export { stocksReadModelMigrations } from './migrations/index.js';
export {
  StockLevelReader,
  type MaterialGrowth,
  type StockGrowth,
  type StockLevel,
} from './stock-level/stock-level.reader.js';
export { StocksApiModule, stocksProjections } from './stocks.module.js';
