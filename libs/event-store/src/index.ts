export { aggregateOf, categoryOf, type Aggregate } from './aggregate.js';
export * from './event-registry.js';
export * from './event-store.errors.js';
export * from './event-store.js';
export { LogElsewhere, requireLogOn, type LogEngine } from './log-elsewhere.js';
export { subscribeTo, type LogMessage, type Subscribe } from './log-subscription.js';
export { KurrentDbEventStore, type KurrentDbEventStoreOptions } from './kurrentdb/kurrentdb-event-store.js';
export {
  InvalidKurrentDbUrl,
  KurrentDbAccessDenied,
  KurrentDbTooOld,
  LogDiffersFromIndex,
  NoKurrentDbClient,
} from './kurrentdb/kurrentdb.errors.js';
export { eventStoreMigrations } from './migrations/index.js';
export { PostgresEventStore, type PostgresEventStoreOptions } from './postgres/postgres-event-store.js';
export { Streams, type AsOf, type Decision } from './streams.js';
