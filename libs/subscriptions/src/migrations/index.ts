import { CreateProjectionCheckpoint1764028800500 } from './1764028800500-create-projection-checkpoint.js';
import { SplitProjectionCheckpoint1764028800502 } from './1764028800502-split-projection-checkpoint.js';
import { CreateStoppedRebuild1764028800503 } from './1764028800503-create-stopped-rebuild.js';
import { CreateParkedEvent1764028800510 } from './1764028800510-create-parked-event.js';

/** For the core set: what people have decided about projections outlives the read model. */
export const subscriptionsMigrations = [CreateParkedEvent1764028800510] as const;

/** For the read model's own set of migrations: they go when the read model is dropped. */
export const subscriptionsReadModelMigrations = [
  CreateProjectionCheckpoint1764028800500,
  SplitProjectionCheckpoint1764028800502,
  CreateStoppedRebuild1764028800503,
] as const;
