export * from './health/index.js';
export * from './http/index.js';
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
export { EVENT_STORE_FAILURES, openEventStore, type OpenEventStore } from './open-event-store.js';
export { openPlatform, type OpenPlatform } from './open-platform.js';
export { PlatformModule, type PlatformParts } from './platform.module.js';
export { InvalidSettings, SETTING_NAMES, Settings } from './settings/settings.js';
