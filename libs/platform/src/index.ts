export * from './health/index.js';
export * from './http/index.js';
export { awaitDatabase, DatabaseUnavailable, givenDatabase, NoDatabase } from './database/await-database.js';
export {
  dropReadModel,
  migrate,
  openDatabase,
  READ_MODEL_SCHEMA,
  type Migration,
  type Migrations,
} from './database/database.js';
export { DataFolderInUse, EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
export { NoPostgresBinaries } from './embedded-postgres/postgres-binaries.js';
export { InstallationKeys, type ReceiptKey, type ReceiptPublicJwk } from './installation-keys/installation-keys.js';
export { openEventStore, type OpenEventStore } from './open-event-store.js';
export { openPlatform, START_FAILURES, type OpenPlatform } from './open-platform.js';
export { PlatformModule, type PlatformParts } from './platform.module.js';
export { InvalidSettings, SETTING_NAMES, Settings } from './settings/settings.js';
