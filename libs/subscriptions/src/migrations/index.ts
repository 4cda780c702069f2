import { CreateProjectionCheckpoint1764028800500 } from './1764028800500-create-projection-checkpoint.js';

/** For the read model's own set of migrations: they go when the read model is dropped. */
export const subscriptionsReadModelMigrations = [CreateProjectionCheckpoint1764028800500] as const;
