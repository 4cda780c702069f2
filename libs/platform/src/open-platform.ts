import path from 'node:path';
import { EventRegistry, type EventType } from '#event-store';
import { type Migrations, migrate, openDatabase } from './database/database.js';
import { InstallationKeys } from './installation-keys/installation-keys.js';
import { openEventStore } from './open-event-store.js';
import { type PlatformParts } from './platform.module.js';
import { type Settings } from './settings/settings.js';

export interface OpenPlatform extends PlatformParts {
  /** Where PostgreSQL is, for those who need a connection of their own. */
  readonly databaseUrl: string;
  /** Closes what was opened, the log last. */
  readonly close: () => Promise<void>;
}

export interface PlatformOptions {
  readonly eventTypes: readonly EventType[];
  readonly migrations: Migrations;
  /** Hears, for the operator, what the event log waits for and what it cannot do; the log of the process otherwise. */
  readonly onNotice?: (line: string) => void;
}

/** Names of the errors with which any process can fail to start: they say all that an operator needs, without a stack. */
export const START_FAILURES: readonly string[] = [
  'InvalidSettings',
  'NoDatabase',
  'DatabaseUnavailable',
  'StoreUnavailable',
  'LogElsewhere',
  'NoKurrentDbClient',
  'InvalidKurrentDbUrl',
  'KurrentDbAccessDenied',
  'KurrentDbTooOld',
  'LogDiffersFromIndex',
];

/** What a process holds in common with every other: brings the database up to date and opens what all modules use. */
export async function openPlatform(
  settings: Settings,
  databaseUrl: string,
  { eventTypes, migrations, onNotice }: PlatformOptions,
): Promise<OpenPlatform> {
  await migrate(databaseUrl, migrations);
  const keys = await InstallationKeys.load(path.join(settings.dataDir, 'keys'));
  const registry = new EventRegistry(eventTypes);
  const eventStore = await openEventStore(settings, databaseUrl, onNotice);
  const database = await openDatabase(databaseUrl);
  return {
    settings,
    keys,
    registry,
    eventStore,
    database,
    databaseUrl,
    close: async () => {
      await database.destroy();
      await eventStore.close();
    },
  };
}
