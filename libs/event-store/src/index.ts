export * from './event-registry.js';
export * from './event-store.errors.js';
export * from './event-store.js';
export { eventStoreMigrations } from './migrations/index.js';
export { PostgresEventStore, type PostgresEventStoreOptions } from './postgres/postgres-event-store.js';
export { Streams, type Decision } from './streams.js';
