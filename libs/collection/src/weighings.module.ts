import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { LiveWeighingsController } from './live-weighings/live-weighings.controller.js';
import { LiveWeighings } from './live-weighings/live-weighings.js';
import { PointBoardController } from './point-board/point-board.controller.js';
import { PointBoardProjection } from './point-board/point-board.projection.js';
import { PointBoardReader } from './point-board/point-board.reader.js';
import { QuarantineController } from './quarantine-list/quarantine.controller.js';
import { QuarantineProjection } from './quarantine-list/quarantine.projection.js';
import { Rewardability } from './weighing-history/rewardability.js';
import { WeighingHistoryController } from './weighing-history/weighing-history.controller.js';
import { WeighingHistoryProjection } from './weighing-history/weighing-history.projection.js';
import { WeighingHistoryReader } from './weighing-history/weighing-history.reader.js';

/**
 * Queries about what was weighed. The process that composes it provides, for everyone, the ports `RewardConditions` and
 * `PointScales`, and what the platform gives: DataSource, Clock, ReadModelProgress and LiveStreams.
 */
@Module({
  controllers: [LiveWeighingsController, WeighingHistoryController, PointBoardController, QuarantineController],
  providers: [WeighingHistoryReader, Rewardability, LiveWeighings, PointBoardReader],
  exports: [WeighingHistoryReader, LiveWeighings],
})
export class WeighingsModule {}

export function weighingsProjections(): readonly Projection[] {
  return [new WeighingHistoryProjection(), new PointBoardProjection(), new QuarantineProjection()];
}
