import { type Migration } from '#platform';
import { CreateIngest1764028800220 } from './migrations/1764028800220-create-ingest.js';
import { CreateWeighingHistory1764028800230 } from './migrations/1764028800230-create-weighing-history.js';
import { municipalityReadModelMigrations } from './municipality/migrations/index.js';

/** What brings the schema `ingest` up to date: evidence, sequences and states of scales. */
export const collectionMigrations: readonly Migration[] = [CreateIngest1764028800220];

/** What brings the read models of this context up to date. */
export const collectionReadModelMigrations: readonly Migration[] = [
  ...municipalityReadModelMigrations,
  CreateWeighingHistory1764028800230,
];

export { collectionAggregates } from './aggregates.js';
export { CollectionApiModule, collectionProjections } from './collection.module.js';
export { collectionEventTypes } from './event-types.js';
export {
  EstablishMunicipalityCommand,
  type MunicipalityParticulars,
} from './municipality/establish-municipality/establish-municipality.command.js';
export { EstablishMunicipalityHandler } from './municipality/establish-municipality/establish-municipality.handler.js';
export { ListMaterialCommand, type MaterialParticulars } from './municipality/list-material/list-material.command.js';
export { ListMaterialHandler } from './municipality/list-material/list-material.handler.js';
export { CollectionPointsReader } from './municipality/municipality-register/collection-points.reader.js';
export {
  MunicipalityDirectoryReader,
  type RegisteredMunicipality,
} from './municipality/municipality-register/municipality-directory.reader.js';
export {
  OpenCollectionPointCommand,
  type PointParticulars,
} from './municipality/open-collection-point/open-collection-point.command.js';
export { OpenCollectionPointHandler } from './municipality/open-collection-point/open-collection-point.handler.js';
export { CollectionIngestModule, type CollectionIngestParts } from './ingest.module.js';
export { CardRegister, type CardName, type RegisteredCard } from './record-weighing/card-register.js';
export { ScaleRegister, type RegisteredScale, type ScaleKey } from './record-weighing/scale-register.js';
export { ScaleBroker } from './scale-traffic/scale-broker.js';
export { ScaleTraffic } from './scale-traffic/scale-traffic.js';
export { RewardConditions, type RewardCondition } from './record-weighing/reward-conditions.js';
export { LiveWeighings } from './live-weighings/live-weighings.js';
export { PointScales, type PointScale } from './point-board/point-scales.js';
export { WeighingHistoryReader, type LiveWeighing, type Weighing } from './weighing-history/weighing-history.reader.js';
export { ScaleSequencesReader, type HeardScale } from './scale-sequences/scale-sequences.reader.js';
