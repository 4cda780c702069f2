import { existsSync } from 'node:fs';
import path from 'node:path';
import { type DataSource } from 'typeorm';
import { EventRegistry, type EventStore, type EventType } from '#event-store';
import { EmbeddedPostgres, openDatabase, openEventStore, Settings } from '#platform';

/** The installation that a command works on: the one that DATABASE_URL or the data folder names. */
export interface Installation {
  readonly databaseUrl: string;
  readonly dataSource: DataSource;
  readonly store: EventStore;
  readonly registry: EventRegistry;
  readonly close: () => Promise<void>;
}

/** There is nothing to operate on. */
export class NoInstallation extends Error {
  constructor(dataDir: string) {
    super(
      `There is no Mizan in ${dataDir}. Set DATABASE_URL to its PostgreSQL, or MIZAN_DATA to its data folder; ` +
        '`npm start` makes a new one.',
    );
    this.name = 'NoInstallation';
  }
}

/** @throws InvalidSettings, NoInstallation */
export async function openInstallation(
  env: Readonly<Record<string, string | undefined>>,
  eventTypes: readonly EventType[],
): Promise<Installation> {
  const settings = Settings.fromEnvironment(env);
  const { url: databaseUrl, leave } = await findDatabase(settings);
  try {
    // Not to stdout, which is for what the command answers.
    const store = await openEventStore(settings, databaseUrl, (line) => console.error(line));
    const dataSource = await openDatabase(databaseUrl);
    const close = async () => {
      await dataSource.destroy();
      await store.close();
      await leave();
    };
    return { databaseUrl, dataSource, store, registry: new EventRegistry(eventTypes), close };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** A server that is running is used as it is; one that is not is started, and stopped again by `leave`. */
async function findDatabase({ databaseUrl, dataDir }: Settings): Promise<{
  readonly url: string;
  readonly leave: () => Promise<void>;
}> {
  const running = databaseUrl ?? (await EmbeddedPostgres.locate({ dataDir }));
  if (running !== undefined) return { url: running, leave: () => Promise.resolve() };
  if (!existsSync(path.join(dataDir, 'postgres', 'cluster'))) throw new NoInstallation(dataDir);
  const server = await EmbeddedPostgres.start({ dataDir });
  return { url: server.url, leave: () => server.stop() };
}
