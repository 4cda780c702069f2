import { CreateIdempotencyKeys1764028800400 } from './1764028800400-create-idempotency-keys.js';

/** Tables of the schema `api`. */
export const platformMigrations = [CreateIdempotencyKeys1764028800400] as const;
