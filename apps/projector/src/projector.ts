import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type DataSource } from 'typeorm';
import { type Contexts } from '#composition';
import { EventRegistry } from '#event-store';
import {
  dropReadModel,
  givenDatabase,
  migrate,
  openDatabase,
  openEventStore,
  type OpenEventStore,
  type Settings,
} from '#platform';
import { ensureReadModel, ProjectionRunner, type ProjectionState } from '#subscriptions';
import { ProjectorProcessModule } from './projector.module.js';

/** A projection holds a connection only while a batch is written. */
const POOL_SIZE = 10;

/** The projector as a process of its own, beside ingest and api. */
export class Projector {
  private constructor(
    private readonly app: INestApplicationContext,
    private readonly close: () => Promise<void>,
  ) {}

  /**
   * Brings the database up to date, makes again what was dropped of the read model, and follows the log.
   * @throws NoDatabase, DatabaseUnavailable
   */
  static async start(settings: Settings, contexts: Contexts): Promise<Projector> {
    const databaseUrl = await givenDatabase(settings, 'The projector');
    const { database, eventStore } = await open(settings, databaseUrl, contexts);
    const registry = new EventRegistry(contexts.eventTypes);
    const { projections } = contexts;
    const app = await NestFactory.createApplicationContext(
      ProjectorProcessModule.forRoot({ eventStore, registry, database, projections }),
      { abortOnError: false },
    );
    return new Projector(app, async () => {
      await app.close();
      await database.destroy();
      await eventStore.close();
    });
  }

  state(): readonly ProjectionState[] {
    return this.app.get(ProjectionRunner).state();
  }

  /** Finishes the batches under way and closes everything. */
  stop(): Promise<void> {
    return this.close();
  }
}

async function open(
  settings: Settings,
  databaseUrl: string,
  { projections, migrations }: Contexts,
): Promise<{ readonly database: DataSource; readonly eventStore: OpenEventStore }> {
  const database = await openDatabase(databaseUrl, { poolSize: POOL_SIZE });
  try {
    await ensureReadModel(database, projections, {
      migrate: () => migrate(databaseUrl, migrations),
      drop: () => dropReadModel(database),
    });
    return { database, eventStore: await openEventStore(settings, databaseUrl) };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}
