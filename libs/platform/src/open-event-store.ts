import { Logger } from '@nestjs/common';
import { KurrentDbEventStore, PostgresEventStore, requireLogOn, type EventStore } from '#event-store';
import { type Settings } from './settings/settings.js';

/** The log of an installation, and what lets go of it. */
export type OpenEventStore = EventStore & { close(): Promise<void> };

/**
 * Opens the log on the engine that the settings name.
 * @param databaseUrl PostgreSQL, which every installation has, with its migrations run
 * @param onNotice hears, for the operator, what is waited for and what the engine cannot do
 * @throws LogElsewhere, StoreUnavailable; with KurrentDB also NoKurrentDbClient, InvalidKurrentDbUrl, KurrentDbAccessDenied, KurrentDbTooOld and
 * LogDiffersFromIndex
 */
export async function openEventStore(
  { kurrentDb }: Settings,
  databaseUrl: string,
  onNotice: (line: string) => void = (line) => new Logger('EventLog').log(line),
): Promise<OpenEventStore> {
  await requireLogOn(kurrentDb ? 'kurrentdb' : 'postgres', databaseUrl);
  if (!kurrentDb) return PostgresEventStore.open(databaseUrl);
  return KurrentDbEventStore.open(kurrentDb.url, databaseUrl, { log: kurrentDb.log, onNotice });
}
