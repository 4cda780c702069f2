export { retryProjection, checkpoints, READ_MODEL_ADVANCED, type Checkpoint } from './checkpoint/checkpoint.js';
export { type LogSource } from './log/log-source.js';
export { subscriptionsReadModelMigrations } from './migrations/index.js';
export { ReadModelProgress, type WaitOptions } from './progress/read-model-progress.js';
export { Projection, type Recorded, type Transaction } from './projection.js';
export { ProjectorModule } from './projector.module.js';
export { ReadModelModule } from './read-model.module.js';
export { ensureReadModel, missingTables } from './read-model.js';
export { type RebuildOptions, type RebuildProgress } from './rebuild/aside-fold.js';
export { rebuildProjection, type Rebuild } from './rebuild/rebuild-projection.js';
export {
  verifyProjection,
  type DifferingRows,
  type TableComparison,
  type Verification,
} from './rebuild/verify-projection.js';
export { type ProjectionState, type ProjectionStatus } from './running/projection-loop.js';
export { ProjectionRunner, type ProjectionRunnerParts } from './running/projection-runner.js';
export * from './subscriptions.errors.js';
