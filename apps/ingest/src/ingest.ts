import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { collectionEventTypes, collectionMigrations, ScaleBroker, ScaleTraffic } from '#collection';
import { eventStoreMigrations } from '#event-store';
import { householdsEventTypes } from '#households';
import { givenDatabase, openPlatform, type OpenPlatform, type Settings } from '#platform';
import { scalesEventTypes } from '#scales';
import { IngestProcessModule } from './ingest.module.js';

/**
 * Ingest as a process of its own: on the broker of MQTT_URL, of which several ingests may share the work, or else with
 * an embedded broker. The read model it looks things up in is the projector's; until its tables are there nothing is
 * acknowledged, and scales repeat.
 */
export class Ingest {
  private constructor(
    private readonly app: INestApplicationContext,
    private readonly platform: OpenPlatform,
  ) {}

  /** @throws NoDatabase, DatabaseUnavailable, PortTaken, BrokerUnavailable; what was opened by then is closed again */
  static async start(settings: Settings): Promise<Ingest> {
    const databaseUrl = await givenDatabase(settings, 'Ingest');
    const platform = await openPlatform(settings, databaseUrl, {
      // The histories it reads itself: of municipalities, scales and cards.
      eventTypes: [...collectionEventTypes, ...scalesEventTypes, ...householdsEventTypes],
      migrations: { core: [...eventStoreMigrations, ...collectionMigrations], readModel: [] },
    });
    let app: INestApplicationContext | undefined;
    try {
      app = await NestFactory.createApplicationContext(IngestProcessModule.forRoot(platform), { abortOnError: false });
      await app.get(ScaleTraffic).start();
      return new Ingest(app, platform);
    } catch (error) {
      await app?.close();
      await platform.close();
      throw error;
    }
  }

  /** Where the embedded broker listens; undefined with the broker of MQTT_URL. */
  get brokerPort(): number | undefined {
    return this.app.get(ScaleBroker).port;
  }

  /** Hears nothing more, makes durable what was heard, and closes everything. */
  async stop(): Promise<void> {
    await this.app.close();
    await this.platform.close();
  }
}
