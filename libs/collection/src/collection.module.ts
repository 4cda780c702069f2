import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { MunicipalityRegisterProjection } from './municipality/municipality-register/municipality-register.projection.js';
import { MunicipalityModule } from './municipality/municipality.module.js';
import { ScaleSequencesReader } from './scale-sequences/scale-sequences.reader.js';
import { WeighingsModule, weighingsProjections } from './weighings.module.js';

/** Commands and queries of collecting: what a process that answers HTTP composes. */
@Module({
  imports: [MunicipalityModule, WeighingsModule],
  providers: [ScaleSequencesReader],
  exports: [ScaleSequencesReader, MunicipalityModule, WeighingsModule],
})
export class CollectionApiModule {}

/** The folds of the log that this context reads. */
export function collectionProjections(): readonly Projection[] {
  return [new MunicipalityRegisterProjection(), ...weighingsProjections()];
}
