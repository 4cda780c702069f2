import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { StockLevelController } from './stock-level/stock-level.controller.js';
import { StockLevelProjection } from './stock-level/stock-level.projection.js';
import { StockLevelReader } from './stock-level/stock-level.reader.js';

/** Queries about stocks. Needs what the platform gives to everyone: DataSource, Clock and ReadModelProgress. */
@Module({
  controllers: [StockLevelController],
  providers: [StockLevelReader],
  exports: [StockLevelReader],
})
export class StocksApiModule {}

/** The folds of the log that this context reads. */
export function stocksProjections(): readonly Projection[] {
  return [new StockLevelProjection()];
}
