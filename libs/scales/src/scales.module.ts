import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { RegisterScaleController } from './register-scale/register-scale.controller.js';
import { RegisterScaleHandler } from './register-scale/register-scale.handler.js';
import { ScaleListController } from './scale-list/scale-list.controller.js';
import { ScaleRegisterProjection } from './scale-register/scale-register.projection.js';
import { ScaleRegisterReader } from './scale-register/scale-register.reader.js';

/**
 * Commands and queries about scales. The process that composes it provides, for everyone, the ports `CollectionPoints`
 * and `ScaleSequences`, and what the platform gives: DataSource, Streams and the command bus.
 */
@Module({
  controllers: [RegisterScaleController, ScaleListController],
  providers: [RegisterScaleHandler, ScaleRegisterReader],
  exports: [ScaleRegisterReader],
})
export class ScalesApiModule {}

/** The folds of the log that this context reads. */
export function scalesProjections(): readonly Projection[] {
  return [new ScaleRegisterProjection()];
}
