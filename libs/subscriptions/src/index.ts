export * from './as-of/as-of.errors.js';
export { readModelAsOf, readModelAsServed, type ReadModelMoment } from './as-of/read-model-as-of.js';
export { TableRows, type Cell, type Column, type ColumnFilter } from './as-of/table-rows.js';
export {
  checkpoints,
  READ_MODEL_ADVANCED,
  type Checkpoint,
  type ProjectionCheckpoint,
} from './checkpoint/checkpoint.js';
export { type Leader } from './leadership/leadership.js';
export { type ProjectionLeader } from './leadership/projection-leaders.js';
export { type LogSource } from './log/log-source.js';
export { subscriptionsMigrations, subscriptionsReadModelMigrations } from './migrations/index.js';
export {
  parkedEvents,
  parkEvent,
  retryProjection,
  unparkEvent,
  type ParkedEvent,
  type Parking,
} from './parking/parked-events.js';
export { surveyProjections, type SurveyedProjection } from './progress/projection-survey.js';
export { ReadModelProgress, type WaitOptions } from './progress/read-model-progress.js';
export { Projection, type Partition, type Partitioning, type Recorded, type Transaction } from './projection.js';
export { ProjectorModule } from './projector.module.js';
export { ReadModelModule } from './read-model.module.js';
export { ensureReadModel, missingTables } from './read-model.js';
export { type RebuildOptions, type RebuildProgress } from './rebuild/aside-fold.js';
export { rebuildProjection, type Rebuild } from './rebuild/rebuild-projection.js';
export { type StoppedRebuild } from './rebuild/stopped-rebuild.js';
export {
  verifyProjection,
  type DifferingRows,
  type TableComparison,
  type Verification,
} from './rebuild/verify-projection.js';
export { type ProjectionState, type ProjectionStatus } from './running/projection-loop.js';
export { ProjectionRunner, type ProjectionRunnerParts } from './running/projection-runner.js';
export * from './subscriptions.errors.js';
